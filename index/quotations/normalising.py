"""Bring a text into the form in which quotations are compared, every character with its offsets in the text.

What is brought together here does not make a quotation inexact: white space, kinds of dashes and of quotation marks,
ligatures, accents typed apart, invisible characters. What could change a number is kept apart: a space between digits,
a minus sign, a superscript.
"""

import re
import unicodedata
from dataclasses import dataclass, field

LINE_HYPHEN = "\ue000"
"""A hyphen at a line's end, which the text may or may not have."""

MINUS = "−"
APOSTROPHE = "’"
OMISSION = "…"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
CURRENCIES = "$€£¥₹"
DASHES = "-‐‑‒–—―−"
DOUBLE_MARKS = '"“”„‟«»〝〞'
SINGLE_MARKS = "'‘’‚‛‹›`´"

_DOTS = re.compile(r"…|\.(?:[ \u00a0]?\.){2,}")
_NOTE = re.compile(r"\[\^?\d{1,4}\]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\r?\n")
_LONGEST_CLUSTER = 30
"""Characters that are composed at once, as in the Stream-Safe Text Format of UAX 15: more would take quadratic time."""


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as it is compared; character i stands for the original's characters from starts[i] to ends[i]."""

    text: str
    starts: list[int]
    ends: list[int]


def canonical(text: str, *, is_document: bool = False) -> Canonical:
    """Return the text as it is compared; a document's hyphens are all taken as meant."""
    writer = _Writer(text, _composed(text))
    writer.write()
    found = "".join(writer.out)
    return Canonical(found.replace(LINE_HYPHEN, "-") if is_document else found, writer.starts, writer.ends)


def _composed(text: str) -> list[tuple[str, int, int]]:
    """Return the characters in NFC, each with the stretch it stands for."""
    if text.isascii():
        return [(c, i, i + 1) for i, c in enumerate(text)]
    units: list[tuple[str, int, int]] = []
    combining = unicodedata.combining
    at, length = 0, len(text)
    while at < length:
        end = at + 1
        while end < length and end - at < _LONGEST_CLUSTER and combining(text[end]):
            end += 1
        cluster = text[at:end]
        units += ((c, at, end) for c in (cluster if cluster.isascii() else unicodedata.normalize("NFC", cluster)))
        at = end
    return units


@dataclass(slots=True)
class _Writer:
    """Writes the canonical text; `solid` holds the last two characters that are no note marks."""

    text: str
    units: list[tuple[str, int, int]]
    out: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    solid: str = "  "
    space: tuple[int, int] | None = None

    def write(self) -> None:
        skip_to = 0
        for char, start, end in self.units:
            if start < skip_to:
                continue
            if char.isspace():
                self.space = (self.space[0] if self.space else start, end)
            elif char.isalnum() and char not in SUPERSCRIPTS and not "\ufb00" <= char <= "\ufb06":
                self._push(char, start, end)
            else:
                skip_to = self._push_sign(char, start, end)

    def _push_sign(self, char: str, start: int, end: int) -> int:
        """Write a character that is neither letter nor digit, with what belongs to it; return where it ends."""
        if note := char == "[" and _NOTE.match(self.text, start):
            for at in range(start, note.end()):
                self._push(self.text[at], at, at + 1, is_note=True)
            return note.end()
        if char in SUPERSCRIPTS:
            self._push(char, start, end, is_note=True)
        elif dots := char in ".…" and _DOTS.match(self.text, start):
            self._push(OMISSION, start, dots.end())
            return dots.end()
        elif char in DASHES:
            return self._push_dash(start)
        elif char in DOUBLE_MARKS or char in SINGLE_MARKS:
            self._push_mark(char, start, end)
        elif "\ufb00" <= char <= "\ufb06":
            for letter in unicodedata.normalize("NFKC", char):
                self._push(letter, start, end)
        elif not _INVISIBLE.match(char):
            self._push("\ufffd" if char == LINE_HYPHEN else char, start, end)
        return end

    def _push_dash(self, start: int) -> int:
        text, end = self.text, start
        while end < len(text) and text[end] in DASHES:
            end += 1
        before, after = text[start - 1 : start], text[end : end + 2].lstrip(CURRENCIES)[:1]
        broken = end
        while broken < len(text) and text[broken].isspace():
            broken += 1
        if after.isdecimal() and (not before or before.isspace() or before in "([" + CURRENCIES):
            self._push(MINUS, start, end)
        elif before.isalpha() and "\n" in text[end:broken] and text[broken : broken + 1].isalpha():
            self._push(LINE_HYPHEN, start, end)
            return broken
        else:
            self._push("-", start, end)
        return end

    def _push_mark(self, char: str, start: int, end: int) -> None:
        """Write a mark: quotation marks are all one, feet and inches not; one that opens a paragraph anew is left out."""
        if self.space and _PARAGRAPH_BREAK.search(self.text, *self.space) and self.text[end : end + 1].isalnum():
            return
        if self.text[start - 1 : start].isalnum() and self.text[end : end + 1].isalnum() and char in SINGLE_MARKS:
            self._push(APOSTROPHE, start, end)
            return
        self._push('"' if char in DOUBLE_MARKS and self.solid[-1].isdecimal() else "'", start, end)

    def _push(self, char: str, start: int, end: int, *, is_note: bool = False) -> None:
        if self.space and not is_note:
            if self.out and self._keeps_space(char):
                self._append(" ", *self.space)
            self.space = None
        self._append(char, start, end)
        if not is_note:
            self.solid = self.solid[-1] + char

    def _keeps_space(self, char: str) -> bool:
        """Tell whether the space parts two words, or two numbers that would be one without it."""
        before, last = self.solid[0], self.solid[1]
        return char.isalnum() and (last.isalnum() or (char.isdecimal() and last in ".,:/" and before.isdecimal()))

    def _append(self, char: str, start: int, end: int) -> None:
        self.out.append(char)
        self.starts.append(start)
        self.ends.append(end)
