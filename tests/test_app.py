"""The application opens its index in the background, closes it, and puts every response into the same envelope."""

import threading
import time

import pytest
from fastapi.testclient import TestClient

from index.domain import Corpus
from index.errors import MissingIndex
from server.app import create_app
from server.envelope import MAX_BODY_BYTES, SECURITY_HEADERS
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus

DEADLINE_SECONDS = 10


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return fake_corpus()


@pytest.fixture(scope="module")
def client(corpus: Corpus) -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(corpus)), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/ask?q=helicopters", 200),
        ("GET", "/ask.json?q=helicopters", 200),
        ("GET", "/?q=a", 303),
        ("GET", "/robots.txt", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/ask", 405),
        ("POST", "/ask.json", 415),
        ("GET", "/ask.json", 422),
    ],
)
def test_every_response_is_in_the_envelope(client: TestClient, method: str, address: str, status: int) -> None:
    """Every response, an error's too, carries the security headers, a request id, its timing and a cache rule."""
    response = client.request(method, address, follow_redirects=False)

    assert response.status_code == status
    assert_envelope(response.headers)


@pytest.mark.parametrize("address", ["/", "/ask.json?q=helicopters", "/sources.json", "/health", "/openapi.json", "/nowhere"])
def test_head_is_get_without_the_body(client: TestClient, address: str) -> None:
    """Whatever can be got can be asked for its headers alone, which are the same."""
    got, head = client.get(address), client.head(address)
    varying = {"x-request-id", "server-timing"}

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in got.headers.items() if k not in varying
    }


def test_responses_of_the_framework_are_in_the_envelope(corpus: Corpus) -> None:
    """Even what the framework answers outside its middleware, a crash and a body too large, is in the envelope."""
    searcher = FakeSearcher(corpus)
    searcher.ask = None  # type: ignore[assignment,method-assign]
    client = TestClient(create_app(Settings(), searcher), raise_server_exceptions=False)

    crashed = client.get("/ask.json?q=a")
    refused = client.post("/ask.json", content=b"a" * (MAX_BODY_BYTES + 1))

    assert (crashed.status_code, refused.status_code) == (500, 413)
    assert_envelope(crashed.headers)
    assert_envelope(refused.headers)


def test_policy_allows_nothing_from_elsewhere() -> None:
    """The content security policy allows our own files and nothing inline."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "data:" not in policy


def test_request_ids_differ(client: TestClient) -> None:
    """No two requests share an id."""
    ids = {client.get("/health").headers["x-request-id"] for _ in range(20)}

    assert len(ids) == 20


def test_application_starts_while_the_index_is_opened(corpus: Corpus) -> None:
    """While the index is being opened the server is up but not ready, says so, and then answers."""
    release = threading.Event()
    searcher = FakeSearcher(corpus)

    def open_searcher() -> FakeSearcher:
        release.wait(DEADLINE_SECONDS)
        return searcher

    with TestClient(create_app(Settings(), open_searcher=open_searcher)) as client:
        health, ready = client.get("/health"), client.get("/ready")
        asked = client.get("/ask.json?q=helicopters")
        page = client.get("/", headers={"accept": "text/html"})
        release.set()
        opened = wait_until_ready(client)
        answered = client.get("/ask.json?q=helicopters")

    assert health.status_code == 200
    assert [r.status_code for r in (ready, asked, page)] == [503, 503, 503]
    assert ready.json()["detail"].startswith("The index is being opened")
    assert "The index is being opened" in page.text
    assert int(asked.headers["retry-after"]) > 0
    assert opened
    assert answered.status_code == 200
    assert searcher.closed


@pytest.mark.parametrize("error", [MissingIndex("/srv/.index: there is none."), OSError("disk /dev/sda")])
def test_index_that_cannot_be_opened_is_told(error: Exception) -> None:
    """Where the index cannot be opened the server stays up and says so, without path or trace."""

    def open_searcher() -> FakeSearcher:
        raise error

    with TestClient(create_app(Settings(), open_searcher=open_searcher)) as client:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while client.app.state.trouble is None and time.monotonic() < deadline:
            time.sleep(0.01)
        ready, health = client.get("/ready"), client.get("/health")

    assert health.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["detail"] == "The index could not be opened; the server's log says why."


def test_searcher_handed_in_stays_open(corpus: Corpus) -> None:
    """A searcher that was handed in is the caller's to close."""
    searcher = FakeSearcher(corpus)

    with TestClient(create_app(Settings(), searcher)) as client:
        client.get("/health")

    assert not searcher.closed


def test_questions_do_not_block_each_other(corpus: Corpus) -> None:
    """A slow question does not keep the server from answering others: asking runs outside the event loop."""
    started, release = threading.Event(), threading.Event()

    class SlowSearcher(FakeSearcher):
        def ask(self, question: str, **fields: object):  # type: ignore[no-untyped-def,override]
            started.set()
            release.wait(DEADLINE_SECONDS)
            return super().ask(question)

    with TestClient(create_app(Settings(), SlowSearcher(corpus))) as client:
        slow = threading.Thread(target=client.get, args=("/ask.json?q=helicopters",))
        slow.start()
        started.wait(DEADLINE_SECONDS)
        quick = client.get("/health")
        still_asking = slow.is_alive()
        release.set()
        slow.join(DEADLINE_SECONDS)

    assert quick.status_code == 200
    assert still_asking


def wait_until_ready(client: TestClient) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if client.get("/ready").status_code == 200:
            return True
        time.sleep(0.01)
    return False


def assert_envelope(headers: object) -> None:
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS  # type: ignore[attr-defined]
    assert len(headers["x-request-id"]) == 32  # type: ignore[index]
    assert "total;dur=" in headers["server-timing"]  # type: ignore[index]
    assert headers["cache-control"]  # type: ignore[index]
