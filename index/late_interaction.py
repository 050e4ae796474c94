"""Late interaction: how well each token of one text is met somewhere in another.

MaxSim (Khattab and Zaharia 2020, ColBERT), each token weighted by its inverse document frequency:

    coverage(a in b) = sum_t w_t max_s cos(a_t, b_s) / sum_t w_t
"""

import numpy as np
from numpy.typing import NDArray

from index.arrays import TokenStates
from index.encoder import Encoding, Floats

_WIDENED_AT_ONCE = 512
"""Token states made float32 before they are multiplied: what stays in the processor's cache."""


def shares(weights: Floats, tokens: NDArray[np.int32], spelt: NDArray[np.bool_] | None = None) -> Floats:
    """Return each token's share of the sum, (tokens,); those that are not `spelt` have none."""
    found = weights[np.minimum(tokens, len(weights) - 1)]
    found = found if spelt is None else np.where(spelt, found, 0)
    total = found.sum()
    return np.asarray(found / total if total > 0 else found, dtype=np.float32)


def spelt(text: str, encoding: Encoding) -> NDArray[np.bool_]:
    """Tell which tokens have a letter or digit in them: (tokens,)."""
    return np.asarray([any(map(str.isalnum, text[start:end])) for start, end in encoding.offsets.tolist()], dtype=bool)


class Stretches:
    """The token states of some of the texts, side by side: `rows` stretches of them, grouped by text."""

    def __init__(self, texts: TokenStates, firsts: NDArray[np.int64], chosen: NDArray[np.int64]) -> None:
        begins, ends = texts.rows[firsts[chosen]], texts.rows[firsts[chosen + 1]]
        bounds = list(zip(begins.tolist(), ends.tolist(), strict=True))
        counts = firsts[chosen + 1] - firsts[chosen]
        self.text_starts = _starts(counts)
        self.rows = np.arange(counts.sum()) + np.repeat(firsts[chosen] - self.text_starts, counts)
        self.tokens = np.concatenate([texts.tokens[start:end] for start, end in bounds])
        self._scales = np.concatenate([texts.scales[start:end] for start, end in bounds])
        self._states = np.concatenate([texts.states[start:end] for start, end in bounds])
        self._starts = _starts(texts.rows[self.rows + 1] - texts.rows[self.rows])
        self._token_starts = _starts(ends - begins)

    def similarities(self, encoding: Encoding) -> Floats:
        """Return the cosine of each token here with each of the question's: (tokens here, question tokens)."""
        similarities = np.empty((len(self._states), len(encoding.states)), dtype=np.float32)
        for at in range(0, len(self._states), _WIDENED_AT_ONCE):
            some = slice(at, at + _WIDENED_AT_ONCE)
            np.matmul(self._states[some].astype(np.float32), encoding.states.T, out=similarities[some])
        similarities *= self._scales[:, None]
        return similarities

    def covered(self, similarities: Floats, share: Floats) -> Floats:
        """Return how much of the question each stretch covers: (stretches,)."""
        return np.asarray(np.maximum.reduceat(similarities, self._starts, axis=0) @ share, dtype=np.float32)

    def covered_by_texts(self, similarities: Floats, share: Floats) -> Floats:
        """Return how much of the question each text covers: (texts,)."""
        return np.asarray(np.maximum.reduceat(similarities, self._token_starts, axis=0) @ share, dtype=np.float32)

    def covering(self, similarities: Floats, weights: Floats) -> Floats:
        """Return how much of each text the question covers: (texts,)."""
        weight = weights[np.minimum(self.tokens, len(weights) - 1)]
        met = np.add.reduceat(similarities.max(axis=1) * weight, self._token_starts)
        return np.asarray(met / np.maximum(np.add.reduceat(weight, self._token_starts), 1e-9), dtype=np.float32)


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]])
