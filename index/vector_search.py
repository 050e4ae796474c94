"""Find the nearest vectors: exactly over the arrays while that is the faster way, by Chroma's graph beyond.

Exact search misses nothing and needs no copy of Chroma, which is copied and opened only where a collection is large enough
to need it. Where the vectors are on a Chroma server, it is asked in that copy's place; while it does not answer, the arrays
are searched.
"""

import logging
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chroma_server import ServedVectors
from index.encoder import Floats
from index.errors import VectorServerError
from index.store import VectorStore

_log = logging.getLogger("footnote")

EXACT_UP_TO = 20_000
"""Vectors in a collection. Of 20,000 passages' vectors the nearest 100 take 2.8 ms of the processor exactly and 2.6 ms by
Chroma, which finds .993 of the nearest 20 (`python -m tests.benchmarks.scale` measures it at other sizes)."""

ASKED_AGAIN_SECONDS = 5.0
"""After a server did not answer; until then no question waits for it."""


class VectorSearch:
    """Named collections of unit vectors, searched by cosine similarity; a vector's id is its row."""

    def __init__(self, collections: dict[str, Floats], store: VectorStore | None, served: ServedVectors | None = None) -> None:
        self._collections = collections
        self._store = store
        self._served = served
        self._away_until = 0.0

    @classmethod
    def open(cls, folder: Path, collections: dict[str, Floats]) -> "VectorSearch":
        """Open the collections; `folder` is Chroma's, of which a private copy is opened where one is too large."""
        large = any(len(vectors) > EXACT_UP_TO for vectors in collections.values())
        return cls(collections, VectorStore.open_copy(folder) if large else None)

    @classmethod
    def served(cls, vectors: ServedVectors, collections: dict[str, Floats]) -> "VectorSearch":
        """Search the collections on their server, and those of the arrays while it does not answer."""
        return cls(collections, None, vectors)

    @property
    def server_is_away(self) -> bool:
        """Tell whether the server failed to answer a moment ago, so that the arrays are searched instead."""
        return time.monotonic() < self._away_until

    def search(self, collection: str, vector: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Return (rows, cosine similarities to six decimals) of the nearest `count` vectors, nearest first, ties by row."""
        vectors = self._collections[collection]
        if count < 1 or not len(vectors) or not np.isfinite(vector).all():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows = self._near(collection, vector, count)
        similarities = _rounded((vectors if rows is None else vectors[rows]) @ vector)
        nearest = largest(similarities, count)
        return nearest if rows is None else rows[nearest], similarities[nearest]

    def close(self) -> None:
        """Let go of Chroma, where it is open."""
        for opened in (self._store, self._served):
            if opened:
                opened.close()

    def _near(self, collection: str, vector: Floats, count: int) -> NDArray[np.int64] | None:
        """Return rows among which the nearest are, by row; None where all rows are to be searched."""
        if len(self._collections[collection]) <= EXACT_UP_TO:
            return None
        if self._served and not self.server_is_away:
            try:
                rows = self._served.rows(collection, vector, count)
                _require_all(rows, count, of=len(self._collections[collection]))
                return rows
            except VectorServerError as error:
                self._away_until = time.monotonic() + ASKED_AGAIN_SECONDS
                _log.warning("%s The vectors of the index folder are searched.", error)
        return np.sort(self._store.search(collection, vector, count)[0]) if self._store else None


def _require_all(rows: NDArray[np.int64], count: int, *, of: int) -> None:
    """Raise VectorServerError where these are not rows of ours, or too few: the server's vectors were changed meanwhile."""
    if len(rows) < min(count, of) or rows[0] < 0 or rows[-1] >= of:
        raise VectorServerError("the Chroma server no longer holds this index's vectors.")


def _rounded(similarities: Floats) -> Floats:
    return np.asarray(np.round(similarities, 6), dtype=np.float32)


def largest(values: Floats, count: int) -> NDArray[np.int64]:
    """Return where the largest `count` values stand, the largest first, ties in their order; without sorting the others."""
    found = np.arange(len(values))
    if count < len(values):
        found = np.flatnonzero(values >= np.partition(values, -count)[-count])
    return found[np.argsort(-values[found], kind="stable")][:count]
