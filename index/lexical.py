"""Word search by BM25 over stems; the only file that knows bm25s and the stemmer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def words(text: str) -> list[str]:
    """Return the stems that are searched: lower case, English stop words left out."""
    import bm25s

    return list(bm25s.tokenize([text], stopwords="en", stemmer=_stemmer(), return_ids=False, show_progress=False)[0])


class Lexical:
    """A BM25 index over passages."""

    def __init__(self, ranker: Any) -> None:
        self._ranker = ranker

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "Lexical":
        """Index the texts in their order."""
        import bm25s

        stems = [words(text) or [""] for text in texts]
        vocabulary = {word: id for id, word in enumerate(sorted({w for found in stems for w in found}))}
        ranker = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        ranker.index(([[vocabulary[w] for w in found] for found in stems], vocabulary), show_progress=False)
        return cls(ranker)

    @classmethod
    def open(cls, folder: Path) -> "Lexical":
        """Open an index that `save` wrote."""
        import bm25s

        return cls(bm25s.BM25.load(folder, mmap=True))

    def save(self, folder: Path) -> None:
        """Write the index into the folder."""
        self._ranker.save(folder, show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the BM25 score of every passage; all zero where no word of the question is in any."""
        stems = [w for w in words(question) if w in self._ranker.vocab_dict]
        if not stems:
            return np.zeros(self._ranker.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._ranker.get_scores(stems), dtype=np.float32)


def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
