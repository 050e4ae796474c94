import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from index.build import build
from index.calibration import Calibration, Fitted
from index.domain import Answer, TextPositionSelector, TextQuoteSelector
from index.errors import BadQuestion, BrokenPromise, MissingIndex, StaleIndex, UnknownStyle
from index.followups import Searched
from index.generations import current
from index.limits import LONGEST_QUESTION, MOST_PASSAGES
from index.ranking import WAYS, Way
from index.searcher import Searcher, clean
from tests.browser.pages import PAGES
from tests.conftest import ARTICLE, ToyEncoder, silent, write_toy_corpus

ANSWER = TypeAdapter(Answer)
QUESTIONS = [
    "When did they start to build?",
    "What did the engineer write about the sea?",
    "Which newspaper does note 2 cite?",
    "How much money did the tower cost?",
    "Zebras?",
]


def calibrated(searcher: Searcher, *, claimed_above: float, not_found_below: float) -> Searcher:
    """Return the searcher with a confidence of one half for every question, and these thresholds."""
    fitted = Fitted({"intercept": 0.0}, claimed_above, not_found_below, {})
    calibration = Calibration(fitted, fitted)
    return Searcher(replace(searcher.index, calibration=calibration), ToyEncoder())


@pytest.fixture
def claiming(toy_searcher: Searcher) -> Searcher:
    """Return a searcher that claims whatever it may."""
    return calibrated(toy_searcher, claimed_above=0.1, not_found_below=0.0)


@pytest.fixture
def silent_searcher(toy_searcher: Searcher) -> Searcher:
    """Return a searcher that finds no answer in anything."""
    return calibrated(toy_searcher, claimed_above=1.0, not_found_below=0.9)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty"),
        (" \t\r\n\u00a0\u2003", "The question is empty"),
        ("\0\x07\x1b\u200b\u202e\ufeff", "The question is empty"),
        ("?!… — “”", "no word in it"),
        ("🗼🌊", "no word in it"),
        ("a" * (LONGEST_QUESTION + 1), r"longer than 1,000 characters"),
        ("What is \ud800?", "characters that are no text"),
    ],
)
def test_bad_question_is_refused(toy_searcher: Searcher, question: str, message: str) -> None:
    """What cannot be searched is refused with a sentence, and the encoder never sees it."""
    with pytest.raises(BadQuestion, match=message):
        toy_searcher.ask(question)


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("  When \n was\tit? ", "When was it?"),
        ("When\0was\x1b[31mit?", "When was [31mit?"),
        ("the cafe\u0301", "the café"),
        ("光塔はいつ？", "光塔はいつ？"),
        ("42", "42"),
        ("a" * LONGEST_QUESTION, "a" * LONGEST_QUESTION),
    ],
)
def test_question_is_cleaned(question: str, searched: str) -> None:
    """White space is joined, control characters go, letters are composed, and nothing else changes."""
    assert clean(question) == searched


words = st.sampled_from(sorted(set(ARTICLE.split())))
typed = st.lists(words | st.text(max_size=12), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=60)
@given(question=typed, k=st.integers(1, 8))
def test_whatever_is_asked_is_answered_in_the_articles_words(toy_searcher: Searcher, question: str, k: int) -> None:
    """Each passage stands verbatim in its document, highlights and notes inside it, selectors at their words."""
    try:
        answer = toy_searcher.ask(question, k=k)
    except BadQuestion:
        return
    found = (*answer.passages, *answer.nearest)

    assert answer.question == question
    assert 1 <= len(found) <= k
    for passage in found:
        document = toy_searcher.corpus.document(passage.document.id)
        position, exact = passage.target.selector
        assert isinstance(position, TextPositionSelector)
        assert isinstance(exact, TextQuoteSelector)
        assert document.text[passage.start : passage.end] == passage.text
        assert document.text[position.start : position.end] == exact.exact
        assert all(0 <= h.start < h.end <= len(passage.text) for h in passage.highlights)
        assert all(0 <= note.at <= len(passage.text) for note in passage.notes)
        assert {n for note in passage.notes for n in note.references} <= {r.number for r in answer.references}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Return a searcher of the same corpus, built from nothing in another folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    build(write_toy_corpus(folder / "corpus"), folder / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(folder / "index", ToyEncoder())
    yield searcher
    searcher.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_same_index_and_question_give_the_same_bytes(toy_searcher: Searcher, elsewhere: Searcher, question: str) -> None:
    """The JSON of an answer is byte-identical when asked again, and from the same corpus built elsewhere."""
    answers = [ANSWER.dump_json(searcher.ask(question)) for searcher in (toy_searcher, toy_searcher, elsewhere)]

    assert len(set(answers)) == 1
    assert json.loads(answers[0])["question"] == question


def test_questions_at_the_same_time_are_answered_alike(toy_searcher: Searcher) -> None:
    """Asked from several threads at once, every question has the answer it has alone."""
    alone = [toy_searcher.ask(question) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(toy_searcher.ask, QUESTIONS * 8))

    assert together == alone * 8


def test_fewer_passages_are_the_first_ones(toy_searcher: Searcher) -> None:
    """Asking for fewer passages gives the same ones, and no more than twenty are given."""
    many = toy_searcher.ask(QUESTIONS[2], k=1000)
    few = toy_searcher.ask(QUESTIONS[2], k=2)

    assert (*few.passages, *few.nearest) == (*many.passages, *many.nearest)[:2]
    assert len((*many.passages, *many.nearest)) == min(MOST_PASSAGES, len(toy_searcher.index.passages))


@pytest.mark.parametrize("way", WAYS)
def test_sentence_asked_word_for_word_is_found_first(toy_searcher: Searcher, way: Way) -> None:
    """Whichever way is taken, a sentence of the article leads to its passage first."""
    answer = toy_searcher.ask("Eight lenses turned once in eight minutes", way=way)
    first = (*answer.passages, *answer.nearest)[0]

    assert "Eight lenses turned once in eight minutes" in first.text


def test_nothing_found_shows_the_nearest_apart(silent_searcher: Searcher) -> None:
    """Without an answer there are no passages; the nearest stand apart, with what could not be searched."""
    answer = silent_searcher.ask(QUESTIONS[0])

    assert answer.status == "not_found"
    assert answer.passages == ()
    assert len(answer.nearest) == 5
    assert [n.reference for n in answer.not_searched] == [1, 2, 3]


def test_editors_words_claim_nothing(claiming: Searcher) -> None:
    """An answer that begins with the editors' words is never more than related; the article's own may be claimed."""
    ours = claiming.ask("Who visited every tower himself?")
    theirs = claiming.ask("Forty masons cut granite")

    assert (ours.passages[0].role, ours.status) == ("annotation", "related")
    assert (theirs.passages[0].role, theirs.status) == ("body", "answered")


def test_bibliography_answers_questions_about_references_alone(toy_searcher: Searcher) -> None:
    """A printed entry is found by a question about sources and by no other, whatever words they share."""
    about_sources = toy_searcher.find(Searched("Which sources are cited: Hale, Diary of an Engineer, 1850?"))[1]
    about_the_matter = toy_searcher.find(Searched("Hale, Diary of an Engineer, 1850"))[1]
    roles = [{toy_searcher.index.passages[hit.passage].role for hit in hits} for hits in (about_sources, about_the_matter)]

    assert "reference" in roles[0]
    assert "reference" not in roles[1]


def test_note_asked_for_by_number_comes_first(toy_searcher: Searcher) -> None:
    """A question for a note by its number leads to the entry of that number, or to the passage that carries it."""
    answer = toy_searcher.ask("What is footnote 3?")
    first = (*answer.passages, *answer.nearest)[0]

    assert (first.role == "reference" and first.paragraph == 3) or 3 in {note.number for note in first.notes}


def test_tampered_document_is_not_served(toy_searcher: Searcher) -> None:
    """Where a document is not what was read, the answer is refused, not served with other words."""
    corpus = toy_searcher.corpus
    documents = tuple(replace(d, text=d.text.replace("1838", "1839")) for d in corpus.documents)
    tampered = Searcher(replace(toy_searcher.index, corpus=replace(corpus, documents=documents)), ToyEncoder())

    with pytest.raises(BrokenPromise, match="the quotation from article does not stand at"):
        tampered.ask("When did work on the tower begin?")


def test_unknown_style_is_refused(toy_searcher: Searcher) -> None:
    """A citation style that does not exist is a mistake of the asker."""
    with pytest.raises(UnknownStyle, match="harvard"):
        toy_searcher.ask(QUESTIONS[0], style="harvard")


def test_searcher_says_which_index_it_asks(toy_searcher: Searcher) -> None:
    """Identity, corpus and citations are those of the opened index, and every answer names it."""
    answer = toy_searcher.ask(QUESTIONS[0])

    assert answer.index == toy_searcher.identity
    assert toy_searcher.identity.encoder == "toy"
    assert toy_searcher.citations.article("article") == "Ada Stone, “The Lighthouse on Corran Rock,” n.d."


def test_missing_index_is_not_opened(tmp_path: Path) -> None:
    """Where there is no index, the message names the command that makes it."""
    with pytest.raises(MissingIndex, match=r"run 'footnote build'\.$"):
        Searcher.open(tmp_path, ToyEncoder())


@pytest.mark.parametrize(
    "name",
    ["works.json", "documents.jsonl", "questions.jsonl", "chroma/chroma.sqlite3", "passages/vectors.npy", "calibration.json"],
)
def test_damaged_index_is_not_opened(built: Path, name: str) -> None:
    """A byte that changed in any file is found before the file is used, and the message names it."""
    path = current(built) / name
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])

    with pytest.raises(StaleIndex, match=rf"{name} is damaged or missing; run 'footnote build'\.$"):
        Searcher.open(built, ToyEncoder())


@pytest.mark.real
@pytest.mark.parametrize(("word", "found"), [("hello", False), ("asdf", False), ("lol", False), ("7", False), ("trade", True)])
def test_a_word_that_stands_nowhere_finds_nothing(searcher: Searcher, word: str, found: bool) -> None:
    """A single word is near to something whatever it is; one that neither article nor indexed question has asks nothing."""
    assert (searcher.ask(word).status != "not_found") == found


@pytest.mark.real
@pytest.mark.parametrize(("page", "status"), [("answer", "answered"), ("related", "related"), ("not-found", "not_found")])
def test_pages_looked_at_show_every_state(searcher: Searcher, page: str, status: str) -> None:
    """The pages that browser tests visit and photograph have an answer in each state, by the questions in their addresses."""
    (question,) = parse_qs(urlsplit(PAGES[page]).query)["q"]

    assert searcher.ask(question).status == status
