"""Find words in a document that is shown whole: every place, whatever their case, accents, and kind of marks."""

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from index.quotations.normalising import APOSTROPHE, LINE_HYPHEN, MINUS, canonical
from server.documents import DocumentView

LONGEST_FIND = 200
_SAME = str.maketrans({APOSTROPHE: "'", '"': "'", MINUS: "-", LINE_HYPHEN: "-"})
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
    wanted = folded(words).text
    return [place for start, end in borders for place in _within(wanted, text[start:end], start)] if wanted else []


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
        bare = (c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        for letter in "".join(bare).casefold():
            out.append(letter)
            starts.append(start)
            ends.append(end)
    return _Folded("".join(out), starts, ends)


def _within(wanted: str, text: str, offset: int) -> list[tuple[int, int]]:
    hay = folded(text)
    found: list[tuple[int, int]] = []
    at = hay.text.find(wanted)
    while at >= 0:
        last = at + len(wanted) - 1
        place = (offset + hay.starts[at], offset + hay.ends[last])
        if not found or place[0] >= found[-1][1]:
            found.append(place)
        at = hay.text.find(wanted, last + 1)
    return found


def _borders(view: DocumentView) -> list[tuple[int, int]]:
    borders = [(h.start, h.end) for h in view.headings] + [(p.start, p.end) for p in view.paragraphs]
    return sorted(borders)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _address(view: DocumentView, query: QueryParams, at: int) -> str:
    fields = [*carried(query), ("find", query["find"]), ("at", str(at))]
    return f"?{urlencode(fields)}#f{at}"
