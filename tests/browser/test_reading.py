"""In a real browser an article is read: words are found, selected, asked about, checked and copied."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]

SELECT = r"""([number, from, to]) => {
  const text = document.querySelector(`#p${number} > p`).firstChild;
  const range = document.createRange();
  range.setStart(text, from);
  range.setEnd(text, to + text.data.slice(to).search(/\b\W|$/));
  document.querySelector(`#p${number}`).scrollIntoView({ block: "center" });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return range.toString();
}"""


def select(page: Page, number: int = 3, start: int = 0, end: int = 60) -> str:
    """Select words of a paragraph's first stretch and wait for what can be done with them."""
    words = str(page.evaluate(SELECT, [number, start, end]))
    expect(page.locator(".selection-tools")).to_be_visible()
    return words


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_words_are_found_and_stepped_through(visit: Visit, javascript: bool) -> None:
    """The form leads to the first place, the links from place to place and out again; the way back stays."""
    page = visit("/documents/article?q=helicopters&passage=1", java_script_enabled=javascript)
    page.get_by_role("searchbox", name="Find in this text").fill("SOVIET")
    page.get_by_role("searchbox").press("Enter")

    expect(page.locator("mark.current")).to_have_id("f1")
    expect(page.locator("#f1")).to_be_in_viewport()
    count = page.locator("mark").count()
    expect(page.locator(".found-places [role=status]")).to_have_text(f"“SOVIET”: 1 of {count} places")
    page.get_by_role("link", name="Next place").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_have_id("f2")
    expect(page.locator("#f2")).to_be_in_viewport()
    page.get_by_role("link", name="Previous place").click()
    expect(page.locator("mark.current")).to_have_id("f1")
    expect(page.get_by_role("link", name="Back to the answer")).to_be_visible()
    page.get_by_role("link", name="Done finding").click()
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_role("link", name="Back to the answer")).to_be_visible()


@pytest.mark.parametrize(
    "options", [{"width": 1280}, {"width": 375, "has_touch": True, "is_mobile": True}], ids=["wide", "touch"]
)
def test_selected_words_are_not_covered_and_escape_ends_it(visit: Visit, options: dict[str, object]) -> None:
    """The tools stand clear of the selection and inside the window, and Escape takes them away."""
    page = visit("/documents/article", **options)
    select(page, end=200)
    words = page.evaluate(
        "(() => { const r = getSelection().getRangeAt(0).getBoundingClientRect(); return [r.top, r.bottom]; })()"
    )
    tools = page.locator(".selection-tools").bounding_box()

    assert tools
    assert tools["y"] >= words[1] or tools["y"] + tools["height"] <= words[0]
    assert tools["x"] >= 0
    assert tools["x"] + tools["width"] <= page.viewport_size["width"]  # type: ignore[index]
    page.keyboard.press("Escape")
    expect(page.locator(".selection-tools")).to_be_hidden()


def test_selected_words_wait_in_the_box(visit: Visit) -> None:
    """“Ask about this” brings the words to the question box and asks nothing yet; Tab leads there from the words."""
    page = visit("/documents/article")
    words = select(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ask about this")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#q")).to_have_value(words)
    expect(page.locator("#q")).to_be_focused()


def test_selected_words_are_checked(visit: Visit) -> None:
    """“Check this quotation” finds the article's own words to be exact."""
    page = visit("/documents/article")
    words = select(page)
    page.get_by_role("link", name="Check this quotation").click()

    expect(page.locator(".checked h3")).to_contain_text("Exact")
    expect(page.locator(".checked blockquote").first).to_have_text(words)


@pytest.mark.parametrize(("number", "start", "end"), [(3, 0, 60), (4, 8, 150)])
def test_copied_words_carry_citation_and_address(visit: Visit, number: int, start: int, end: int) -> None:
    """The clipboard holds the words, the citation with the paragraph, and an address that marks those words."""
    page = visit("/documents/article", permissions=["clipboard-read", "clipboard-write"])
    words = select(page, number, start, end)
    page.get_by_role("button", name="Copy with citation").click()
    expect(page.locator(".selection-tools button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    quoted, _, rest = copied[1:].partition("” ")
    citation, _, address = rest.rpartition(" ")
    page.goto(address)

    assert quoted == words.strip()
    assert citation.startswith("Muhammad Khan")
    assert f"para. {number}" in citation or f"par. {number}" in citation
    expect(page.locator("#hl")).to_have_text(words.strip())


def test_markers_and_notes_are_no_words_of_the_text(visit: Visit) -> None:
    """Words selected across markers, paragraphs and margin notes are the text's alone, and their address marks them all."""
    page = visit("/documents/article")
    page.evaluate(
        """() => { const range = document.createRange(); range.setStart(document.querySelector("#p4 > p").firstChild, 0);
        const last = document.querySelector("#p5 > p"); range.setEnd(last, last.childNodes.length);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.locator(".selection-tools")).to_be_visible()
    address = page.locator("[data-deed=check]").get_attribute("href")
    draft = page.get_by_role("link", name="Ask about this").get_attribute("href")
    text = page.request.get("/documents/article.json").json()
    spans = {p["number"]: (p["start"], p["end"]) for p in text["paragraphs"]}
    wanted = text["text"][spans[4][0] : spans[5][1]]

    assert address
    assert parse_qs(urlsplit(address).query)["text"] == [wanted]
    assert draft
    assert len(parse_qs(urlsplit(draft).query)["draft"][0]) == 1000


def test_notes_stand_in_the_margin_or_in_place(visit: Visit) -> None:
    """On a wide screen a note stands beside its paragraph, on a narrow one below it; lines hold about 70 characters."""
    wide, narrow = visit("/documents/article", width=1280), visit("/documents/article", width=375)
    boxes = [[page.locator(f"#p4 > {part}").bounding_box() for part in ("p", ".margin")] for page in (wide, narrow)]
    (text, note), (text_below, note_below) = boxes
    lines = "p => p.textContent.length / Math.round(p.clientHeight / parseFloat(getComputedStyle(p).lineHeight))"
    measure = wide.locator("#p3 > p").evaluate(lines)

    assert text and note and text_below and note_below  # noqa: PT018
    assert note["x"] >= text["x"] + text["width"]
    assert note_below["y"] >= text_below["y"] + text_below["height"]
    assert 62 <= measure <= 78
