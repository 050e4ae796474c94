"""In a real browser each state that is not an answer looks like a page of ours, and ends by itself where it can."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from index.errors import MissingIndex
from server.settings import Settings
from tests.browser.conftest import serving
from tests.fakes import FakeSearcher, fake_corpus

pytestmark = pytest.mark.browser

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}, "meta-refresh": {"enabled": False}},
}
"""A page that waits for its text has nothing to read that trying again could take away: hence no rule on refreshing."""
ASKED = "/ask?q=helicopters"


class Opening:
    """Opens an index when it is let, or fails to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.release = threading.Event()
        self.error = error

    def __call__(self) -> FakeSearcher:
        if self.error:
            raise self.error
        self.release.wait(60)
        return FakeSearcher(fake_corpus())


@contextmanager
def state(name: str) -> Iterator[tuple[str, str]]:
    """Give the address of a server in this state, and the path at which it shows."""
    opening = Opening(MissingIndex("There is none.") if name == "cannot-open" else None)
    searcher = FakeSearcher(fake_corpus())
    if name in ("opening", "cannot-open"):
        with serving(None, open_searcher=opening) as address:
            yield address, ASKED
            opening.release.set()
    elif name == "too-many":
        with serving(searcher, Settings(rate_per_minute=1)) as address:
            yield address, ASKED
    else:
        if name == "broken":
            searcher.ask = broken  # type: ignore[method-assign]
        with serving(searcher) as address:
            yield address, {"broken": ASKED, "missing": "/nowhere", "mistake": "/ask?q=%3F%21"}[name]


def broken(*question: str, **fields: Any) -> Any:
    """Fail as a fault of ours does."""
    raise RuntimeError


def visit(chromium: Browser, address: str, path: str, **options: Any) -> Page:
    """Open a page as it is."""
    page = chromium.new_context(base_url=address, **options).new_page()
    page.goto(path)
    return page


def visit_still(chromium: Browser, address: str, path: str, **options: Any) -> Page:
    """Open a page that does not try again by itself, so that it can be looked at for as long as that takes."""
    page = chromium.new_context(base_url=address, **options).new_page()
    page.route("**/*", keep_still)
    page.goto(path)
    return page


def keep_still(route: Route) -> None:
    """Answer as the server does, but for the line that has the page tried again."""
    if route.request.resource_type != "document":
        route.continue_()
        return
    response = route.fetch()
    route.fulfill(response=response, body=re.sub(r"<meta http-equiv=.refresh.[^>]*>", "", response.text()))


STATES = {
    "opening": "being opened",
    "cannot-open": "could not be opened",
    "too-many": "Too many requests",
    "broken": "Something went wrong",
    "missing": "nothing at this address",
    "mistake": "word",
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("name", STATES)
def test_state_is_a_page_of_ours(chromium: Browser, screenshots: Path, name: str) -> None:
    """It says in one sentence what is the matter, is accessible at any width, light and dark, and is drawn for people."""
    with state(name) as (address, path):
        if name == "too-many":
            visit(chromium, address, path).context.close()
        if name == "cannot-open":
            expect(visit(chromium, address, path).locator("h1")).to_contain_text(STATES[name])
        for width in (1280, 768, 375, 320):
            for scheme in ("light", "dark"):
                page = visit_still(chromium, address, path, viewport={"width": width, "height": 800}, color_scheme=scheme)
                expect(page.locator("h1")).to_contain_text(STATES[name])
                page.screenshot(path=screenshots / f"state-{name}-{width}-{scheme}.png")
                found = Axe().run(page, options=AXE).response["violations"]
                assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_waiting_page_becomes_the_answer(chromium: Browser, javascript: bool) -> None:
    """Who asks while the index is being opened gets the answer without doing anything."""
    opening = Opening()
    with serving(None, open_searcher=opening) as address:
        page = visit(chromium, address, ASKED, java_script_enabled=javascript)
        expect(page.locator("h1")).to_contain_text("being opened")
        opening.release.set()

        expect(page.locator("#question")).to_have_text("helicopters", timeout=15_000)
        page.context.close()
