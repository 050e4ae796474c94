"""In a real browser a draft is checked: a quotation is copied with its citation, its place read, and the way back taken."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]

EXACT = "Pakistan established diplomatic relations with the Soviet Union"
DRAFT = f"He says “{EXACT}” (para. 12), and “{EXACT} on May 2, 1948”."
CHECKED = f"/check?text={quote(DRAFT)}"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [375, 1280])
def test_place_is_read_and_left_again(visit: Visit, width: int, javascript: bool) -> None:
    """From a quotation to its place and back to the very quotation; nothing is wider than the page."""
    page = visit("/check", width=width, java_script_enabled=javascript)
    page.get_by_label("Quotation or draft").fill(DRAFT)
    page.get_by_role("button", name="Check").click()
    page.locator("#q2 .deeds a").click()
    expect(page.locator("#hl")).to_contain_text("May 1, 1948")
    page.get_by_role("link", name="Back to the check").click()

    expect(page.locator("#q2")).to_be_in_viewport()
    expect(page.locator("#draft")).to_have_value(DRAFT)
    expect(page.locator("#q2 blockquote del")).to_contain_text("2")
    expect(page.locator("#q1 .claim")).to_contain_text("Claimed from paragraph 12")
    widest = page.locator("html").evaluate("page => page.scrollWidth") if javascript else width
    assert widest <= width


def test_exact_quotation_is_copied_with_its_citation(visit: Visit) -> None:
    """The button puts the quotation with the citation that stands under it on the clipboard, and says so."""
    page = visit(CHECKED, permissions=["clipboard-read", "clipboard-write"])
    citation = page.locator("#q1 .citation").inner_text().removeprefix("Cite as").strip()
    page.locator("#q1").get_by_role("button", name="Copy with citation").click()
    expect(page.locator("#q1 .copy")).to_have_text("Copied")

    assert page.evaluate("navigator.clipboard.readText()") == f"“{EXACT}” {citation}"
    expect(page.locator("#q2 .copy")).to_have_count(0)


def test_without_javascript_the_citation_is_there_to_copy(visit: Visit) -> None:
    """Without JavaScript no dead button is shown, and the citation stands in words."""
    page = visit(CHECKED, java_script_enabled=False)

    expect(page.locator("#q1 .copy")).to_be_hidden()
    expect(page.locator("#q1 .citation")).to_contain_text("Muhammad Khan")
