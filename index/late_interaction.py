"""Late interaction: how well each word of the question is met somewhere in a passage.

MaxSim (Khattab and Zaharia 2020, ColBERT), each question token weighted by its inverse document frequency:

    score(passage) = sum_t w_t max_s cos(question_t, state_s) / sum_t w_t
"""

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoding, Floats
from index.opened import OpenedIndex


def weights(index: OpenedIndex, question: str, encoding: Encoding) -> Floats:
    """Return each question token's share of the sum, (tokens,); punctuation has none."""
    known = np.minimum(encoding.tokens, len(index.token_weights) - 1)
    idf = index.token_weights[known]
    spelt = [any(c.isalnum() for c in question[start:end]) for start, end in encoding.offsets]
    shares = np.where(spelt, idf, 0.0)
    total = shares.sum()
    return np.asarray(shares / total if total else shares, dtype=np.float32)


def best_similarities(index: OpenedIndex, encoding: Encoding, passages: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """Return ((sentences, question tokens) best similarity inside each sentence, row of each passage's first sentence)."""
    firsts, rows = index.first_sentences, index.arrays.state_rows
    sentences = np.concatenate([np.arange(firsts[p], firsts[p + 1]) for p in passages])
    states = np.concatenate([index.states[rows[firsts[p]] : rows[firsts[p + 1]]] for p in passages])
    lengths = rows[sentences + 1] - rows[sentences]
    similarities = np.asarray(states, dtype=np.float32) @ encoding.states.T
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    counts = firsts[passages + 1] - firsts[passages]
    return np.maximum.reduceat(similarities, starts, axis=0), np.concatenate([[0], np.cumsum(counts)[:-1]])
