"""List what differs in the setting of a quotation that is word for word the document's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.quotations.domain import Difference
from index.quotations.matching import Match

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the quotation or the space between two, and what stands for it in the document."""

    quoted: str
    found: str


def typographic(match: Match, quotation: str) -> tuple[Difference, ...]:
    """Return the differences in white space, marks, dashes, note numbers and the first letter's case, in whole words."""
    part = match.needle.part
    raw = quotation[part.start : part.start + len(part.text)]
    if raw.strip() == match.document.text[match.start : match.end]:
        return ()
    joined: list[_Piece] = []
    follows_change = False
    for piece in _pieces(match, raw):
        if joined and (follows_change or (piece.quoted.isspace() and piece.quoted != piece.found)):
            before = joined.pop()
            joined.append(_Piece(before.quoted + piece.quoted, before.found + piece.found))
            follows_change = not follows_change
        elif not piece.quoted.isspace():
            joined.append(piece)
    return tuple(Difference("typography", p.quoted, p.found) for p in joined if p.quoted != p.found)


def _pieces(match: Match, raw: str) -> Iterable[_Piece]:
    """Yield the words of the part and the spaces between them, with the document's characters that each stands for."""
    starts, text = match.needle.canonical.starts, match.document.text
    stands = [(starts[i], stretch) for i, stretch in zip(match.kept, match.stretches, strict=True)]
    at, before, space_from = 0, match.start, -1
    for word in _WORD.finditer(raw):
        while at < len(stands) and stands[at][0] < word.start():
            at += 1
        first = at
        while at < len(stands) and stands[at][0] < word.end():
            at += 1
        start, end = (stands[first][1][0], stands[at - 1][1][1]) if at > first else (before, before)
        if space_from >= 0:
            yield _Piece(raw[space_from : word.start()], text[before:start])
        yield _Piece(word[0], text[start:end])
        before, space_from = end, word.end()
