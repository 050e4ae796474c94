"""Find where the parts of a quotation stand, word for word, in all documents at once."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.domain import Document
from index.quotations.needles import Needle
from index.quotations.normalising import CURRENCIES, canonical

_BETWEEN = "\0"
_PARTS_OF_A_NUMBER = ".,:/-–"
_NUMBER_SIGNS = "%‰°"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a needle stands: the document, offsets into its text, and for each character of the needle that stands there
    its index in the needle's canonical text, with the stretch of the document it stands for."""

    document: Document
    start: int
    end: int
    needle: Needle
    kept: tuple[int, ...]
    stretches: tuple[tuple[int, int], ...]


class Haystack:
    """The canonical texts of documents, joined."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
        self.canonicals = tuple(canonical(d.text, is_document=True) for d in documents)
        self.note_numbers = frozenset(note.number for d in documents for note in d.notes)
        self._notes = [frozenset((note.number, note.at) for note in d.notes) for d in documents]
        self._text = _BETWEEN.join(c.text for c in self.canonicals)
        self._bases: list[int] = []
        at = 0
        for found in self.canonicals:
            self._bases.append(at)
            at += len(found.text) + 1

    def find(self, needle: Needle) -> Iterable[Match]:
        """Yield every place where the needle stands, in the documents' order."""
        anchor, least, most = needle.anchor
        seen = -1
        at = self._text.find(anchor) if anchor else -1
        while at >= 0:
            for start in range(max(at - most, seen + 1, 0), at - least + 1):
                match = self._match(needle, start)
                if match is not None:
                    seen = start
                    yield match
                    break
            at = self._text.find(anchor, at + 1)

    def note_at(self, document: Document, number: int, start: int, end: int) -> bool:
        """Tell whether the document has this note somewhere from `start` to `end`."""
        notes = self._notes[self.documents.index(document)]
        return any((number, at) in notes for at in range(start, min(end, start + 3) + 1))

    def _match(self, needle: Needle, start: int) -> Match | None:
        found = needle.pattern.match(self._text, start)
        if found is None or found.end() == start:
            return None
        row = bisect_right(self._bases, start) - 1
        base, document, text = self._bases[row], self.documents[row], self.canonicals[row]
        kept: list[int] = []
        at = 0
        for group, choice in enumerate(needle.choices, start=1):
            stands = len(found[group])
            kept += range(at, choice.start + stands)
            at = choice.end
            absent = needle.canonical.text[choice.start + stands : choice.end]
            if choice.may_be_note and absent and not self._has_note(row, absent, found.end(group) - base):
                return None
        kept += range(at, len(needle.canonical.text))
        first, last = start - base, found.end() - base
        if not _is_whole(document.text, text.starts[first], text.ends[last - 1]):
            return None
        stretches = tuple(zip(text.starts[first:last], text.ends[first:last], strict=True))
        return Match(document, text.starts[first], text.ends[last - 1], needle, tuple(kept), stretches)

    def _has_note(self, row: int, written: str, at: int) -> bool:
        """Tell whether the note of this number stands in the document before the character `at` of its canonical text."""
        text = self.canonicals[row]
        if at == 0:
            return False
        end = text.starts[at] if at < len(text.text) else len(self.documents[row].text)
        return self.note_at(self.documents[row], note_number(written), text.ends[at - 1], end)


def note_number(written: str) -> int:
    """Return the number that is written in digits, superscripts or brackets."""
    return int("".join(str(unicodedata.digit(c)) for c in written if c.isdigit()))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch ends with whole words and numbers on both sides: `could` is not whole in `couldn’t`.

    A possessive ’s may be left off.
    """
    return not (_joins(text, start, -1) or _joins(text, end - 1, 1))


def _joins(text: str, at: int, step: int) -> bool:
    """Tell whether the character at `at` and what stands beside it belong to one word or number."""

    def char(distance: int) -> str:
        place = at + step * distance
        return text[place] if 0 <= place < len(text) else " "

    here, beside, beyond = char(0), char(1), char(2)
    if not here.isalnum():
        return here in "-−" + CURRENCIES and beside.isdecimal() and step > 0
    if beside.isalnum() or (step > 0 and here.isdecimal() and beside in _NUMBER_SIGNS):
        return True
    if here.isdecimal():
        sign = step < 0 and beside in "-−" and not beyond.isalnum()
        return sign or (beside in _PARTS_OF_A_NUMBER and beyond.isdecimal())
    if step > 0 and beside in "'’" and beyond == "s" and not char(3).isalnum():
        return False
    return beside in "'’-‐‑" and beyond.isalpha()
