"""Words are quoted in one way, wherever they are selected or copied, and who does not see the button hears of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import QUESTION
from tests.browser.test_everyone import violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
CLIPBOARD = ["clipboard-read", "clipboard-write"]
ANSWER = f"/ask?q={quote(QUESTION)}"
SELECT = """([selector, from, to]) => {
  const text = document.querySelector(selector).firstChild;
  const range = document.createRange();
  range.setStart(text, from);
  range.setEnd(text, to);
  text.parentElement.scrollIntoView({ block: "center" });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return text.data;
}"""
PLACES = {"article": ("/documents/article", "#p3 > p"), "answer": (ANSWER, "#newest blockquote p")}


def select(page: Page, selector: str, start: int, end: int) -> str:
    """Select characters of an element's first stretch, wait for the tools, and return the whole stretch."""
    text = str(page.evaluate(SELECT, [selector, start, end]))
    expect(page.locator(".selection-tools")).to_be_visible()
    return text


def clipboard(page: Page) -> str:
    """Return what is on the clipboard."""
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("plain words", "plain words"),
        ("he said: “so be it”", "he said: ‘so be it’"),
        ('he said: "so be it", and ("no")', "he said: ‘so be it’, and (‘no’)"),
        ('"It began in 1992"', "‘It began in 1992’"),
        ("a 12\" gun and Pakistan's", "a 12\" gun and Pakistan's"),
        ('stated: "Russia always cooperates.”', "stated: ‘Russia always cooperates.’"),
        ("„Ja“ und «oui»", "‚Ja‘ und ‹oui›"),
    ],
)
def test_quotation_marks_inside_are_single(visit: Visit, words: str, quoted: str) -> None:
    """What is copied stands in double marks, so double marks inside it become single ones, by where they stand."""
    page = visit("/")

    assert page.evaluate("(words) => copied(words, 'Khan, 3.')", words) == f"“{quoted}” Khan, 3."


@pytest.mark.parametrize("place", PLACES)
def test_selection_is_widened_to_whole_words(visit: Visit, place: str) -> None:
    """Who begins or ends inside a word checks and copies it whole; what is selected stays as it was."""
    address, selector = PLACES[place]
    page = visit(address, permissions=CLIPBOARD)
    text = page.evaluate("(selector) => document.querySelector(selector).firstChild.data", selector)
    words = text.split()[:4]
    select(page, selector, 1, len(" ".join(words)) - 1)
    check = page.locator("[data-deed=check]").get_attribute("href")
    page.get_by_role("group", name="The words selected").get_by_role("button", name="Copy with citation").click()
    expect(page.locator("[data-deed=copy]")).to_have_text("Copied")
    copied = clipboard(page)

    assert parse_qs(urlsplit(str(check)).query)["text"] == [" ".join(words)]
    assert copied.startswith(f"“{' '.join(words)}” Muhammad Khan")
    assert page.evaluate("getSelection().toString().length") == len(" ".join(words)) - 2
    page.goto(copied.split()[-1])
    expect(page.locator("#hl")).to_have_text(" ".join(words))


def test_words_across_marks_and_markers_of_a_passage_are_its_own(visit: Visit) -> None:
    """A whole passage selected, with what is marked and noted in it, is the passage to the letter; no more is taken."""
    page = visit(ANSWER)
    text = page.request.get(f"/ask.json?q={quote(QUESTION)}").json()["passages"][0]["text"]
    page.locator("#newest blockquote p").first.click(click_count=3, position={"x": 5, "y": 10})
    expect(page.locator(".selection-tools")).to_be_visible()
    check = page.locator("[data-deed=check]").get_attribute("href")

    assert parse_qs(urlsplit(str(check)).query)["text"] == [text]
    page.evaluate(
        """() => { const range = document.createRange(); range.setStart(document.querySelector("#newest blockquote p"), 0);
        range.setEnd(document.querySelector("#newest .citation"), 1);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.locator(".selection-tools")).to_be_hidden()


@pytest.mark.parametrize("options", [{"width": 1280}, {"width": 375, "color_scheme": "dark"}, {"forced_colors": "active"}])
def test_tools_stand_at_the_words_of_a_passage(visit: Visit, options: dict[str, Any]) -> None:
    """They are clear of the words, near them, within the window and accessible; Escape gives the focus back."""
    page = visit(ANSWER, **options)
    select(page, "#newest blockquote p", 0, 20)
    words = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    tools = page.locator(".selection-tools").bounding_box()

    assert tools
    assert words["bottom"] <= tools["y"] <= words["bottom"] + 20
    assert tools["x"] >= 0
    assert tools["x"] + tools["width"] <= page.evaluate("document.documentElement.clientWidth")
    assert violations(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ask about this")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".selection-tools")).to_be_hidden()
    expect(page.locator("#newest .passage").first).to_be_focused()


def test_words_of_a_passage_are_put_into_the_box_at_hand(visit: Visit) -> None:
    """In a conversation "Ask about this" keeps the conversation and what was typed."""
    page = visit(ANSWER)
    page.locator("#q").fill("Why")
    select(page, "#newest blockquote p", 0, 5)
    page.get_by_role("link", name="Ask about this").click()

    expect(page.locator("#q")).to_have_value("Why India")
    expect(page.locator("#q")).to_be_focused()
    assert page.url.endswith(ANSWER)


def test_tools_come_in_the_next_turn_too(visit: Visit) -> None:
    """A turn that comes without a reload brings the tools along."""
    page = visit(ANSWER)
    select(page, "#newest blockquote p", 0, 5)
    page.locator("#q").fill("Who is Petr Topychkanov?")
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text("Who is Petr Topychkanov?")
    expect(page.locator(".selection-tools")).to_be_hidden()
    select(page, "#newest blockquote p", 0, 5)


def test_passage_is_copied_as_marked_and_whole(visit: Visit) -> None:
    """One button copies the marked words, another all, each with the citation; a polite region says so and falls silent."""
    page = visit(ANSWER, permissions=CLIPBOARD)
    passage = page.request.get(f"/ask.json?q={quote(QUESTION)}").json()["passages"][0]
    mark = passage["highlights"][0]
    said = page.locator("#said")
    figure = page.locator("#newest .passage").first
    for name, words in (
        ("Copy with citation", passage["text"][mark["start"] : mark["end"]]),
        ("Copy the whole passage", passage["text"]),
    ):
        figure.get_by_role("button", name=name).click()
        expect(said).to_have_text("Copied")
        assert clipboard(page) == page.evaluate("([words, citation]) => copied(words, citation)", [words, passage["citation"]])
        expect(said).to_be_empty()

    expect(said).to_have_role("status")


def test_article_says_that_words_are_copied_or_not(visit: Visit) -> None:
    """In the article, too, a polite region says what came of it, and the button gets its name back."""
    page = visit("/documents/article", permissions=CLIPBOARD)
    select(page, "#p3 > p", 0, 30)
    button, said = page.locator("[data-deed=copy]"), page.locator("#said")
    button.click()
    expect(said).to_have_text("Copied")
    expect(button).to_have_text("Copy with citation")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    button.click()

    expect(said).to_contain_text("Not copied")
    expect(button).to_have_text("Not copied")
