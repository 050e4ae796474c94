"""In a real browser people ask, follow a footnote to the marked words, and come back; with and without JavaScript."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "Which helicopters did Russia sell to Pakistan?"
NOTED = "What does Daniel Markey say that Russia and Pakistan have in common in Afghanistan?"
REPEATED = "Does the article really say Pakistan and Russia have more in common with each other than either has with the US?"
OFF_TOPIC = "Who won the football world cup?"
CHECKED = "He says “the distance  widened in the 1960s” and “arrived in Moscow in 1949” and “purple zebras waltz underwater”."
PAGES = {
    "home": "/",
    "answer": f"/ask?q={quote(QUESTION)}",
    "noted": f"/ask?q={quote(NOTED)}",
    "wider": f"/ask?q={quote(QUESTION)}&context=5",
    "repeated": f"/ask?q={quote(REPEATED)}",
    "off-topic": f"/ask?q={quote(OFF_TOPIC)}",
    "conversation": f"/ask?q=And%20India%3F&previous={quote(QUESTION)}#newest",
    "article": "/documents/article",
    "marked": "/documents/article?start=9000&end=9300&q=helicopters#hl",
    "references": "/documents/references",
    "sources": "/sources",
    "source": "/sources/16",
    "check": "/check",
    "checked": f"/check?document=article&text={quote(CHECKED)}#found",
}
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
Visit = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
@pytest.mark.parametrize("width", [1280, 768, 375])
def test_ask_follow_and_come_back(visit: Visit, shoot: Shoot, width: int, javascript: bool) -> None:
    """A person asks, reads the passage in its place with the words marked in view, and comes back to the answer."""
    page = visit(width=width, java_script_enabled=javascript)
    page.get_by_role("textbox", name="Ask the article").fill(QUESTION)
    shoot(page, f"ask-{width}-{'js' if javascript else 'plain'}")
    page.get_by_role("button", name="Ask").click()
    answer = page.url

    expect(page.locator("#question")).to_have_text(QUESTION)
    expect(page.locator("#newest")).to_be_in_viewport()
    marked = page.locator("#t1p2 mark").inner_text()
    shoot(page, f"answered-{width}-{'js' if javascript else 'plain'}")
    page.get_by_role("link", name="Read in context (passage 2)").click()
    expect(page.locator("#hl")).to_be_in_viewport(ratio=0.9)
    expect(page.locator("#hl")).to_have_text(marked)
    shoot(page, f"in-context-{width}-{'js' if javascript else 'plain'}")
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator("#question")).to_have_text(QUESTION)
    expect(page.locator("#t1p2 mark")).to_be_in_viewport()
    assert page.url.split("#")[0] == answer.split("#")[0]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_follow_a_note_and_come_back(visit: Visit, shoot: Shoot, javascript: bool) -> None:
    """A marker shows its note, which leads to its footnote below the answer, and the footnote back to the marker."""
    page = visit(PAGES["noted"], java_script_enabled=javascript)
    marker = page.locator("#newest sup.note").first.get_by_role("button")
    marker.click()
    page.get_by_role("dialog").get_by_role("link", name="below").click()

    number = page.locator("#newest sup.note a").first.text_content()
    note = page.locator(".footnotes li:target")
    expect(note).to_be_in_viewport()
    expect(note.locator(".no")).to_have_text(number)
    shoot(page, "footnote")
    note.get_by_role("link", name=f"Back to note {number}").first.click()
    expect(page.locator("sup.note:target")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 375])
def test_notes_of_the_article_lead_there_and_back(visit: Visit, shoot: Shoot, width: int) -> None:
    """In the article a marker leads to its note in the margin or below the paragraph, and the note back."""
    page = visit("/documents/article", width=width)
    page.locator("#m14").click()

    expect(page.locator("#n14")).to_be_in_viewport()
    shoot(page, f"article-note-{width}")
    page.locator("#n14").get_by_role("link", name="Back to the marker").click()
    expect(page.locator("#m14")).to_be_in_viewport()


def test_conversation_goes_on_and_back(visit: Visit, shoot: Shoot) -> None:
    """The next question joins the conversation, earlier turns open in place, and the browser's Back goes back."""
    page = visit(PAGES["answer"])
    page.get_by_role("textbox", name="Your next question").fill("And how did India see it?")
    page.keyboard.press("Enter")

    expect(page.locator("#question")).to_have_text("And how did India see it?")
    expect(page.locator("#turn-1 h2")).to_have_text(QUESTION)
    page.locator("#turn-1 summary").first.click()
    expect(page.locator("#turn-1 blockquote").first).to_be_visible()
    shoot(page, "conversation")
    page.go_back()
    expect(page.locator("#question")).to_have_text(QUESTION)
    page.get_by_role("link", name="New conversation").click()
    expect(page.locator("h1")).to_be_visible()


def test_keyboard_is_enough(visit: Visit) -> None:
    """The box has the focus; Shift+Enter breaks the line, Escape clears, `/` comes back to the box, Enter asks."""
    page = visit()
    box = page.locator("#q")
    expect(box).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")

    expect(box).to_have_value("one\ntwo")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.get_by_role("link", name="Sources").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(QUESTION)


def test_everything_is_reached_by_tab(visit: Visit) -> None:
    """From the top of an answer Tab reaches the skip link first, and the marker, the note and the box after it."""
    page = visit(PAGES["noted"])
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('[id]')?.id || document.activeElement.className"))

    assert reached[0] == "skip"
    assert any(re.fullmatch(r"t1p\d+m\d+-\d+", r) for r in reached)
    assert "q" in reached


def test_words_are_copied_with_their_citation(visit: Visit) -> None:
    """The copy button puts the passage in quotation marks with its citation on the clipboard, and says so."""
    page = visit(PAGES["answer"], permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("button.copy").first
    button.click()

    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert copied.endswith(page.locator(".passage .citation").first.inner_text().removeprefix("Cite as").strip())


@pytest.mark.parametrize(
    "look",
    [
        {"width": 1280, "color_scheme": "light"},
        {"width": 1280, "color_scheme": "dark"},
        {"width": 375, "color_scheme": "light"},
        {"width": 375, "color_scheme": "dark"},
        {"width": 320, "forced_colors": "active"},
    ],
    ids=lambda look: "-".join(map(str, look.values())),
)
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible(visit: Visit, shoot: Shoot, name: str, look: dict[str, object]) -> None:
    """axe finds nothing on any page in light, dark, narrow and forced colours, with everything unfolded."""
    page = visit(PAGES[name], **look)
    shoot(page, f"{name}-{'-'.join(map(str, look.values()))}")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")

    found = Axe().run(page, options=AXE).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_reflow_at_320_pixels(visit: Visit, name: str) -> None:
    """No page scrolls sideways at 320 pixels, even with everything unfolded."""
    page = visit(PAGES[name], width=320, height=640)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_page_prints_without_its_controls(visit: Visit) -> None:
    """On paper an answer has its passages and citations, and neither box nor buttons."""
    page = visit(PAGES["answer"])
    page.emulate_media(media="print")

    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator(".passage .citation").first).to_be_visible()
    expect(page.locator(".dock")).to_be_hidden()
    expect(page.locator(".copy").first).to_be_hidden()
