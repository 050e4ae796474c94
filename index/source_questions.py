"""Tell a question about sources and notes from a question about the matter."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.opened import OpenedIndex

_ASKS = re.compile(
    r"\b(?:cit(?:e[sd]?|ing|ations?)|footnotes?|endnotes?|bibliograph\w*|(?<!with )(?<!in )references?|works cited"
    r"|sources?(?! of\b)"
    r"|sources? of (?:the |this |that |his )?(?:claim|quot|figure|statement|data|information|number|statistic)\w*"
    r"|note (?:no\.? ?)?\d+"
    r"|who (?:wrote|authored|reported)|written by|(?:news)?papers? (?:article|report)s?|think[- ]?tanks?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:foot|end)?(?:(?:note|reference|citation|source)s?|refs?\.?)\s*(?:no\.?|number|nr\.?|#)?\s*(\d{1,4})\b"
    r"|\b(\d{1,4})(?:st|nd|rd|th)\s+(?:foot|end)?(?:note|reference|citation|source)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:foot|end)?(?:note|reference|citation|source)s\s+(\d{1,4}(?:(?:,|,?\s+and|,?\s+or|\s*&)\s+\d{1,4})+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """Whether sources are asked for, and which notes by number."""

    asked: bool
    numbers: tuple[int, ...] = ()

    @classmethod
    def read(cls, question: str) -> "SourceQuestion":
        """Return what the question asks of sources."""
        single = [a or b for a, b in _NUMBER.findall(question)]
        listed = [number for several in _SEVERAL.findall(question) for number in re.findall(r"\d+", several)]
        numbers = tuple(dict.fromkeys(int(number) for number in (*single, *listed)))
        return cls(bool(numbers) or bool(_ASKS.search(question)), numbers)

    def admitted(self, index: OpenedIndex) -> NDArray[np.bool_]:
        """Tell which passages may answer, (P,): a bibliography entry answers a question about references and no other."""
        return np.ones(len(index.passages), dtype=bool) if self.asked else ~index.has_role("reference")

    def passages(self, index: OpenedIndex) -> NDArray[np.int64]:
        """Return the passages that carry the notes asked for by number, and their entries."""
        rows = {row for number in self.numbers for row in index.carrying.get(number, ())}
        return np.asarray(sorted(rows), dtype=np.int64)

    def sentences(self, index: OpenedIndex) -> NDArray[np.int64]:
        """Return the rows of the sentences in or behind which the notes asked for by number stand."""
        rows = []
        for passage in self.passages(index):
            notes = index.documents[index.passages[passage].document].notes
            at = [n.at for n in notes if n.number in self.numbers]
            first = int(index.first_sentences[passage])
            spans = enumerate(index.passages[passage].sentences, start=first)
            rows += [row for row, span in spans if any(span.start <= a <= span.end for a in at)]
        return np.asarray(rows, dtype=np.int64)
