"""What a reader sees while an answer is looked for, and when there is no connection."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import serving
from tests.fakes import FakeSearcher, fake_corpus

pytestmark = pytest.mark.browser

QUESTION = "helicopters Russia India sale"
Shoot = Callable[[Page, str], None]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open the first page of a server that answers at once."""
    with serving(FakeSearcher(fake_corpus())) as address:
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.goto("/")
        yield page
        context.close()


def delayed(page: Page, seconds: float) -> None:
    """Let every answer take this long."""

    def wait(route: Route) -> None:
        time.sleep(seconds)
        route.continue_()

    page.route("**/ask?*", wait)


def watched(page: Page) -> None:
    """Keep every announcement and every state of the form beyond the page that they were made on."""
    page.evaluate(
        """() => { sessionStorage.said = ''; new MutationObserver(() => {
             const said = document.querySelector('.working').textContent;
             if (said) sessionStorage.said += `${said}|${document.querySelector('.composer').ariaBusy};`;
           }).observe(document.querySelector('.composer'), {subtree: true, childList: true}); }"""
    )


def test_waiting_is_told_once(page: Page) -> None:
    """After a moment the form is busy and says that it is looking, a single time."""
    watched(page)
    delayed(page, 1)
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(QUESTION)

    assert page.evaluate("sessionStorage.said") == "Looking …|true;"


def test_a_quick_answer_tells_of_no_waiting(page: Page) -> None:
    """What takes less than the moment announces nothing, and the form that it leads to is not busy."""
    watched(page)
    answer = page.request.get(f"/ask?q={QUESTION}").body()
    page.route("**/ask?*", lambda route: route.fulfill(body=answer, content_type="text/html"))
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(QUESTION)

    assert page.evaluate("sessionStorage.said") == ""
    expect(page.locator(".composer")).not_to_have_attribute("aria-busy", "true")


def test_motion_is_reduced_where_asked(page: Page) -> None:
    """The sign of looking moves, and stands still for those who asked for less motion."""
    page.evaluate("document.querySelector('.working').textContent = 'Looking …'")
    moving = "getComputedStyle(document.querySelector('.working'), '::before').animationName"

    assert page.evaluate(moving) == "looking"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"


def test_without_a_connection_the_question_is_kept(page: Page, shoot: Shoot) -> None:
    """Offline nothing is sent: an alert near the box says so, the question stays, and asking again works."""
    page.context.set_offline(True)
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    expect(page.locator("#q")).to_have_value(QUESTION)
    shoot(page, "offline")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(QUESTION)
