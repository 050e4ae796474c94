"""Divide a quotation into the parts that claim to stand in a document, and what the quoter left out or put in between."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_DOTS = r"(?:…|\.(?:[ \u00a0]?\.){2,})"
_LEFT_OUT = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_NOTE = re.compile(r"\^?\d{1,4}")
_HIDDEN = "\u200b"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the quotation that claims to be the document's; `recased` are letters whose case the quoter set.

    `before` is what the quoter put before it in brackets, and `follows_gap` says that words may be missing there.
    """

    start: int
    text: str
    recased: frozenset[int] = frozenset()
    before: tuple[str, ...] = ()
    follows_gap: bool = False


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts of a quotation in order, and what stands in brackets behind the last."""

    parts: tuple[Part, ...]
    behind: tuple[str, ...] = ()

    @property
    def inserted(self) -> tuple[str, ...]:
        """Return what the quoter put in, in order."""
        return (*(words for part in self.parts for words in part.before), *self.behind)


@dataclass(slots=True)
class _Cuts:
    """Where the quotation is cut: (start, end, words put in or None where words are left out), and letters recased."""

    gaps: list[tuple[int, int, str | None]] = field(default_factory=list)
    recased: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


def undivided(quotation: str) -> Divided:
    """Return the quotation as one part, its brackets and dots taken for the document's own."""
    return Divided((Part(0, quotation),))


def divided(quotation: str) -> Divided:
    """Return the parts between `…` or `[…]` (words left out) and `[words]` (words put in)."""
    cuts = _cuts(quotation)
    parts: list[Part] = []
    before: list[str] = []
    at, follows_gap = 0, False
    for start, end, words in [*sorted(cuts.gaps, key=lambda gap: gap[:2]), (len(quotation), len(quotation), None)]:
        if start < at:
            continue
        text = "".join(_HIDDEN if i in cuts.hidden else quotation[i] for i in range(at, start))
        if any(c.isalnum() for c in text):
            recased = frozenset(i - at for i in cuts.recased if at <= i < start)
            parts.append(Part(at, text, recased, tuple(before), follows_gap and bool(parts)))
            before, follows_gap = [], False
        if words is None:
            follows_gap = True
        else:
            before.append(words)
        at = end
    return Divided(tuple(parts), tuple(before))


def _cuts(quotation: str) -> _Cuts:
    cuts = _Cuts()
    for left_out in _LEFT_OUT.finditer(quotation):
        cuts.gaps.append((*left_out.span(), None))
    for bracketed in _BRACKETED.finditer(quotation):
        _cut_brackets(quotation, bracketed, cuts)
    return cuts


def _cut_brackets(quotation: str, bracketed: re.Match[str], cuts: _Cuts) -> None:
    words = bracketed[1].strip()
    start, end = bracketed.span()
    if _LEFT_OUT.fullmatch(bracketed[0]) or _NOTE.fullmatch(words):
        return
    begins_word = not quotation[start - 1 : start].isalnum() and quotation[end : end + 1].isalpha()
    if len(words) == 1 and words.isalpha() and begins_word:
        cuts.recased.add(bracketed.start(1))
        cuts.hidden |= {start, end - 1}
        return
    first, last = _whole_word(quotation, start, end)
    cuts.gaps.append((first, last, quotation[first:last]))


def _whole_word(quotation: str, start: int, end: int) -> tuple[int, int]:
    """Return the brackets with the letters that touch them: look[ed] is the quoter's word, whole."""
    while start and quotation[start - 1].isalpha():
        start -= 1
    while end < len(quotation) and quotation[end].isalpha():
        end += 1
    return start, end


def words_put_in(divided: Divided) -> Iterable[str]:
    """Yield what the quoter put in, without its brackets."""
    return (re.sub(r"[\[\]]", "", words) for words in divided.inserted)
