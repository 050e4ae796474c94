"""What goes wrong is told in a problem body to programs and in a page to browsers, and never echoes what was sent."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.domain import Answer
from index.errors import BrokenPromise, MissingIndex, StaleIndex
from index.limits import LONGEST_QUESTION
from server.addresses import MOST_PREVIOUS
from server.app import create_app
from server.envelope import MAX_BODY_BYTES
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

JSON = {"content-type": "application/json"}
BROWSER = {"accept": "text/html,application/xhtml+xml"}
CANARY = "zyxcanary"


class FailingSearcher(FakeSearcher):
    """Raises the error it was given."""

    def __init__(self, error: Exception) -> None:
        super().__init__(fake_corpus())
        self.error = error

    def ask(self, question: str, **fields: Any) -> Answer:
        raise self.error


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(fake_corpus())), raise_server_exceptions=False)


def failing(error: Exception) -> TestClient:
    return TestClient(create_app(Settings(), FailingSearcher(error)), raise_server_exceptions=False)


BODIES = {
    "not JSON": (b"{" + CANARY.encode(), 400),
    "empty": (b"", 422),
    "not an object": (b"[]", 422),
    "a number": (b"7", 422),
    "no question": (b"{}", 422),
    "a question that is a number": (b'{"question": 7}', 422),
    "an empty question": (b'{"question": ""}', 422),
    "punctuation only": (b'{"question": "?!"}', 422),
    "too long": (b'{"question": "' + b"a" * 1001 + b'"}', 422),
    "control characters": (b'{"question": "zyxcanary\\u0000"}', 422),
    "a lone surrogate": (b'{"question": "zyxcanary \\ud800"}', 422),
    "a lone surrogate before": (b'{"question": "a", "previous": ["zyxcanary \\udfff"]}', 422),
    "NaN": (b'{"question": "zyxcanary", "k": NaN}', 400),
    "Infinity": (b'{"question": "zyxcanary", "k": -Infinity}', 400),
    "an endless number": (b'{"question": "a", "k": 1e999}', 422),
    "very many digits": (b'{"question": "a", "k": ' + b"9" * 5000 + b"}", 400),
    "a name twice": (b'{"question": "zyxcanary", "question": "b"}', 400),
    "invalid UTF-8": (b'{"question": "zyxcanary \xff"}', 400),
    "UTF-16": ('{"question": "zyxcanary"}'.encode("utf-16"), 400),
    "deep nesting": (b"[" * 16_000, 400),
    "an unknown field": (b'{"question": "a", "zyxcanary": 1}', 422),
    "k too large": (b'{"question": "a", "k": 21}', 422),
    "k as text": (b'{"question": "a", "k": "5"}', 422),
    "k as truth": (b'{"question": "a", "k": true}', 422),
    "previous as text": (b'{"question": "a", "previous": "zyxcanary"}', 422),
    "nine before": (json.dumps({"question": "a", "previous": ["b"] * 9}).encode(), 422),
    "an unknown style": (b'{"question": "a", "style": "zyxcanary"}', 422),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_bad_body_is_a_problem(client: TestClient, body: bytes, status: int) -> None:
    """Whatever is wrong with a body, the answer is a 4xx problem with a sentence that repeats nothing of it."""
    response = client.post("/ask.json", content=body, headers=JSON)

    assert response.status_code == status
    assert_problem(response)
    assert CANARY not in response.text


ADDRESSES = {
    "/ask.json": 422,
    "/ask.json?q=": 422,
    "/ask.json?q=%00zyxcanary": 422,
    "/ask.json?q=a&zyxcanary=1": 422,
    "/ask.json?q=a&k=zyxcanary": 422,
    "/zyxcanary": 404,
    "/documents/zyxcanary.json": 404,
    "/documents/..%2f..%2fetc%2fpasswd.json": 404,
    "/documents/article.json?start=0": 422,
    "/documents/article.json?start=5&end=5": 422,
    "/documents/article.json?start=-1&end=5": 422,
    "/documents/article.json?start=0&end=99999999999999999999999": 422,
    "/documents/article.json?start=zyxcanary&end=5": 422,
    "/sources/0.json": 404,
    "/sources/zyxcanary.json": 404,
    "/sources/1.json?article=zyxcanary": 404,
    "/static/zyxcanary.css": 404,
    "/static/..%2f..%2fpyproject.toml": 404,
    "/docs": 404,
    "/redoc": 404,
}


@pytest.mark.parametrize(("address", "status"), ADDRESSES.items())
def test_bad_address_is_a_problem(client: TestClient, address: str, status: int) -> None:
    """An address that leads nowhere, or asks for what is not there, is a problem that repeats nothing of it."""
    response = client.get(address)

    assert response.status_code == status
    assert_problem(response)
    assert CANARY not in response.text


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", ""])
def test_only_json_is_taken(client: TestClient, media_type: str) -> None:
    """A body that is not declared as JSON is refused with 415, so that no other site's form can send one."""
    response = client.post("/ask.json", content=b'{"question": "a"}', headers={"content-type": media_type})

    assert response.status_code == 415
    assert_problem(response)


@pytest.mark.parametrize(("method", "address"), [("POST", "/ask"), ("DELETE", "/ask.json"), ("PUT", "/sources.json")])
def test_other_methods_are_refused(client: TestClient, method: str, address: str) -> None:
    """A method that an address does not take is a 405 problem which names those it takes."""
    response = client.request(method, address)

    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert_problem(response)


def test_large_body_is_refused(client: TestClient) -> None:
    """A body over the limit is refused with the limit named, whether its length is declared or it comes in pieces."""
    body = b'{"question": "' + b"a" * MAX_BODY_BYTES + b'"}'

    declared = client.post("/ask.json", content=body, headers=JSON)
    in_pieces = client.post("/ask.json", content=iter([body[:9000], body[9000:]]), headers=JSON)

    for response in (declared, in_pieces):
        assert response.status_code == 413
        assert f"{MAX_BODY_BYTES // 1024} KiB" in response.json()["detail"]
        assert_problem(response)


def test_longest_conversation_is_no_large_body(client: TestClient) -> None:
    """Nine questions of the greatest length are answered, in whatever script and however JSON escapes them."""
    longest = "\N{GRINNING FACE}" * (LONGEST_QUESTION - 1) + "a"
    body = json.dumps({"question": longest, "previous": [longest] * MOST_PREVIOUS})

    assert client.post("/ask.json", content=body, headers=JSON).status_code == 200


def test_unexpected_error_tells_nothing() -> None:
    """An unexpected error is a 500 problem without trace, path or message."""
    response = failing(RuntimeError(f"{CANARY} /srv/secret.py")).get("/ask.json?q=a")

    assert response.status_code == 500
    assert_problem(response)
    assert CANARY not in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (BrokenPromise("the quotation from article does not stand at 1–2."), 500, "not shown"),
        (MissingIndex("/srv/.index: there is none."), 503, "footnote build"),
        (StaleIndex("/srv/.index: stale."), 503, "footnote build"),
    ],
)
def test_index_errors_name_the_remedy(error: Exception, status: int, said: str) -> None:
    """An error of the index is told as what it means for the reader, without a path; never as `not found`."""
    response = failing(error).get("/ask.json?q=a")

    assert response.status_code == status
    assert_problem(response)
    assert said in response.json()["detail"]
    assert "/srv" not in response.text


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/ask?q=%3F%3F", 422), ("/documents/none", 404)])
def test_browsers_get_a_page(client: TestClient, address: str, status: int) -> None:
    """A browser is shown the same problem as a page, with the sentence as its heading and the way on."""
    response = client.get(address, headers=BROWSER)
    page = Markup(response.text)

    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert page.named("h1")[0].text == client.get(address).json()["detail"]
    assert "/" in page.links()


def test_browsers_get_json_where_json_is_asked_for(client: TestClient) -> None:
    """An address that ends in .json answers with a problem body even to a browser."""
    response = client.get("/documents/none.json", headers=BROWSER)

    assert_problem(response)


def test_a_refused_question_stays_in_the_box(client: TestClient) -> None:
    """The page about a question that cannot be asked keeps it in the box, to be mended."""
    response = client.get("/ask", params={"q": '?? </"><!-- &'}, headers=BROWSER)

    assert Markup(response.text).named("textarea")[0].text == '?? </"><!-- &'


def assert_problem(response: Any) -> None:
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "instance", "request_id"}
    assert problem["status"] == response.status_code
    assert problem["detail"].endswith(".") or problem["detail"].endswith("footnote build")
    assert problem["request_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text
