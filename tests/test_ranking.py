from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index import ranking
from index.domain import Hit
from index.followups import Searched
from index.neighbours import NONE, Nearest, Neighbours
from index.opened import OpenedIndex
from index.questions import IndexedQuestion
from index.ranking import ANNOTATION_PENALTY, RRF_K, SENTENCE_WEIGHT, VOTE_WEIGHT, WAYS, Question, Way, rank
from index.searcher import Searcher
from index.source_questions import SourceQuestion
from tests.conftest import QUESTIONS, ToyEncoder
from tests.handmade import encoding, floats, index_of

LATE = (0.6, 0.5, 0.4, 0.2)
SENTENCE = (0.1, 0.2, 0.9, 0.3)
DENSE = (0.1, 0.8, 0.3, 0.5)
BM25 = (4.0, 1.0, 0.0, 2.0)
MATTER, SOURCES = SourceQuestion(asked=False), SourceQuestion(asked=True)

ASKED = [
    *(question["question"] for question in QUESTIONS),
    "Which sources are cited: Hale, Diary of an Engineer, 1850?",
    "What is note 3?",
    "Reed visited every tower himself",
    "Zebras?",
]


@pytest.fixture(scope="module")
def index(toy_searcher: Searcher) -> OpenedIndex:
    return toy_searcher.index


@pytest.fixture(scope="module")
def by_hand(index: OpenedIndex) -> OpenedIndex:
    """Return an index of four passages whose scores are the numbers above."""
    questions = (IndexedQuestion("Who?", "fact", (3, 1)), IndexedQuestion("Where?", "fact", (0,)))
    return replace(index_of(index, late=LATE, sentence=SENTENCE, dense=DENSE, bm25=BM25), questions=questions)


def asking(neighbours: Neighbours = NONE, source: SourceQuestion = MATTER) -> Question:
    """Ask with one token, (1, 0), which is the vector too."""
    return Question("oil", encoding("oil", (1, (1, 0))), neighbours, source)


def nearness(*values: float) -> Neighbours:
    """Make indexed questions this near, the first one first."""
    rows = np.arange(len(values), dtype=np.int64)
    return Neighbours(Nearest(rows, floats(values), floats(values)), NONE.gaps)


def order(hits: Sequence[Hit]) -> list[int]:
    return [hit.passage for hit in hits]


def ask(index: OpenedIndex, question: str, way: Way = "full") -> list[Hit]:
    asked = ToyEncoder().encode([question])[0]
    neighbours = Neighbours.find(index, Searched(question), asked) if way == "full" else NONE
    return rank(index, Question(question, asked, neighbours, SourceQuestion.read(question)), way)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("bm25", {0: 1.0, 3: 0.5, 1: 0.25, 2: 0.0}),  # by the highest, 4
        ("dense", {1: 0.8, 3: 0.5, 2: 0.3, 0: 0.1}),
        (
            "fused",  # ranks by vector, by word (none for what has no word) and by sentence
            {3: 3 / 62, 1: 1 / 61 + 2 / 63, 0: 1 / 61 + 2 / 64, 2: 1 / 61 + 1 / 63},
        ),
        ("late", {2: 0.4 + 0.27, 0: 0.6 + 0.03, 1: 0.5 + 0.06, 3: 0.2 + 0.09}),
        ("full", {1: 0.56 + 0.89, 3: 0.29 + 0.9, 0: 0.63 + 0.1, 2: 0.67}),  # the nearest leads to 3, then to 1
    ],
)
def test_way_orders_as_its_definition_says(by_hand: OpenedIndex, way: Way, expected: dict[int, float]) -> None:
    """Each way scores by its own parts, added up by hand, and each puts the passages in an order of its own."""
    hits = rank(by_hand, asking(nearness(0.9, 0.1) if way == "full" else NONE), way)

    assert {hit.passage: hit.score for hit in hits} == pytest.approx(expected, abs=2e-6)
    assert order(hits) == sorted(expected, key=lambda passage: -expected[passage])


def test_parts_are_what_the_score_is_made_of(by_hand: OpenedIndex) -> None:
    """Each hit carries its parts as they were given, and they add up to its score."""
    for hit in rank(by_hand, asking(nearness(0.9, 0.1))):
        row = hit.passage
        parts = hit.parts

        assert parts["late_interaction"] == pytest.approx(LATE[row], abs=1e-6)
        assert parts["sentence"] == pytest.approx(SENTENCE[row], abs=1e-6)
        assert parts["dense"] == pytest.approx(DENSE[row], abs=1e-6)
        assert parts["bm25"] == pytest.approx(BM25[row] / 4, abs=1e-6)
        assert parts["question_index"] == pytest.approx({3: 0.9, 1: 0.89, 0: 0.1}.get(row, 0), abs=1e-6)
        assert hit.score == pytest.approx(
            parts["late_interaction"] + SENTENCE_WEIGHT * parts["sentence"] + parts["question_index"], abs=2e-6
        )


def test_sentences_are_scored_by_the_same_and_the_votes(by_hand: OpenedIndex) -> None:
    """A sentence has its own late interaction and vector, its indexed question's nearness, and the votes of the nearest."""
    hits = rank(by_hand, asking(nearness(0.9, 0.1)))
    scores = {hit.passage: hit.sentences for hit in hits}

    # the other question, 0.8 less near, has e ** -16 of a vote
    assert scores[3] == pytest.approx([0.2 + 0.09 + 0.9 + VOTE_WEIGHT], abs=1e-5)
    assert scores[1] == pytest.approx([0.5 + 0.06 + 0.89 + VOTE_WEIGHT / 2], abs=1e-5)
    assert scores[2] == pytest.approx([0.4 + 0.27], abs=1e-5)


def test_scores_have_six_decimals(by_hand: OpenedIndex) -> None:
    """Scores of hits and sentences are written with at most six decimals, not with what a float32 leaves behind."""
    hits = rank(by_hand, asking(nearness(0.9, 0.1)))
    scores = [score for hit in hits for score in (hit.score, *hit.sentences, *hit.parts.values())]

    assert scores == [round(score, 6) for score in scores]


def test_no_more_hits_than_most(by_hand: OpenedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst are left out where there are more hits than anybody looks at."""
    every = rank(by_hand, asking())
    monkeypatch.setattr(ranking, "MOST_HITS", 3)

    assert rank(by_hand, asking()) == every[:3]


@pytest.mark.parametrize("way", WAYS)
def test_ties_go_to_the_passage_that_stands_first(index: OpenedIndex, way: Way) -> None:
    """Passages that are alike in everything keep the article's order, behind the one that is better."""
    alike = (0.5, 0.5, 0.5, 0.6, 0.5)
    tied = index_of(index, late=alike, sentence=alike, dense=alike, bm25=alike)

    # the fusion of ranks gives each place once, so that it has the same order
    assert order(rank(tied, asking(), way)) == [3, 0, 1, 2, 4]


def test_difference_that_is_rounded_away_is_a_tie(index: OpenedIndex) -> None:
    """What differs in the eighth decimal, as the same sum on another machine may, is the same score."""
    bare = {"sentence": (0.0, 0.0), "dense": (0.0, 0.0), "bm25": (0.0, 0.0)}
    near, apart = (index_of(index, late=(0.1, 0.1 + more), **bare) for more in (4e-8, 4e-6))

    assert order(rank(near, asking(), "late")) == [0, 1]
    assert order(rank(apart, asking(), "late")) == [1, 0]


def test_reciprocal_ranks_by_hand(index: OpenedIndex) -> None:
    """A place counts 1 / (60 + rank), and what has no similarity or no word has none."""
    fused = index_of(index, late=(0, 0, 0), sentence=(0.2, -0.1, 0.0), dense=(0.5, 0.4, 0.3), bm25=(0, 7, 0))
    hits = rank(fused, asking(), "fused")

    assert RRF_K == 60
    assert order(hits) == [0, 1, 2]
    assert [hit.score for hit in hits] == pytest.approx([2 / 61, 1 / 62 + 1 / 61, 1 / 63], abs=2e-6)


def test_passages_that_point_away_keep_their_order(index: OpenedIndex) -> None:
    """A passage has its own cosine below zero too."""
    away = index_of(index, late=(0, 0, 0), sentence=(0, 0, 0), dense=(-0.3, -0.1, -0.2), bm25=(0, 0, 0))
    hits = rank(away, asking(), "dense")

    assert order(hits) == [1, 2, 0]
    assert [hit.score for hit in hits] == pytest.approx([-0.1, -0.2, -0.3])


@pytest.mark.parametrize("way", ["late", "full"])
def test_annotation_stands_behind_the_article(index: OpenedIndex, way: Way) -> None:
    """For a question about the matter the editors' words cost what the penalty says; for one about sources nothing."""
    roles = index_of(
        index, late=(0.5, 0.6), sentence=(0, 0), dense=(0, 0), bm25=(0, 0), roles=("body", "annotation")
    )  # fmt: skip
    matter, sources = rank(roles, asking(), way), rank(roles, asking(source=SOURCES), way)

    assert order(matter) == [0, 1]
    assert matter[1].score == pytest.approx(0.6 - ANNOTATION_PENALTY, abs=2e-6)
    assert order(sources) == [1, 0]
    assert sources[0].score == pytest.approx(0.6, abs=2e-6)


@pytest.mark.parametrize("way", ["bm25", "dense", "late", "full"])  # ranks, which are fused, never differ as much
def test_annotation_that_is_much_better_stands_first(index: OpenedIndex, way: Way) -> None:
    """The editors' words, asked for word for word, come first in spite of the penalty."""
    hits = ask(index, "Reed visited every tower himself", way)

    assert index.passages[hits[0].passage].role == "annotation"


@pytest.mark.parametrize("way", WAYS)
def test_entries_answer_questions_about_references_alone(index: OpenedIndex, way: Way) -> None:
    """Every entry is ranked for a question about references, none for any other, however near it is."""
    entries = set(np.flatnonzero(index.has_role("reference")))

    assert entries == {8, 9, 10}
    assert entries <= set(order(ask(index, "Which sources are cited: Hale, Diary of an Engineer, 1850?", way)))
    assert entries.isdisjoint(order(ask(index, "B. Hale, Diary of an Engineer, 1850", way)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_note_asked_for_by_number_comes_first(index: OpenedIndex, way: Way, number: int) -> None:
    """The passage that carries the note and its entry are the first two, whatever else shares words with the question."""
    hits = ask(index, f"What does note {number} say of the keepers of the lamp and the bell?", way)
    first = {(index.passages[row].role, index.passages[row].paragraph) for row in order(hits)[:2]}

    assert first == {("body", number), ("reference", number)}


@pytest.mark.parametrize("way", ["bm25", "dense", "late", "full"])
@pytest.mark.parametrize("question", ASKED)
def test_candidates_are_scored_as_among_all(
    index: OpenedIndex, question: str, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A candidate has the same score, parts and sentences whether few passages are candidates or all are."""
    monkeypatch.setattr(ranking, "CANDIDATES", len(index.passages))
    among_all = {hit.passage: hit for hit in ask(index, question, way)}
    monkeypatch.setattr(ranking, "CANDIDATES", 2)
    among_few = ask(index, question, way)

    assert 0 < len(among_few) < len(among_all)
    assert all(among_all[hit.passage] == hit for hit in among_few)


def test_candidates_come_from_every_side(index: OpenedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest by vector, by word, by indexed question and by note are scored, and nothing else."""
    monkeypatch.setattr(ranking, "CANDIDATES", 1)
    words = np.zeros(len(index.passages), dtype=np.float32)
    lexical: Any = SimpleNamespace(scores=lambda question: words)
    searched = replace(index, lexical=lexical)
    vector = index.arrays.passages.vectors[3]
    read = encoding("note 2", (1, vector), (2, vector), vector=vector)
    neighbours = Neighbours(Nearest(np.asarray([2]), floats([0.5]), floats([0.5])), NONE.gaps)
    asked = Question("note 2", read, neighbours, SourceQuestion.read("note 2"))
    without_words = rank(searched, asked)
    words[7] = 1.0

    assert sorted(order(without_words)) == [1, 2, 3, 9]
    assert sorted(order(rank(searched, asked))) == [1, 2, 3, 7, 9]
