"""More of the context is a link away and lands where the reader was, with and without JavaScript."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import QUESTION

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
@pytest.mark.parametrize("width", [1280, 375])
def test_more_and_less_of_the_context(visit: Visit, width: int, javascript: bool) -> None:
    """From passage two the link shows what stands around it there, in view; and the other takes it away again."""
    page = visit(f"/ask?q={quote(QUESTION)}", width=width, java_script_enabled=javascript)
    page.get_by_role("link", name="Show more of the context (passage 2)").click()
    around = page.locator("#t1p2 .around").first

    expect(around).to_be_in_viewport()
    expect(page.locator("#t1p2 .around")).to_have_count(2)
    expect(page.locator("#t1p1 .around")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"around=2#t1p2$"))
    page.get_by_role("link", name="Show less (passage 2)").click()
    expect(page.locator(".around")).to_have_count(0)
    expect(page.locator("#t1p2")).to_be_in_viewport()


def test_context_is_quieter_than_the_quotation(visit: Visit) -> None:
    """What stands around a passage is set smaller than it, outside the quotation, and unmarked."""
    page = visit(f"/ask?q={quote(QUESTION)}&context=5")
    size = "(e) => parseFloat(getComputedStyle(e).fontSize)"

    assert page.locator(".around p:not(.unseen)").first.evaluate(size) < page.locator("blockquote").first.evaluate(size)
    expect(page.locator("blockquote .around, .around mark")).to_have_count(0)


def test_passages_grow_without_a_reload_and_side_by_side(visit: Visit) -> None:
    """With JavaScript only the passage changes: another that was opened stays open, the focus is on it, and back undoes it."""
    page = visit(f"/ask?q={quote(QUESTION)}")
    page.evaluate("document.body.dataset.kept = 'yes'")
    for number in (1, 2):
        page.get_by_role("link", name=f"Show more of the context (passage {number})").click()
        expect(page.locator(f"#t1p{number} .around").first).to_be_attached()
        expect(page.locator(f"#t1p{number}")).to_be_focused()

    expect(page.locator("#t1p1 .around").first).to_be_attached()
    expect(page.locator("body[data-kept]")).to_be_attached()
    page.evaluate("history.go(-2)")
    expect(page.locator(".around")).to_have_count(0)


def test_the_next_turn_begins_without_context(visit: Visit) -> None:
    """The next question, which comes without a reload, shows its passages alone."""
    page = visit(f"/ask?q={quote(QUESTION)}&context=2")
    page.locator("#q").fill("What does India think of arms sales to Pakistan?")
    page.keyboard.press("Enter")

    expect(page.locator("#turn-1")).to_be_attached()
    expect(page.locator("#newest .around")).to_have_count(0)
