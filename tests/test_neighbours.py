import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from index import neighbours as neighbourhood
from index.build import build
from index.encoded_texts import encode
from index.encoder import Encoding, Floats
from index.followups import Searched
from index.neighbours import NONE, STEP, Nearest, Neighbours
from index.opened import OpenedIndex
from index.questions import IndexedQuestion
from index.searcher import Searcher
from index.texts import whole_text
from tests.conftest import QUESTIONS, ToyEncoder, silent, write_toy_corpus
from tests.handmade import floats

ASKED = [
    "When was the tower built?",
    "What did the engineer write about the lamp?",
    "How much oil did the lamp burn in a year?",
    "How much money did the tower cost?",
    "Zebras?",
]


@pytest.fixture(scope="module")
def index(toy_searcher: Searcher) -> OpenedIndex:
    return toy_searcher.index


@pytest.fixture(scope="module")
def without_questions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Return a searcher of the toy corpus without its question index."""
    folder = tmp_path_factory.mktemp("bare")
    (write_toy_corpus(folder / "corpus") / "question_index.jsonl").unlink()
    build(folder / "corpus", folder / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(folder / "index", ToyEncoder())
    yield searcher
    searcher.close()


def find(index: OpenedIndex, question: str) -> Neighbours:
    return Neighbours.find(index, Searched(question), ToyEncoder().encode([question])[0])


def nearest(*rows: int, nearness: Sequence[float] = ()) -> Nearest:
    """Make the nearest rows, each nearer than the next unless told."""
    given = floats(nearness or np.linspace(0.9, 0.1, len(rows)))
    return Nearest(np.asarray(rows, dtype=np.int64), given, given)


def asking(index: OpenedIndex, *questions: tuple[str, tuple[int, ...]]) -> OpenedIndex:
    """Give the index other questions, each with the sentences that answer it."""
    return replace(index, questions=tuple(IndexedQuestion(text, "fact", sentences) for text, sentences in questions))


def maxsim(one: Encoding, other: Encoding, weights: Floats, text: str) -> float:
    """Return how much of `one` the other covers, token by token, signs left out where `text` is given."""
    met = weight = 0.0
    for token, state, (start, end) in zip(one.tokens, one.states, one.offsets, strict=True):
        if text and not text[start:end].isalnum():
            continue
        rarity = float(weights[min(token, len(weights) - 1)])
        met += rarity * max(float(state @ s) for s in other.states)
        weight += rarity
    return met / weight


@pytest.mark.parametrize("question", ASKED)
def test_nearness_is_late_interaction_both_ways(index: OpenedIndex, question: str) -> None:
    """Nearness is the mean of how much each question covers of the other, by a MaxSim worked out token by token."""
    encoder = ToyEncoder()
    (asked,) = encoder.encode([question])
    found = find(index, question)

    for kind in (found.answered, found.gaps):
        for row, nearness, coverage in zip(kind.rows, kind.nearness, kind.coverage, strict=True):
            (indexed,) = encoder.encode([index.questions[row].question])
            covered = maxsim(asked, indexed, index.question_token_weights, question)
            covering = maxsim(indexed, asked, index.question_token_weights, "")
            assert coverage == pytest.approx(covered, abs=1e-3)
            assert nearness == pytest.approx((covered + covering) / 2, abs=1e-3)


def test_word_that_only_one_question_has_counts_against_it(index: OpenedIndex) -> None:
    """An indexed question is nearer to itself than to one with a word more and to one with a word less."""
    whole, longer, shorter = "What fuel did the lamp burn?", "What fuel did the brass lamp burn?", "What did the lamp burn?"
    same, more, less = (find(index, question).answered for question in (whole, longer, shorter))

    assert {index.questions[found.rows[0]].question for found in (same, more, less)} == {whole}
    assert same.best == pytest.approx(1, abs=1e-3)
    assert max(more.best, less.best) < 0.97
    assert more.coverage[0] < 0.97
    assert less.coverage[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("question", ASKED)
def test_answered_questions_and_gaps_stand_apart(index: OpenedIndex, question: str) -> None:
    """Each kind is found by itself, all of a small index, the nearest first."""
    found = find(index, question)

    assert sorted(found.answered.rows) == [0, 1, 2]
    assert found.gaps.rows.tolist() == [3]
    assert found.answered.nearness.tolist() == sorted(found.answered.nearness.tolist(), reverse=True)


def test_gap_asked_word_for_word_is_the_nearest(index: OpenedIndex) -> None:
    """A question that the editor knows not to be answered has its gap nearer than anything answered."""
    found = find(index, QUESTIONS[3]["question"])

    assert found.gaps.best == pytest.approx(1, abs=1e-3)
    assert found.answered.best < 0.5


def test_equally_near_questions_keep_their_order(index: OpenedIndex) -> None:
    """Where indexed questions are equally near, the one that stands first in the index comes first."""
    same, _ = encode([whole_text("Zebras?")] * 4, ToyEncoder(), before=None, progress=silent, what="encoding")
    found = find(replace(index, arrays=replace(index.arrays, questions=same)), "What fuel did the lamp burn?")

    assert find(index, "What fuel did the lamp burn?").answered.rows[0] == 2
    assert len(set(found.answered.nearness)) == 1
    assert found.answered.rows.tolist() == [0, 1, 2]


def test_no_more_are_compared_than_candidates(index: OpenedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only as many questions as there are candidates come by vector, and the asked one is among them."""
    monkeypatch.setattr(neighbourhood, "CANDIDATES", 1)
    found = find(index, QUESTIONS[2]["question"])

    assert found.answered.rows.tolist() == [2]
    assert found.answered.best == pytest.approx(1, abs=1e-3)


def test_sentences_are_scored_best_first_a_step_apart(index: OpenedIndex) -> None:
    """The first sentence of a question's answers has its nearness, each further one a step less, all others nothing."""
    asked = asking(index, ("Who?", (4, 7, 2)))
    scores = Neighbours(nearest(0, nearness=[0.8]), nearest()).sentence_scores(asked)

    assert len(scores) == len(index.passage_of_sentence)
    assert scores[[4, 7, 2]] == pytest.approx([0.8, 0.8 - STEP, 0.8 - 2 * STEP])
    assert np.flatnonzero(scores).tolist() == [2, 4, 7]


def test_sentence_is_scored_by_the_nearest_of_its_questions(index: OpenedIndex) -> None:
    """Of several questions that a sentence answers, the one that scores it most counts, and gaps count for nothing."""
    asked = asking(index, ("Who?", (4, 7)), ("Where?", (7, 4)), ("Cost?", (9,)))
    scores = Neighbours(nearest(0, 1, nearness=[0.8, 0.795]), nearest(2, nearness=[0.99])).sentence_scores(asked)

    assert scores[[4, 7, 9]] == pytest.approx([0.8, 0.795, 0])


def test_votes_by_hand(index: OpenedIndex) -> None:
    """A question nearer by 0.05 has e times the votes; its first sentence gets them, its second half of them."""
    asked = asking(index, ("Who?", (4, 7)), ("Where?", (7,)), ("Cost?", (9,)))
    votes = Neighbours(nearest(0, 1, nearness=[0.8, 0.75]), nearest(2, nearness=[0.99])).votes(asked)

    assert np.flatnonzero(votes).tolist() == [4, 7]
    assert votes[4] == pytest.approx(math.e / (math.e + 1))
    assert votes[7] == pytest.approx((math.e / 2 + 1) / (math.e + 1))


def test_only_the_nearest_vote(index: OpenedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions behind the last voter have no say, and without any question there is no vote."""
    asked = asking(index, ("Who?", (4,)), ("Where?", (7,)), ("Cost?", (9,)))
    monkeypatch.setattr(neighbourhood, "VOTERS", 2)
    found = Neighbours(nearest(2, 0, 1, nearness=[0.8, 0.8, 0.8]), nearest())

    assert found.votes(asked)[[4, 7, 9]] == pytest.approx([0.5, 0, 0.5])
    assert not NONE.votes(asked).any()


def test_passages_are_those_that_answered_questions_lead_to(index: OpenedIndex) -> None:
    """The passages of all sentences of the nearest answered questions are named once each, in their order."""
    asked = asking(index, ("Who?", (9, 0, 1)), ("Where?", (8,)), ("Cost?", (10,)))

    assert Neighbours(nearest(0, 1), nearest(2)).passages(asked).tolist() == [0, 2]


def test_a_quote_in_many_places_brings_a_few_passages(index: OpenedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all the passages that voters lead to those of the nearest are taken, no more than there is time to score."""
    monkeypatch.setattr(neighbourhood, "LED_TO", 2)
    asked = asking(index, ("Who?", (10,)), ("Where?", (9, 8, 0)))
    every = asked.passage_of_sentence[[10, 9, 8, 0]]

    assert Neighbours(nearest(0, 1), nearest()).passages(asked).tolist() == sorted(list(dict.fromkeys(every.tolist()))[:2])
    assert len(set(every.tolist())) > 2


def test_corpus_without_question_index_has_no_neighbours(without_questions: Searcher) -> None:
    """Without a question index there is nothing near, no sentence is scored, no question is related."""
    bare = without_questions.index
    found = find(bare, ASKED[0])

    for neighbours in (found, NONE):
        assert (len(neighbours.answered.rows), len(neighbours.gaps.rows)) == (0, 0)
        assert (neighbours.answered.best, neighbours.gaps.best) == (0, 0)
        assert neighbours.sentence_scores(bare).tolist() == [0] * len(bare.passage_of_sentence)
        assert neighbours.passages(bare).tolist() == []
        assert neighbours.related_questions(bare, ASKED[0]) == ()


def test_corpus_without_question_index_answers_and_says_so(without_questions: Searcher) -> None:
    """Without a question index the passage is found all the same, and the answer says what it had to do without."""
    answer = without_questions.ask("Whale oil burned in four wicks")

    assert "Whale oil" in (*answer.passages, *answer.nearest)[0].text
    assert len(answer.degraded) == 1
    assert "no index of questions" in answer.degraded[0]
    assert answer.related_questions == ()


def test_of_a_followup_its_own_words_are_covered(index: OpenedIndex) -> None:
    """What an indexed question covers of the words before it counts for nothing; what it has itself to be covered stays."""
    before, own = "What fuel did the lamp burn? ", "How do whales sleep?"
    encoding = ToyEncoder().encode([before + own])[0]
    whole, part = (Neighbours.find(index, Searched(before + own, at), encoding).answered for at in (0, len(before)))
    own_tokens = encoding.offsets[:, 0] >= len(before)
    cut = Encoding(encoding.vector, encoding.states[own_tokens], encoding.tokens[own_tokens], encoding.offsets[own_tokens])

    assert part.coverage.max() < whole.coverage.max()
    for row, coverage in zip(part.rows, part.coverage, strict=True):
        (indexed,) = ToyEncoder().encode([index.questions[row].question])
        assert coverage == pytest.approx(maxsim(cut, indexed, index.question_token_weights, before + own), abs=1e-3)


def test_related_questions_are_others(index: OpenedIndex) -> None:
    """The question that was asked is not related to itself, however its letters are cased; the nearest other comes first."""
    asked = asking(index, ("Who lit it?", (1,)), ("When was it lit?", (2,)), ("Where is it?", (3,)))
    found = Neighbours(nearest(0, 2, 1), nearest())

    assert found.related_questions(asked, "who LIT it?") == ("Where is it?", "When was it lit?")
    assert found.related_questions(asked, "Why?") == ("Who lit it?", "Where is it?", "When was it lit?")


def test_related_questions_are_well_put(index: OpenedIndex) -> None:
    """What begins in the middle, or asks twice, is found by and not shown."""
    asked = asking(
        index, ("wait, who lit it?", (0,)), ("Who lit it??", (1,)), ("Who lit the lamp", (2,)), ("Who lit it?", (3,))
    )
    found = Neighbours(nearest(0, 1, 2, 3), nearest())

    assert found.related_questions(asked, "Why?") == ("Who lit it?",)


def test_related_questions_lead_to_different_sentences(index: OpenedIndex) -> None:
    """Of several wordings that lead to one sentence the nearest is shown, and what is no plain question is not."""
    asked = asking(
        index,
        ("Who lit it?", (1, 2)),
        ("Who was it that lit it?", (1,)),
        ("the lighting of it", (4,)),
        ("When was it lit?", (2,)),
        ("Where is it?", (3,)),
        ("Why was it lit?", (5,)),
    )
    found = Neighbours(nearest(0, 1, 2, 3, 4, 5), nearest())

    assert found.related_questions(asked, "Why?") == ("Who lit it?", "When was it lit?", "Where is it?")
    assert found.related_questions(asked, "Why?", count=2) == ("Who lit it?", "When was it lit?")


def test_gap_is_never_a_related_question(toy_searcher: Searcher) -> None:
    """What the article does not answer is not proposed, though it is nearest."""
    related = find(toy_searcher.index, "How much money did the tower cost them?").related_questions(toy_searcher.index, "")

    assert set(related) == {question["question"] for question in QUESTIONS[:3]}
