"""Each state of the server that is not an answer has a page that says what it is and leads on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from index.errors import MissingIndex
from server.app import create_app
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

BROWSER = {"accept": "text/html"}
DEADLINE_SECONDS = 10


@contextmanager
def opening() -> Iterator[TestClient]:
    """Give a client of a server whose index is being opened."""
    release = threading.Event()

    def open_searcher() -> FakeSearcher:
        release.wait(DEADLINE_SECONDS)
        return FakeSearcher(fake_corpus())

    with TestClient(create_app(Settings(), open_searcher=open_searcher)) as client:
        yield client
        release.set()


def troubled() -> TestClient:
    """Return a client of a server whose index could not be opened."""

    def open_searcher() -> FakeSearcher:
        raise MissingIndex("There is none.")

    app = create_app(Settings(), open_searcher=open_searcher)
    with TestClient(app) as client:
        for thread in threading.enumerate():
            if thread.name == "open-index":
                thread.join(DEADLINE_SECONDS)
    return client


def test_page_tries_again_by_itself_while_the_index_is_opened() -> None:
    """The page says that it does, does so as often as it asks programs to, and is not an alarm."""
    with opening() as client:
        response = client.get("/ask?q=helicopters", headers=BROWSER)
        page = Markup(response.text)

        (refresh,) = page.named("meta", **{"http-equiv": "refresh"})
        assert response.status_code == 503
        assert refresh.attributes["content"] == response.headers["retry-after"]
        assert f"every {response.headers['retry-after']} seconds" in response.text
        assert page.named("div", role="status")
        assert not page.named("div", role="alert")


def test_what_a_form_sent_is_not_said_to_be_in_the_address() -> None:
    """A page in answer to a form neither tries again, which would lose the text, nor says that the address holds it."""
    hasty = TestClient(create_app(Settings(rate_per_minute=1), FakeSearcher(fake_corpus())), client=("192.0.2.1", 40000))
    hasty.get("/check")
    with opening() as client:
        refused = [one.post("/check", data={"text": "three words here"}, headers=BROWSER) for one in (client, hasty)]
    pages = [Markup(response.text) for response in refused]

    assert [response.status_code for response in refused] == [503, 429]
    for page in pages:
        assert "go back to it" in page.named("div", class_="title-page")[0].text
        assert not page.named("meta", **{"http-equiv": "refresh"})
        assert "" not in page.links()


def test_page_does_not_try_again_where_a_person_must_help() -> None:
    """Where the index could not be opened nothing knocks on the door, and programs wait longer."""
    response = troubled().get("/", headers=BROWSER)
    page = Markup(response.text)

    assert response.status_code == 503
    assert "could not be opened" in page.named("h1")[0].text
    assert not page.named("meta", **{"http-equiv": "refresh"})
    assert int(response.headers["retry-after"]) >= 30
    assert page.named("div", role="alert")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("PUT", "/ask", 405),
        ("GET", "/ask?q=%3F%21", 422),
        ("GET", "/documents/article?start=5&end=1", 422),
    ],
)
def test_page_says_what_is_wrong_and_leads_on(method: str, path: str, status: int) -> None:
    """A user's mistake is one sentence, with the question box and the ways on."""
    client = TestClient(create_app(Settings(), FakeSearcher(fake_corpus())))
    response = client.request(method, path, headers=BROWSER)
    page = Markup(response.text)

    assert response.status_code == status
    assert page.named("h1")[0].text.endswith(".")
    assert page.named("textarea")
    assert {"/", "/sources", "/check"} <= set(page.links())
    assert "retry-after" not in response.headers


def test_question_that_cannot_be_searched_stays_in_the_box() -> None:
    """What was typed is not lost with the mistake."""
    client = TestClient(create_app(Settings(), FakeSearcher(fake_corpus())))

    page = Markup(client.get("/ask?q=%3F%21", headers=BROWSER).text)

    assert page.named("textarea")[0].text == "?!"
