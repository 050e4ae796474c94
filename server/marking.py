"""Cut a text at its marked words and its notes, so that a template can set them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from index.domain import Heading, Highlight, Note, Paragraph


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, marked or not: its strings and the notes whose markers stand between them.

    `place` is the number of the words found that it is, 0 where nothing was looked for.
    """

    pieces: tuple[str | Note, ...]
    marked: bool = False
    within_quotation: bool = False
    first: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph of a page, ready to be set, with the notes that are first marked in it.

    `number` is the paragraph's number or the heading's level.
    """

    kind: Literal["heading", "paragraph"]
    number: int
    start: int
    runs: tuple[Run, ...]
    notes: tuple[Note, ...] = ()
    opens_inside: bool = False
    ends_inside: bool = False


def runs(text: str, highlights: Iterable[Highlight] = (), notes: Sequence[Note] = ()) -> tuple[Run, ...]:
    """Return the text as runs; offsets of highlights and notes count from its start.

    A marker belongs to the run whose last character it follows, so it stays with the words it notes.
    """
    cut: list[Run] = []
    at = 0
    for mark in _disjoint(highlights, len(text)):
        if at < mark.start:
            cut.append(Run(_pieces(text, at, mark.start, notes)))
        first = not any(run.marked for run in cut)
        cut.append(Run(_pieces(text, mark.start, mark.end, notes), True, mark.within_quotation, first))
        at = mark.end
    if at < len(text):
        cut.append(Run(_pieces(text, at, len(text), notes)))
    return tuple(cut)


def marked_words(text: str, highlights: Iterable[Highlight]) -> str:
    """Return the marked words of a text, with dots where others are left out between them; all of it where none are."""
    words = ""
    at = 0
    for mark in _disjoint(highlights, len(text)):
        between = text[at : mark.start]
        words += (between if not between.strip() else " … ") * bool(words) + text[mark.start : mark.end]
        at = mark.end
    return words.strip() or text


def blocks(
    text: str,
    *,
    offset: int,
    paragraphs: Sequence[Paragraph],
    headings: Sequence[Heading],
    notes: Sequence[Note],
    mark: tuple[int, int] | None = None,
    found: Sequence[tuple[int, int]] = (),
) -> tuple[Block, ...]:
    """Return the headings and paragraphs that `text` shows, in order; all offsets but its own count in the document.

    Words that were found are marked instead of `mark`, each with its number.
    """
    marks = found or ((mark,) if mark else ())
    numbers = count(1)
    set_blocks: list[Block] = []
    marked = False
    numbered: set[int] = set()
    places: list[Heading | Paragraph] = [*headings, *paragraphs]
    for place in sorted(places, key=lambda p: p.start):
        start, end = max(place.start, offset), min(place.end, offset + len(text))
        if start >= end:
            continue
        inside = tuple(replace(n, at=n.at - start) for n in notes if start <= n.at <= end)
        cut = runs(text[start - offset : end - offset], _clipped(marks, start, end), inside)
        if marked:
            cut = tuple(replace(run, first=False) for run in cut)
        marked = marked or any(run.marked for run in cut)
        if found:
            cut = tuple(replace(run, place=next(numbers)) if run.marked else run for run in cut)
        firsts = tuple(n for at, n in enumerate(inside) if n.number not in numbered | {m.number for m in inside[:at]})
        numbered |= {n.number for n in firsts}
        set_blocks.append(_block(place, start, cut, firsts, opens_inside=start > place.start, ends_inside=end < place.end))
    return tuple(set_blocks)


def _block(
    place: Heading | Paragraph,
    start: int,
    cut: tuple[Run, ...],
    notes: tuple[Note, ...],
    *,
    opens_inside: bool,
    ends_inside: bool,
) -> Block:
    if isinstance(place, Heading):
        return Block("heading", place.level, start, cut, notes, opens_inside, ends_inside)
    return Block("paragraph", place.number, start, cut, notes, opens_inside, ends_inside)


def _clipped(marks: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Highlight, ...]:
    return tuple(Highlight(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start)


def _pieces(text: str, start: int, end: int, notes: Sequence[Note]) -> tuple[str | Note, ...]:
    pieces: list[str | Note] = []
    at = start
    for note in sorted(notes, key=lambda n: n.at):
        if start < note.at <= end or note.at == start == 0:
            pieces += [text[at : note.at], note]
            at = note.at
    return tuple(piece for piece in (*pieces, text[at:end]) if piece)


def _disjoint(highlights: Iterable[Highlight], length: int) -> Iterable[Highlight]:
    """Yield the highlights in order, each beginning where the one before has ended."""
    at = 0
    for mark in sorted(highlights, key=lambda h: (h.start, h.end)):
        start, end = max(mark.start, at), min(mark.end, length)
        if start < end:
            yield replace(mark, start=start, end=end)
            at = end
