"""What is counted is what was asked, in the format that Prometheus reads."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from server.app import create_app
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(fake_corpus())), raise_server_exceptions=False)


def samples(client: TestClient) -> dict[str, float]:
    """Return the samples by their names and labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {".".join((s.name, *s.labels.values())): s.value for family in families for s in family.samples}


def test_nothing_was_asked_yet(client: TestClient) -> None:
    """Every count is there from the start, at nought, so that its first rise is seen."""
    found = samples(client)

    assert found["footnote_ready"] == 1
    for status in ("answered", "related", "not_found", "refused", "failed"):
        assert found[f"footnote_questions_total.{status}"] == 0
    assert found["footnote_question_seconds_count"] == 0


def test_questions_are_counted_by_what_became_of_them(client: TestClient) -> None:
    """A question counts once, under its answer's state or as refused, on whichever surface it was asked."""
    asked = ["/ask.json?q=Pakistan+Russia+strategic+relationship", "/ask?q=zebra", "/ask.md?q=zebra", "/ask.json?q=!"]
    answers = [client.get(address) for address in asked]
    found = samples(client)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    assert found["footnote_questions_total.answered"] == 1
    assert found["footnote_questions_total.not_found"] == 2
    assert found["footnote_questions_total.refused"] == 1
    assert found["footnote_question_seconds_count"] == 4
    assert found["footnote_question_seconds_bucket.+Inf"] == 4


def test_turns_before_are_not_counted_again(client: TestClient) -> None:
    """A page that shows a conversation counts its newest question, not those that led to it once more."""
    client.get("/ask?q=zebra&previous=quagga&previous=okapi")

    assert samples(client)["footnote_question_seconds_count"] == 1


def test_failure_is_counted_as_one(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that breaks something is told from one that is refused."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(FakeSearcher, "ask", fail)

    assert client.get("/ask.json?q=a").status_code == 500
    assert samples(client)["footnote_questions_total.failed"] == 1


def test_server_that_is_not_ready_says_so() -> None:
    """Without an open index the metrics are there, and say that no question can be asked."""
    client = TestClient(create_app(Settings()))

    assert samples(client)["footnote_ready"] == 0
    assert client.get("/ready").status_code == 503


def test_question_before_the_index_is_open_is_no_failure() -> None:
    """Who asks while the index is being opened is told to wait, and raises no alarm."""
    client = TestClient(create_app(Settings()))

    assert client.get("/ask.json?q=zebra").status_code == 503
    assert samples(client)["footnote_questions_total.failed"] == 0


def test_no_word_of_a_question_is_kept(client: TestClient) -> None:
    """What was asked stands nowhere in what is counted."""
    client.get("/ask.json?q=xylophone")

    assert "xylophone" not in client.get("/metrics").text


def test_applications_count_for_themselves(client: TestClient) -> None:
    """Two applications in one process do not count each other's questions."""
    other = TestClient(create_app(Settings(), FakeSearcher(fake_corpus())))
    other.get("/ask.json?q=zebra")

    assert samples(client)["footnote_question_seconds_count"] == 0
    assert samples(other)["footnote_question_seconds_count"] == 1
