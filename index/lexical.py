"""Word search by BM25 over stems; the only file that knows bm25s and the stemmer."""

from array import array
from collections.abc import Iterable, Sequence
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
    def from_texts(cls, texts: Iterable[str]) -> "Lexical":
        """Index the texts in their order."""
        import bm25s

        met: dict[str, int] = {}
        stems, starts = array("i"), array("q", [0])
        for text in texts:
            stems.extend(met.setdefault(word, len(met)) for word in words(text) or [""])
            starts.append(len(stems))
        vocabulary = {word: id for id, word in enumerate(sorted(met))}
        ids = np.asarray([vocabulary[word] for word in met], dtype=np.int32)[np.asarray(stems)]
        ranker = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        ranker.index(bm25s.tokenization.Tokenized(_Divided(ids, starts), vocabulary), show_progress=False)
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


class _Divided(Sequence[list[int]]):
    """Numbers that stand one behind the other, divided into lists as they are asked for: four bytes each, not forty."""

    def __init__(self, numbers: NDArray[np.int32], starts: Sequence[int]) -> None:
        self._numbers, self._starts = numbers, starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: int) -> list[int]:  # type: ignore[override]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return list(self._numbers[self._starts[at] : self._starts[at + 1]].tolist())


def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
