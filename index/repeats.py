"""Put passages that say the same together: the later one becomes a place where the earlier one's words stand too."""

from collections.abc import Sequence

import numpy as np

from index.domain import Hit
from index.encoder import Floats
from index.opened import OpenedIndex

SAME, NO_LESS = 0.8, 0.65
"""How much of one sentence stands in the other, and of the other in the one. Markey's words, which our article quotes
twice, have 0.82 and 0.69; a byline inside the author's note has less of the second."""
ALIKE = 0.6
"""Cosine of two sentences below which they are not compared any closer."""

ALIKE_ALONE = 0.9
"""Cosine from which two sentences say the same where there are no token states to compare them by."""


def without_repeats(index: OpenedIndex, hits: Sequence[Hit], count: int) -> list[tuple[Hit, tuple[Hit, ...]]]:
    """Return the first `count` hits that say different things, each with later hits whose answering sentence says the same."""
    kept: list[tuple[Hit, list[Hit]]] = []
    for hit in hits:
        first = next((repeats for other, repeats in kept if _says_the_same(index, other, hit)), None)
        if first is not None:
            first.append(hit)
        elif len(kept) == count:
            break
        else:
            kept.append((hit, []))
    return [(hit, tuple(repeats)) for hit, repeats in kept]


def best_sentence(hit: Hit) -> int:
    """Return which sentence of its passage answers best, counted from 0."""
    return max(range(len(hit.sentences)), key=lambda i: hit.sentences[i])


def _says_the_same(index: OpenedIndex, one: Hit, other: Hit) -> bool:
    sentences = index.arrays.sentences.vectors
    alike = float(sentences[_row(index, one)] @ sentences[_row(index, other)])
    if alike < ALIKE or not index.arrays.passages.has_states:
        return alike >= ALIKE_ALONE
    one_states, one_weights = _states(index, one)
    other_states, other_weights = _states(index, other)
    similarities = one_states @ other_states.T
    covered = (similarities.max(axis=1) @ one_weights, similarities.max(axis=0) @ other_weights)
    return max(map(float, covered)) >= SAME and min(map(float, covered)) >= NO_LESS


def _row(index: OpenedIndex, hit: Hit) -> int:
    return int(index.first_sentences[hit.passage]) + best_sentence(hit)


def _states(index: OpenedIndex, hit: Hit) -> tuple[Floats, Floats]:
    """Return the token states of the hit's best sentence, and each token's share of the weight."""
    passages = index.arrays.passages
    row = _row(index, hit)
    inside = slice(int(passages.rows[row]), int(passages.rows[row + 1]))
    tokens = passages.tokens[inside]
    weights = index.passage_token_weights[np.minimum(tokens, len(index.passage_token_weights) - 1)]
    return passages.widened(inside), weights / max(float(weights.sum()), 1e-9)
