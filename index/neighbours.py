"""The indexed questions nearest to a question: which sentences they lead to, and whether gaps are nearer.

Candidates come by vector; the nearness of two questions is late interaction both ways, so that a word of one
that the other lacks counts against it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoding, Floats
from index.followups import Searched
from index.late_interaction import Stretches, shares, spelt
from index.opened import ANSWERED, GAPS, OpenedIndex

CANDIDATES = 64
VOTERS = 30
LED_TO = 60
"""Passages that the voters bring at most: a quote of theirs may stand in a thousand articles."""
SHARPNESS = 20.0
"""Of the softmax that weighs neighbours: one nearer by 0.05 counts e times as much."""
STEP = 0.01
"""What a place further back in the order of an indexed question's answers costs."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Indexed questions (rows) by nearness, nearest first.

    `nearness` is the mean of `coverage`, how much of the question the indexed one covers, and the reverse.
    """

    rows: NDArray[np.int64]
    nearness: Floats
    coverage: Floats

    @property
    def best(self) -> float:
        """Return the nearness of the nearest, or 0 where there is none."""
        return float(self.nearness[0]) if len(self.rows) else 0.0


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest answered questions and the nearest gaps; both empty without a question index."""

    answered: Nearest
    gaps: Nearest

    @classmethod
    def find(cls, index: OpenedIndex, searched: Searched, encoding: Encoding) -> "Neighbours":
        """Return the neighbours of a question.

        Of a follow-up only its own words are to be covered: that those before it have an answer says nothing of it.
        """
        own = spelt(searched.text, encoding) & (encoding.offsets[:, 0] >= searched.typed_from)
        return cls(
            _nearest(index, ANSWERED, index.answered_rows, encoding, own),
            _nearest(index, GAPS, index.gap_rows, encoding, own),
        )

    @property
    def ordinary(self) -> float:
        """Return how near an indexed question is that is no particular neighbour: the last of the voters, or 0."""
        nearness = self.answered.nearness[:VOTERS]
        return float(nearness[-1]) if len(nearness) else 0.0

    def sentence_scores(self, index: OpenedIndex) -> Floats:
        """Return for each sentence the nearness of the nearest question that it answers, or 0: (S,)."""
        scores = np.zeros(len(index.passage_of_sentence), dtype=np.float32)
        which, places, sentences = index.answers_of(self.answered.rows)
        np.maximum.at(scores, sentences, self.answered.nearness[which] - STEP * places)
        return scores

    def votes(self, index: OpenedIndex) -> Floats:
        """Return the share of the nearest questions that name each sentence, (S,).

        A question weighs exp(SHARPNESS times nearness), and its sentence at place n of its answers gets 1/n of that.
        """
        votes = np.zeros(len(index.passage_of_sentence), dtype=np.float32)
        weights = np.exp(SHARPNESS * (self.answered.nearness[:VOTERS] - self.answered.best))
        which, places, sentences = index.answers_of(self.answered.rows[:VOTERS])
        np.add.at(votes, sentences, weights[which] / (places + 1))
        return votes / max(float(weights.sum()), 1e-9)

    def related_questions(self, index: OpenedIndex, asked: str, *, count: int = 3) -> tuple[str, ...]:
        """Return the nearest answered questions that are well put and not the one asked, and lead to different sentences."""
        found: dict[int, str] = {}
        for row in self.answered.rows:
            question = index.questions[row]
            if question.question.casefold().rstrip("? ") != asked.casefold().rstrip("? ") and question.is_well_put:
                found.setdefault(question.sentences[0], question.question)
            if len(found) == count:
                break
        return tuple(found.values())

    def passages(self, index: OpenedIndex) -> NDArray[np.int64]:
        """Return the first LED_TO passages that the voters among the answered questions lead to, by row."""
        found = index.passage_of_sentence[index.answers_of(self.answered.rows[:VOTERS])[2]]
        first = np.unique(found, return_index=True)[1]
        return np.sort(found[np.sort(first)[:LED_TO]])


def _nearest(
    index: OpenedIndex, collection: str, rows: NDArray[np.int64], encoding: Encoding, own: NDArray[np.bool_]
) -> Nearest:  # fmt: skip
    found, _ = index.vectors.search(collection, encoding.vector, min(CANDIDATES, len(rows)))
    if not len(found) or not len(encoding.tokens):
        return _NOTHING
    chosen = np.sort(rows[found])
    indexed = Stretches(index.arrays.questions, index.arrays.questions.firsts, chosen)
    similarities = indexed.similarities(encoding)
    weights = index.question_token_weights
    coverage = indexed.covered(similarities, shares(weights, encoding.tokens, own))
    nearness = np.round((coverage + indexed.covering(similarities, weights)) / 2, 6).astype(np.float32)
    order = np.lexsort((chosen, -nearness))
    return Nearest(chosen[order], nearness[order], coverage[order])


_NOTHING = Nearest(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
NONE = Neighbours(_NOTHING, _NOTHING)
"""What a question has where there is no question index, or it is not to be used."""
