"""The indexed questions nearest to a question: which sentences they lead to, and whether gaps are nearer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats
from index.opened import ANSWERED, GAPS, OpenedIndex

NEAREST = 100
STEP = 0.01
"""What a place further back in the order of an indexed question's answers costs."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Rows of indexed questions and their cosine similarities, nearest first; empty without a question index."""

    answered: NDArray[np.int64]
    answered_similarities: Floats
    gaps: NDArray[np.int64]
    gap_similarities: Floats

    @classmethod
    def find(cls, index: OpenedIndex, vector: Floats) -> "Neighbours":
        """Return the nearest answered questions and the nearest gaps."""
        return cls(*_nearest(index, ANSWERED, index.answered_rows, vector), *_nearest(index, GAPS, index.gap_rows, vector))

    def sentence_scores(self, index: OpenedIndex) -> Floats:
        """Return for each sentence the similarity of the nearest question that it answers, or 0: (S,)."""
        scores = np.zeros(len(index.passage_of_sentence), dtype=np.float32)
        for row, similarity in zip(self.answered, self.answered_similarities, strict=True):
            for place, sentence in enumerate(index.questions[row].sentences):
                scores[sentence] = max(scores[sentence], similarity - STEP * place)
        return scores

    def passages(self, index: OpenedIndex) -> NDArray[np.int64]:
        """Return the passages that the nearest answered questions lead to."""
        sentences = [s for row in self.answered[:20] for s in index.questions[row].sentences]
        return np.unique(index.passage_of_sentence[np.asarray(sentences, dtype=np.int64)])


def _nearest(index: OpenedIndex, collection: str, rows: NDArray[np.int64], vector: Floats) -> tuple[NDArray[np.int64], Floats]:
    found, similarities = index.store.search(collection, vector, min(NEAREST, len(rows)))
    return rows[found], similarities
