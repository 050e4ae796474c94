"""The editors' findings are seen beside the article, and what is marked or noted can be read in every colour."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import QUESTION
from tests.browser.test_everyone import violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
COLOURS = pytest.mark.parametrize(
    "colours",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced"],
)
ENOUGH = 4.5
"""Contrast of text, WCAG 2.2, 1.4.3."""
CONTRAST = """(element) => {
  const channels = (colour) => { const c = document.createElement("canvas").getContext("2d");
    c.fillStyle = colour; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const linear = (v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  let ground = element;
  while (channels(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(channels).map(luminance);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
BOX = "(e) => e.getBoundingClientRect().toJSON()"


@pytest.mark.parametrize("width", [1280, 375])
@COLOURS
def test_finding_stands_beside_its_paragraph(visit: Visit, width: int, colours: dict[str, Any]) -> None:
    """On a wide screen a finding is in the notes' column, on a narrow one below, apart from the author's notes."""
    page = visit("/documents/article#p35", width=width, **colours)
    text, note, finding = (
        page.locator(f"#p35 {part}").evaluate(BOX) for part in ("> p", ".notes li:last-child", ".findings p")
    )

    assert finding["top"] >= note["bottom"]
    assert finding["left"] >= text["right"] if width == 1280 else finding["top"] >= text["bottom"]
    assert finding["right"] <= width
    expect(page.locator("#p35 .findings")).to_contain_text("Editors’ finding on source 27:")
    expect(page.locator("#p35 .findings")).to_have_css("border-left-style", "solid")
    assert violations(page) == []


def test_finding_stands_in_print(visit: Visit) -> None:
    """On paper the finding is there, labelled, below its paragraph."""
    page = visit("/documents/article", width=720)
    page.emulate_media(media="print")

    expect(page.locator("#p35 .findings .label")).to_be_visible()
    expect(page.locator("#p35 .findings")).to_contain_text("without recognition")


def test_words_of_findings_are_no_words_of_the_text(visit: Visit) -> None:
    """Selecting over two paragraphs takes no finding along, and in a finding there is nothing to select as the text's."""
    page = visit("/documents/article")
    page.evaluate(
        """() => { const range = document.createRange(); range.setStart(document.querySelector("#p35 > p").firstChild, 0);
        range.setEnd(document.querySelector("#p36 > p").firstChild, 20);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.locator(".selection-tools")).to_be_visible()
    address = page.locator("[data-deed=check]").get_attribute("href")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p35 .findings p'))")

    assert "without+recognition" not in str(address)
    expect(page.locator(".selection-tools")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 375])
def test_note_in_place_leads_to_the_finding(visit: Visit, width: int) -> None:
    """A note whose source has a finding says so in one line that leads to the source; the finding itself is not in it."""
    page = visit(f"/ask?q={quote(QUESTION)}", width=width)
    page.locator("#newest sup.note button[data-number='24']").first.click()
    line = page.get_by_role("dialog").locator(".doubt")

    expect(line).to_have_text("Editors’ finding: see source 24")
    assert line.evaluate("(e) => e.getClientRects().length && e.offsetHeight < 2 * parseFloat(getComputedStyle(e).lineHeight)")
    line.get_by_role("link").press("Enter")
    expect(page).to_have_url(re.compile("/sources/24$"))


@COLOURS
def test_current_place_is_told_apart_and_read(visit: Visit, colours: dict[str, Any]) -> None:
    """The current place has other colours than its fellows, is read against them, and covers nothing around it."""
    page = visit("/documents/article?find=military+equipment.&at=1#f1", **colours)
    grounds = [
        page.locator(f"#f{place}").evaluate("(e) => getComputedStyle(e).backgroundColor")
        for place in (1, page.locator("mark").count())
    ]

    assert len(set(grounds)) == len(grounds) > 1
    for found in page.locator("mark, mark .note a").all():
        assert found.evaluate(CONTRAST) >= ENOUGH
    expect(page.locator("mark.current")).to_have_css("outline-style", "none")
    assert violations(page) == []


def test_current_place_is_read_on_paper(visit: Visit) -> None:
    """Print, which has no grounds, has no light ink either."""
    page = visit("/documents/article?find=military+equipment.&at=1#f1", color_scheme="dark")
    page.emulate_media(media="print")

    for found in page.locator("mark, mark .note a").all():
        assert found.evaluate(CONTRAST) >= ENOUGH


@COLOURS
@pytest.mark.parametrize("address", ["/documents/article?start=24600&end=24860#hl", f"/ask?q={quote(QUESTION)}"])
def test_note_numbers_have_one_colour(visit: Visit, address: str, colours: dict[str, Any]) -> None:
    """A number inside a mark is as red as any other, and both are read; in forced colours the mark's own holds in it."""
    page = visit(address, **colours)
    numbers = page.locator(".note > :is(a, button):visible").all()
    shown = {str(number.evaluate("(e) => getComputedStyle(e).color")) for number in numbers}

    assert len(numbers) > 1
    assert all(number.evaluate(CONTRAST) >= ENOUGH for number in numbers)
    assert len(shown) == 1 or "forced_colors" in colours
