"""A footnote's number shows its note where it stands, with and without JavaScript."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_journey import AXE, NOTED

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Shoot = Callable[[Page, str], None]
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])


def noted(visit: Visit, **options: object) -> Page:
    """Open an answer whose first passage has a note."""
    return visit(f"/ask?q={quote(NOTED)}", **options)


@WITH_AND_WITHOUT
@pytest.mark.parametrize("width", [1280, 375])
def test_a_number_shows_its_note_in_view(visit: Visit, shoot: Shoot, width: int, javascript: bool) -> None:
    """The note is wholly in view, leaves its number in view, and says what the footnote below says."""
    page = noted(visit, width=width, java_script_enabled=javascript)
    marker = page.locator("sup.note button").first
    marker.click()
    note = page.get_by_role("dialog")

    expect(note).to_be_in_viewport(ratio=1)
    shoot(page, f"note-in-place-{width}-{'js' if javascript else 'plain'}")
    box, number = note.bounding_box(), marker.bounding_box()
    assert box is not None
    assert number is not None
    assert box["y"] >= number["y"] + number["height"] or box["y"] + box["height"] <= number["y"]
    below = page.locator(".footnotes li").first.locator("p").first.inner_text()
    assert note.locator("p").first.inner_text().split(maxsplit=1)[1] in below


@WITH_AND_WITHOUT
def test_a_note_closes_and_the_focus_returns(visit: Visit, javascript: bool) -> None:
    """Escape, its own button and a click elsewhere close it; by keyboard the focus is at the number again."""
    page = noted(visit, java_script_enabled=javascript)
    marker, note = page.locator("sup.note button").first, page.get_by_role("dialog")
    marker.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(note.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")

    expect(note).to_have_count(0)
    expect(marker).to_be_focused()
    marker.click()
    note.get_by_role("button", name="Close").click()
    expect(note).to_have_count(0)
    marker.click()
    page.mouse.click(5, 5)
    expect(note).to_have_count(0)


@WITH_AND_WITHOUT
@pytest.mark.parametrize("width", [1280, 375])
def test_a_note_gives_way_to_the_footnote_below(visit: Visit, width: int, javascript: bool) -> None:
    """Its link leads to the full footnote, which the note then does not cover, and its number can be asked again."""
    page = noted(visit, width=width, java_script_enabled=javascript)
    page.locator("sup.note button").first.click()
    page.get_by_role("dialog").get_by_role("link", name="below").click()

    expect(page.locator(".footnotes li:target")).to_be_in_viewport()
    expect(page.locator(".note-shown:popover-open")).not_to_be_in_viewport()
    page.locator(".footnotes li:target .back a").first.click()
    page.mouse.click(5, 5)
    page.locator("sup.note button").first.click()
    expect(page.get_by_role("dialog")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_shown_note_is_accessible(visit: Visit, width: int, scheme: str) -> None:
    """axe finds nothing with a note shown, and its number is a target of 24 pixels."""
    page = noted(visit, width=width, color_scheme=scheme)
    marker = page.locator("sup.note button").first
    hit = "(e) => { const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;"
    hit += " return [[-11, 0], [11, 0], [0, -11], [0, 11]].every(([a, b]) => document.elementFromPoint(x + a, y + b) === e); }"

    assert marker.evaluate(hit)
    marker.click()
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


def test_on_paper_the_number_stands_as_text(visit: Visit) -> None:
    """Print has the number as a reader expects it, and no button."""
    page = noted(visit)
    page.emulate_media(media="print")

    expect(page.locator("sup.note a").first).to_be_visible()
    expect(page.locator("sup.note button").first).to_be_hidden()
