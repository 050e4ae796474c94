"""Find the passage that is nearest to words which stand nowhere as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.domain import Document
from index.quotations.normalising import Canonical
from index.quotations.words import Word, words_of

CANDIDATES = 4
"""Stretches with the rarest words in common that are aligned; the threshold was measured with as many."""

_LEAST_SHARED = 0.3
"""Share of the weight of the words, below which a stretch is too far to be worth aligning."""

_LONG = 400
"""Words from which an end is only shifted by a few words, as every shift costs a pass over all of them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's words, and the share of the words' weight that it has in common with what was looked for."""

    row: int
    first: int
    last: int
    likeness: float
    cost: tuple[int, bool, int]


class WordIndex:
    """The words of all documents in one row, each with how rare it is."""

    def __init__(self, documents: Sequence[Document], canonicals: Sequence[Canonical]) -> None:
        self.documents = tuple(documents)
        self.words = [words_of(c) for c in canonicals]
        every = [w.key for words in self.words for w in words]
        self._ids = {key: i for i, key in enumerate(dict.fromkeys(every))}
        self._row: NDArray[np.int64] = np.asarray([self._ids[key] for key in every], dtype=np.int64)
        self._bases = np.cumsum([0, *map(len, self.words)])
        counts = np.bincount(self._row, minlength=len(self._ids)) if every else np.zeros(0)
        signs: NDArray[np.bool_] = np.asarray([not key[0].isalnum() for key in self._ids], dtype=bool)
        self._weights = np.where(signs, 0.0, np.log1p(len(every) / np.maximum(counts, 1)))
        self._rarest = float(self._weights.max(initial=1.0))

    def nearest(self, quoted: Sequence[Word], row: int | None = None) -> Passage | None:
        """Return the stretch, of one document where `row` is given, that shares most words in order with these."""
        wanted = [self._ids.get(w.key, -1 - i) for i, w in enumerate(quoted)]
        passages = [self._aligned(wanted, quoted, at) for at in self._candidates(wanted, row)]
        return min(passages, key=self._farness, default=None)

    def _farness(self, passage: Passage) -> tuple[int, bool, tuple[int, bool, int]]:
        """Return what to order passages by; of those with as many changes, the editors' words come last."""
        return passage.cost[0], self.documents[passage.row].kind == "annotation", passage.cost

    def _candidates(self, wanted: list[int], row: int | None) -> list[int]:
        """Return where stretches as long as the quotation begin that share the weightiest words with it."""
        known = sorted({i for i in wanted if i >= 0})
        table = np.zeros(len(self._ids))
        table[known] = self._weights[known]
        low, high = (0, len(self._row)) if row is None else (int(self._bases[row]), int(self._bases[row + 1]))
        weights = table[self._row[low:high]]
        length = min(len(wanted), len(weights))
        if not length or not weights.any():
            return []
        sums = np.cumsum(np.concatenate(([0.0], weights)))
        windows = sums[length:] - sums[:-length]
        least = _LEAST_SHARED * sum(self._weights[i] if i >= 0 else self._rarest for i in wanted)
        found: list[int] = []
        for _ in range(CANDIDATES):
            at = int(windows.argmax())
            if windows[at] < least or windows[at] <= 0:
                break
            found.append(low + at)
            windows[max(0, at - length // 2) : at + length // 2 + 1] = 0
        return found

    def _aligned(self, wanted: list[int], quoted: Sequence[Word], at: int) -> Passage:
        """Shift the ends of the stretch at `at` to where the fewest words need to be changed."""
        from rapidfuzz.distance import Levenshtein

        row = int(np.searchsorted(self._bases, at, side="right")) - 1
        low, high = int(self._bases[row]), int(self._bases[row + 1])
        slack = min(max(4, len(wanted) // 3), 12) if len(wanted) < _LONG else 4
        near = self._row[max(low, at - 2 * slack) : min(high, at + len(wanted) + 2 * slack)].tolist()
        centre = at - max(low, at - 2 * slack)

        def cost(first: int, last: int) -> tuple[int, bool, int]:
            ends_otherwise = near[first] != wanted[0] or near[last - 1] != wanted[-1]
            return Levenshtein.distance(wanted, near[first:last]), ends_otherwise, abs(last - first - len(wanted))

        first, last = centre, min(centre + len(wanted), len(near))
        for _ in range(2):
            starts = range(max(0, first - slack), min(last, first + slack + 1))
            first = min(starts, key=lambda start: cost(start, last))
            ends = range(max(first + 1, last - slack), min(len(near), last + slack) + 1)
            last = min(ends, key=lambda end: cost(first, end))
        base = max(low, at - 2 * slack) - low
        return self._passage(row, base + first, base + last, quoted, cost(first, last))

    def _passage(self, row: int, first: int, last: int, quoted: Sequence[Word], cost: tuple[int, bool, int]) -> Passage:
        from rapidfuzz.distance import Levenshtein

        stands = self.words[row][first:last]
        steps = Levenshtein.opcodes([w.key for w in quoted], [w.key for w in stands])
        common = sum(self._weight(quoted[step.src_start : step.src_end]) for step in steps if step.tag == "equal")
        return Passage(row, first, last, common / max(self._weight(quoted), self._weight(stands), self._rarest), cost)

    def _weight(self, words: Sequence[Word]) -> float:
        """Return how much the words tell: each the more, the rarer it is in the documents; signs nothing."""
        known = (self._weights[self._ids[w.key]] if w.key in self._ids else self._rarest for w in words if w.is_word)
        return float(sum(known))
