"""A real server on a loopback port and Debian's Chromium to visit it with."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from index.searcher import Searcher
from server.app import create_app
from server.settings import Settings

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
DEADLINE_SECONDS = 30


@contextmanager
def serving(searcher: Any, settings: Settings | None = None, **options: Any) -> Iterator[str]:
    """Serve the application over a searcher and give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings or Settings(rate_per_minute=0), searcher, **options)
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", lifespan="on"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not running.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(DEADLINE_SECONDS)
        listener.close()


@pytest.fixture(scope="session")
def server(searcher: Searcher) -> Iterator[str]:
    """Serve the application and return where."""
    with serving(searcher) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Launch Debian's Chromium, or the one on the path."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium")
        if executable is None and "FOOTNOTE_REQUIRE_BROWSER" not in os.environ:
            pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
        launched = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def visit(chromium: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the server in a browser of the given make; nothing may go wrong in its console or leave us."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: str = "/", *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(base_url=server, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(DEADLINE_SECONDS * 1000 / 3)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(server) else wrong.append(f"left for {r.url}"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that FOOTNOTE_SCREENSHOTS names, or one of the test run's own."""
    named = os.environ.get("FOOTNOTE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Write a screenshot for people to look through."""
    SCREENSHOTS.mkdir(exist_ok=True)

    def write(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return write
