"""Find words in a document that is shown whole: every place, whatever their case, accents, and kind of marks."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from index.quotations.normalising import APOSTROPHE, LINE_HYPHEN, MINUS, canonical
from server.documents import DocumentView

LONGEST_FIND = 200
_JOINING = "\ue001"
"""A hyphen between the two parts of a word, as in "Mi-17", which who looks for it may type as a space or leave out."""
_HYPHENS = ("-", "‐", "‑", "–")
_SAME = str.maketrans({APOSTROPHE: "'", '"': "'", MINUS: "-", LINE_HYPHEN: _JOINING, _JOINING: "\ufffd"})
_OF_FINDING = ("find", "at", "start", "end")


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for and every place it stands, as offsets in the document; `at` is the place shown, from 1."""

    words: str
    places: tuple[tuple[int, int], ...]
    at: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as it is compared; arrays, as thousands are kept and tuples of numbers take several times the room."""

    text: str
    starts: "array[int]"
    ends: "array[int]"


def find(view: DocumentView, query: QueryParams) -> Found | None:
    """Return what the address asks to find in the text shown; None where it asks nothing."""
    words = " ".join(query.get("find", "").split())
    if not words:
        return None
    places = tuple(places_of(words, view.text or "", _borders(view)))
    at = min(max(_number(query.get("at", "1")), 1), max(len(places), 1))
    steps = (_address(view, query, at - 1), _address(view, query, at + 1))
    return Found(words, places, at, steps[0] if at > 1 else None, steps[1] if at < len(places) else None)


def places_of(words: str, text: str, borders: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where the words stand in the text, in order and apart; a place lies within two borders."""
    wanted = folded(words).text.replace(_JOINING, "-")
    if not wanted:
        return []
    pattern = _pattern(wanted)
    return [place for start, end in borders for place in _within(pattern, text[start:end], start)]


def carried(query: QueryParams) -> list[tuple[str, str]]:
    """Return the fields of the address that a new search keeps: the way back and the style."""
    return [(name, value) for name, value in query.multi_items() if name not in _OF_FINDING]


@lru_cache(maxsize=4096)
def folded(text: str) -> _Folded:
    """Return the text as it is compared, every character with its offsets in the text."""
    compared = canonical(text)
    out: list[str] = []
    starts, ends = array("I"), array("I")
    for char, start, end in zip(compared.text.translate(_SAME), compared.starts, compared.ends, strict=True):
        if char == "-" and _joins(text, start, end):
            char = _JOINING
        bare = (c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        for letter in "".join(bare).casefold():
            out.append(letter)
            starts.append(start)
            ends.append(end)
    return _Folded("".join(out), starts, ends)


def _joins(text: str, start: int, end: int) -> bool:
    """Tell whether these characters are a hyphen inside a word; one between two numbers keeps them two."""
    sides = text[start - 1 : start], text[end : end + 1]
    inside = all(side.isalnum() for side in sides) and not all(side.isdecimal() for side in sides)
    return inside and text[start:end] in _HYPHENS


@lru_cache(maxsize=64)
def _pattern(wanted: str) -> re.Pattern[str]:
    """Return what matches the folded words; a hyphen may be passed over, but not to find "to" in "out-of-date"."""
    first = next((at for at, char in enumerate(wanted) if not char.isalnum()), len(wanted))
    word = wanted[:first]
    return re.compile(f"(?:(?<![^\\W_]){_joined(word)}|{re.escape(word)}){_joined(wanted[first:])}")


def _joined(wanted: str) -> str:
    """Return a pattern in which a joining hyphen may stand for a space, for itself, or between any two characters."""
    other = {" ": f"[ {_JOINING}]", "-": f"[{_JOINING}-]"}
    parts = [other.get(char) or re.escape(char) for char in wanted]
    between = (f"{_JOINING}?" if a.isalnum() and b.isalnum() else "" for a, b in pairwise(wanted))
    return "".join(f"{part}{gap}" for part, gap in zip_longest(parts, between, fillvalue=""))


def _within(pattern: re.Pattern[str], text: str, offset: int) -> list[tuple[int, int]]:
    hay = folded(text)
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(hay.text):
        place = (offset + hay.starts[match.start()], offset + hay.ends[match.end() - 1])
        if not found or place[0] >= found[-1][1]:
            found.append(place)
    return found


def _borders(view: DocumentView) -> list[tuple[int, int]]:
    borders = [(h.start, h.end) for h in view.headings] + [(p.start, p.end) for p in view.paragraphs]
    return sorted(borders)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _address(view: DocumentView, query: QueryParams, at: int) -> str:
    fields = [*carried(query), ("find", query["find"]), ("at", str(at))]
    return f"?{urlencode(fields)}#f{at}"
