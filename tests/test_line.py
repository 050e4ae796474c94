"""Questions wait their turn in a line that has an end, and nothing else waits for them."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.domain import Answer
from server.app import create_app
from server.line import Line, at_once
from server.problems import BUSY
from server.settings import Settings
from tests.conftest import ROOT
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

SECONDS = 10
TURNS, WAITING = 2, 3


class Slow(FakeSearcher):
    """Answers when it is told to, and notes how many questions it read at once at most."""

    def __init__(self) -> None:
        super().__init__(fake_corpus())
        self.go = threading.Event()
        self.asked: list[str] = []
        self._at_once, self.most = 0, 0
        self._lock = threading.Lock()

    def ask(self, question: str, **fields: Any) -> Answer:
        with self._lock:
            self.asked.append(question)
            self._at_once += 1
            self.most = max(self.most, self._at_once)
        self.go.wait(SECONDS)
        with self._lock:
            self._at_once -= 1
        return super().ask(question, **fields)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def client(slow: Slow) -> Iterator[TestClient]:
    """Return a client of an application that answers two questions at once, and lets three wait."""
    app = create_app(Settings(), slow)
    app.state.line = Line(TURNS, WAITING)
    with TestClient(app) as client:
        yield client
        slow.go.set()


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def waiting(client: TestClient) -> int:
    return int(client.app.state.line._turns.statistics().tasks_waiting)  # type: ignore[attr-defined]


def fill(client: TestClient, slow: Slow, pool: ThreadPoolExecutor) -> list[Any]:
    """Ask until all turns are taken and the line is full."""
    asking = [pool.submit(client.get, "/ask.json", params={"q": f"Who visited Moscow {n}?"}) for n in range(TURNS)]
    assert until(lambda: len(slow.asked) == TURNS)
    asking += [pool.submit(client.get, "/ask.json", params={"q": f"Who went to Kabul {n}?"}) for n in range(WAITING)]
    assert until(lambda: waiting(client) == WAITING)
    return asking


def test_line_has_an_end(client: TestClient, slow: Slow) -> None:
    """Beyond the line a question is refused at once, program and reader told when to come again; those in line are answered."""
    with ThreadPoolExecutor(TURNS + WAITING) as pool:
        asking = fill(client, slow, pool)
        started = time.monotonic()
        program = client.get("/ask.json", params={"q": "and now?"})
        page = client.get("/ask", params={"q": "and now?"}, headers={"accept": "text/html"})
        spent = time.monotonic() - started
        slow.go.set()
        answered = [one.result(SECONDS).status_code for one in asking]

    assert (program.status_code, page.status_code) == (503, 503)
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["detail"] == BUSY
    assert BUSY in page.text
    assert 0 < int(program.headers["retry-after"]) < 10
    assert "log" not in Markup(page.text).named("div", role="alert")[0].text
    assert spent < SECONDS / 2
    assert answered == [200] * (TURNS + WAITING)
    assert slow.most == TURNS
    assert "and now?" not in slow.asked


@pytest.mark.parametrize("address", ["/health", "/ready", "/documents/article.json", "/sources", "/robots.txt"])
def test_nothing_else_waits(client: TestClient, slow: Slow, address: str) -> None:
    """Whoever asks no question is served while the line is full."""
    with ThreadPoolExecutor(TURNS + WAITING) as pool:
        fill(client, slow, pool)
        served = client.get(address)
        slow.go.set()

    assert served.status_code == 200


def test_held_page_is_confirmed_while_the_line_is_full(client: TestClient, slow: Slow) -> None:
    """Who holds the answer already needs no turn to be told so."""
    slow.go.set()
    tag = client.get("/ask.json?q=a").headers["etag"]
    slow.go.clear()
    slow.asked.clear()
    with ThreadPoolExecutor(TURNS + WAITING) as pool:
        fill(client, slow, pool)
        again = client.get("/ask.json?q=a", headers={"if-none-match": tag})
        slow.go.set()

    assert again.status_code == 304


def test_who_has_gone_is_not_answered(client: TestClient, slow: Slow) -> None:
    """A client that goes away while it waits leaves the line, and its question is never read."""
    left = threading.Event()

    async def leave() -> None:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/ask.json", "raw_path": b"/ask.json", "query_string": b"q=gone", "headers": [], "root_path": "",
            "server": ("testserver", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        messages = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            while not left.is_set():
                await asyncio.sleep(0.005)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        await client.app(scope, receive, send)  # type: ignore[arg-type]

    with ThreadPoolExecutor(TURNS + WAITING) as pool:
        asking = [pool.submit(client.get, "/ask.json", params={"q": f"Who visited Moscow {n}?"}) for n in range(TURNS)]
        assert until(lambda: len(slow.asked) == TURNS)
        assert client.portal is not None
        leaving = client.portal.start_task_soon(leave)
        assert until(lambda: waiting(client) == 1)
        left.set()
        leaving.result(SECONDS)
        nobody = waiting(client)
        slow.go.set()
        answered = [one.result(SECONDS).status_code for one in asking]

    assert nobody == 0
    assert answered == [200] * TURNS
    assert "gone" not in slow.asked
    assert client.get("/ask.json?q=next").status_code == 200


def test_turn_is_given_back_when_answering_fails(client: TestClient, slow: Slow) -> None:
    """However often a question is refused there is a turn for the next one."""
    slow.go.set()
    refused = [client.get("/ask.json", params={"q": "?!"}).status_code for _ in range(2 * (TURNS + WAITING))]

    assert set(refused) == {422}
    assert client.get("/ask.json?q=a").status_code == 200


def test_question_is_reckoned_by_one_thread() -> None:
    """Serving tells numpy, before it is imported, to reckon with one thread, as questions side by side have the cores."""
    script = (
        "import os, sys, server.cli, types\n"
        "early = 'numpy' in sys.modules\n"
        "sys.modules['server.running'] = types.SimpleNamespace(run=lambda settings: None)\n"
        "server.cli.serve()\n"
        "print(early, os.environ['OPENBLAS_NUM_THREADS'])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["False", "1"]


def test_processes_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each core reads one question: several processes share them, and none is left without."""
    monkeypatch.setattr("os.cpu_count", lambda: 8)

    assert [at_once(workers) for workers in (1, 2, 3, 8, 20)] == [8, 4, 2, 1, 1]
