"""Find where a quotation stands, white space, note markers and emphasis marks aside."""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.domain import Document

_SET_ASIDE = re.compile(r"\[\^[^\]\s]+\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[\s*\\<>]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's canonical text."""

    start: int
    end: int


def squash(text: str) -> str:
    """Return the text in NFC without white space, note markers and Markdown marks: what two quotations are compared by."""
    return _SET_ASIDE.sub("", unicodedata.normalize("NFC", text))


class Locator:
    """Finds quotations in a document."""

    def __init__(self, document: Document) -> None:
        self._text, self._offsets = _squash_with_offsets(document.text)

    def find(self, quote: str) -> tuple[Span, ...]:
        """Return every place where the quotation stands, in their order."""
        return self.find_squashed(squash(quote))

    def find_squashed(self, wanted: str) -> tuple[Span, ...]:
        """Return every place where a quotation stands that was squashed before."""
        if not wanted:
            return ()
        places = _occurrences(self._text, wanted)
        return tuple(Span(self._offsets[at], self._offsets[at + len(wanted) - 1] + 1) for at in places)


def nearest(quote: str, documents: Iterable[Document], *, width: int = 160) -> str:
    """Return the stretch of text that is most like the quotation, at most `width` characters of it."""
    from rapidfuzz import fuzz

    best, text = 0.0, ""
    for document in documents:
        alignment = fuzz.partial_ratio_alignment(quote, document.text, score_cutoff=best)
        if alignment and alignment.score > best:
            best, text = alignment.score, document.text[alignment.dest_start : alignment.dest_end][:width].strip()
    return text


def overlapping(spans: Iterable[Span], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Return which of the sorted, disjoint stretches [starts[i], ends[i]) the spans touch, in the spans' order."""
    found: list[int] = []
    for span in spans:
        at = max(bisect_right(starts, span.start) - 1, 0)
        while at < len(starts) and starts[at] < span.end:
            if ends[at] > span.start and at not in found:
                found.append(at)
            at += 1
    return found


def _squash_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Return the text squashed and where each of its characters stood, four bytes each."""
    kept, offsets = [], array("I")
    at = 0
    for aside in _SET_ASIDE.finditer(text):
        kept.append(text[at : aside.start()])
        offsets.extend(range(at, aside.start()))
        at = aside.end()
    offsets.extend(range(at, len(text)))
    return "".join((*kept, text[at:])), offsets


def _occurrences(text: str, wanted: str) -> Iterable[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)
