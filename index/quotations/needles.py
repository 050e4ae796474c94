"""Make of a part of a quotation the pattern that finds it: exact, but for what may be a note number, a line's hyphen
or the quoter's own comma."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.quotations.normalising import LINE_HYPHEN, SUPERSCRIPTS, Canonical, canonical
from index.quotations.parts import Part

MOST_CHOICES = 400
"""Places in one part where a character may or may not be the document's; where there are more, none is a choice."""

_NOTE_DIGITS = 3
"""Digits of the longest note number that is looked for behind a word."""

_MOST_MARKS = 8
"""Marks at the end of a quotation that are tried one by one."""

_CHOICE = re.compile(rf"{LINE_HYPHEN}|[{SUPERSCRIPTS}]+|\[\^?\d+\]|\d+ ?")
_ENDS = "'\",;:."
"""What a quoter's own sentence may put at either end of a quotation."""

_AS_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")


@dataclass(frozen=True, slots=True)
class Choice:
    """Characters of the part that stand in the document only as far as one of `beginnings`; the rest is a note's number,
    where `may_be_note`, and must be verified as one."""

    start: int
    end: int
    beginnings: tuple[str, ...]
    may_be_note: bool = False


@dataclass(frozen=True)
class Needle:
    """A part as it is looked for."""

    part: Part
    canonical: Canonical
    choices: tuple[Choice, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern, with a group for each choice."""
        pieces: list[str] = []
        at = 0
        for choice in self.choices:
            pieces.append(self._literal(at, choice.start))
            pieces.append(f"({'|'.join(map(re.escape, choice.beginnings))})")
            at = choice.end
        pieces.append(self._literal(at, len(self.canonical.text)))
        return re.compile("".join(pieces))

    @cached_property
    def anchor(self) -> tuple[str, int, int]:
        """Return the longest stretch without a choice, and the least and most characters that stand before it."""
        borders = [(0, 0), *((c.start, c.end) for c in self.choices), (len(self.canonical.text), 0)]
        free = [(borders[i][1], borders[i + 1][0]) for i in range(len(borders) - 1)]
        free = [self._without_recased(*stretch) for stretch in free]
        start, end = max(free, key=lambda stretch: stretch[1] - stretch[0])
        shortened = sum((c.end - c.start) - min(map(len, c.beginnings)) for c in self.choices if c.end <= start)
        return self.canonical.text[start:end], start - shortened, start

    @cached_property
    def recased(self) -> frozenset[int]:
        """Return the characters that may be in the other case: the first letter, and those the quoter bracketed."""
        text, starts = self.canonical.text, self.canonical.starts
        first = next((i for i, c in enumerate(text) if c.isalnum()), 0)
        return frozenset({first} | {i for i, start in enumerate(starts) if start in self.part.recased})

    def _without_recased(self, start: int, end: int) -> tuple[int, int]:
        inside = sorted(i for i in self.recased if start <= i < end)
        borders = [start - 1, *inside, end]
        return max(((a + 1, b) for a, b in pairwise(borders)), key=lambda s: s[1] - s[0])

    def _literal(self, start: int, end: int) -> str:
        return "".join(
            f"(?:{re.escape(c.lower())}|{re.escape(c.upper())})" if start + i in self.recased else re.escape(c)
            for i, c in enumerate(self.canonical.text[start:end])
        )


def needle(part: Part, note_numbers: frozenset[int]) -> Needle:
    """Return the needle of a part; any of these numbers may be a note's."""
    found = canonical(part.text)
    choices = tuple(_choices(found.text, note_numbers))
    return Needle(part, found, choices if len(choices) <= MOST_CHOICES else ())


def _choices(text: str, note_numbers: frozenset[int]) -> Iterable[Choice]:
    first, last = len(text) - len(text.lstrip(_ENDS)), len(text.rstrip(_ENDS))
    if first >= last:
        return
    if first:
        yield Choice(0, first, (text[:first], ""))
    for found in _CHOICE.finditer(text, first, last):
        yield from _choice(text, found, note_numbers)
    if last < len(text):
        yield Choice(last, len(text), tuple(text[last:end] for end in range(min(len(text), last + _MOST_MARKS), last - 1, -1)))


def _choice(text: str, found: re.Match[str], note_numbers: frozenset[int]) -> Iterable[Choice]:
    written, (start, end) = found[0], found.span()
    if written == LINE_HYPHEN:
        yield Choice(start, end, ("-", ""))
    elif written[0] in SUPERSCRIPTS or written[0] == "[":
        if int(written.strip("[^]").translate(_AS_DIGITS)) in note_numbers:
            yield Choice(start, end, (written, ""), may_be_note=True)
    else:
        yield from _glued(text, written, start, note_numbers)


def _glued(text: str, written: str, start: int, note_numbers: frozenset[int]) -> Iterable[Choice]:
    """Yield the choice of a number whose last digits may be a note's, as in 19494 for 1949 with note 4."""
    digits = written.strip()
    beginnings = []
    for length in range(1, min(_NOTE_DIGITS, len(digits)) + 1):
        kept, note = digits[:-length], digits[-length:]
        glued = bool(kept) or (start > 0 and not text[start - 1].isspace())
        if glued and note[0] != "0" and int(note) in note_numbers:
            beginnings.append(kept)
    if written != digits and "" in beginnings and not text[start - 1].isalnum():
        yield Choice(start, start + len(written), (written, ""), may_be_note=True)
    elif beginnings:
        yield Choice(start, start + len(digits), (digits, *beginnings), may_be_note=True)
