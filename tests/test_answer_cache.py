"""An answer that is kept is the one that would be found again, and is searched once however many ask."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from index.domain import Answer
from index.errors import BadQuestion
from index.searcher import WITHOUT_SERVER, Searcher
from server.answer_cache import AnswerCache, Asked
from server.app import create_app
from server.settings import Settings
from tests.conftest import ARTICLE, QUESTIONS
from tests.fakes import FakeSearcher, fake_corpus

ANSWER = TypeAdapter(Answer)
ASKED = Asked("f00d", "who?", (), False, 5, "chicago")
SECONDS = 10


class Counting(FakeSearcher):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__(fake_corpus())
        self.times = 0

    def ask(self, question: str, **fields: object) -> Answer:  # type: ignore[override]
        self.times += 1
        return super().ask(question, **fields)  # type: ignore[arg-type]


@pytest.fixture
def answer() -> Answer:
    """Return some answer."""
    return FakeSearcher(fake_corpus()).ask("Who visited Moscow?")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Return a client of an application that counts what is searched."""
    with TestClient(create_app(Settings(), Counting())) as client:
        yield client


indexed = st.sampled_from([str(q["question"]) for q in QUESTIONS])
spaced = st.tuples(st.sampled_from(["", " ", "\t"]), indexed, st.sampled_from(["", "\n ", "  "])).map("".join)
made = st.lists(st.sampled_from(sorted(set(ARTICLE.split()))), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=150)
@given(
    question=spaced | made, previous=st.lists(indexed, max_size=2).map(tuple), as_typed=st.booleans(),
    k=st.integers(1, 3), style=st.sampled_from(["chicago", "apa"]),
)  # fmt: skip
def test_kept_answer_is_the_one_searched_anew(
    toy_searcher: Searcher, shared: AnswerCache, question: str, previous: tuple[str, ...], as_typed: bool, k: int, style: str
) -> None:
    """Whatever was asked before, the answer has the very bytes that a search without the cache gives."""
    try:
        anew = toy_searcher.ask(question, previous=previous, as_typed=as_typed, k=k, style=style)
    except BadQuestion:
        return
    asked = Asked.of("f00d", question, previous=previous, as_typed=as_typed, k=k, style=style)

    def search() -> Answer:
        return toy_searcher.ask(question, previous=previous, as_typed=as_typed, k=k, style=style)

    kept = [shared.get(asked, question, search) for _ in range(2)]

    assert [ANSWER.dump_json(a) for a in kept] == [ANSWER.dump_json(anew)] * 2


@pytest.fixture(scope="module")
def shared() -> AnswerCache:
    """Return a cache that the examples fill, too small for all of them."""
    return AnswerCache(most=40)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, fingerprint="beef"), replace(ASKED, question="when?"), replace(ASKED, previous=("what?",)),
        replace(ASKED, as_typed=True), replace(ASKED, k=4), replace(ASKED, style="apa"),
    ],
)  # fmt: skip
def test_whatever_changes_an_answer_is_another_question(answer: Answer, other: Asked) -> None:
    """Another index, question, conversation, number of passages or style is never answered by what was kept for this one."""
    answers, another = AnswerCache(), replace(answer, searched="another")
    answers.get(ASKED, "who?", lambda: answer)

    assert answers.get(other, "who?", lambda: another).searched == "another"


def test_white_space_does_not_make_another_question() -> None:
    """A question typed with other white space, or as typed with others before it, is the same to the search, and so here."""
    how = {"k": 5, "style": "chicago"}
    spaced = Asked.of("f00d", "  who \n is it?", previous=(), as_typed=True, **how)  # type: ignore[arg-type]
    after = Asked.of("f00d", "who is it?", previous=("what?",), as_typed=True, **how)  # type: ignore[arg-type]

    assert spaced == after


def test_many_who_ask_the_same_wait_for_one_search(answer: Answer) -> None:
    """While a question is searched those who ask it too wait for that search, and all have its answer."""
    answers, started, go, times = AnswerCache(), threading.Event(), threading.Event(), []

    def search() -> Answer:
        times.append(1)
        started.set()
        assert go.wait(SECONDS)
        return answer

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(answers.get, ASKED, f"who{' ' * n}?", search) for n in range(8)]
        assert started.wait(SECONDS)
        go.set()
        found = [one.result(SECONDS) for one in asking]

    assert len(times) == 1
    assert [a.question for a in found] == [f"who{' ' * n}?" for n in range(8)]
    assert {replace(a, question="") for a in found} == {replace(answer, question="")}


def test_error_is_not_kept(answer: Answer) -> None:
    """A search that fails fails for its askers and is tried again by the next one."""
    answers = AnswerCache()

    def fail() -> Answer:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        answers.get(ASKED, "who?", fail)
    assert len(answers) == 0
    assert answers.get(ASKED, "who?", lambda: answer).status == answer.status


def test_answer_without_the_vector_server_is_not_kept(answer: Answer) -> None:
    """An answer from the time while the vector server is away is searched again when it is back."""
    answers = AnswerCache()
    without = replace(answer, degraded=(WITHOUT_SERVER,))

    assert answers.get(ASKED, "who?", lambda: without).degraded == (WITHOUT_SERVER,)
    assert answers.get(ASKED, "who?", lambda: answer).degraded == answer.degraded


def test_the_longest_unasked_is_forgotten(answer: Answer) -> None:
    """No more are kept than may be, and of those the ones asked for last."""
    answers, searched = AnswerCache(most=2), []

    def ask(k: int) -> None:
        answers.get(replace(ASKED, k=k), "who?", lambda: (searched.append(k), answer)[1])

    for k in (1, 2, 1, 3, 1, 2):
        ask(k)

    assert searched == [1, 2, 3, 2]
    assert len(answers) == 2


def test_twins_share_a_search(client: TestClient) -> None:
    """A page, its JSON by GET and POST and its files are made of one search."""
    searcher = client.app.state.searcher  # type: ignore[attr-defined]
    before, q = searcher.times, {"q": "Who sold helicopters to India?"}
    for address in ("/ask.json", "/ask", "/ask.md", "/ask.bib"):
        assert client.get(address, params=q).status_code == 200
    assert client.post("/ask.json", json={"question": q["q"]}).status_code == 200

    assert searcher.times == before + 1


def test_whole_conversation_is_asked_once(client: TestClient) -> None:
    """With each turn of a conversation only the new question is searched, as the page shows those before it again."""
    searcher, turns = client.app.state.searcher, ["Who visited Moscow?", "and when?", "and why did he go?"]  # type: ignore[attr-defined]
    before = searcher.times
    for at, q in enumerate(turns):
        client.get("/ask", params={"q": q, "previous": turns[:at]})

    assert searcher.times == before + len(turns)
