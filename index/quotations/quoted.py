"""Find every quoted stretch of a draft, whatever its marks; an apostrophe is no mark, and a lone mark opens nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.quotations.normalising import DASHES

FEWEST_WORDS = 3
"""Words: what is quoted in fewer is a term, not somebody's words."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_BREAK = re.compile(r"\n[^\S\n]*\r?\n")
_FAMILIES = {
    "double": re.compile('["“”„‟]'),
    "guillemets": re.compile("[«»]"),
    "single": re.compile("['‘’‚]"),
    "single guillemets": re.compile("[‹›]"),
}
_OPEN, _CLOSE, _EITHER, _NEITHER = "open", "close", "either", "neither"
_NEXT_SINGLE = re.compile(r"\n\s*\n|(?<!\w)['‘](?=\w)|(?<=\S)['’](?!\w)")
_FARTHEST_CLOSE = 1000
"""Characters within which the close of a quotation is looked for where an apostrophe could be it."""

_UNMARKED_BREAK = re.compile(r"\n[^\S\n]*\r?\n\s*(?![\s“\"„«‘'])")
_STRAIGHT = "\"'"
_ALWAYS = {"„": _OPEN, "‟": _OPEN, "‚": _OPEN, "”": _CLOSE}

Stretch = tuple[int, int]


def quoted_stretches(draft: str) -> list[Stretch]:
    """Return the (start, end) of each outermost quotation of three or more words, without its marks.

    A draft in which nothing stands between marks is one quotation.
    """
    found = [pair for family, marks in _FAMILIES.items() for pair in _pairs(draft, family, marks)]
    if not found:
        whole = _trimmed(draft, 0, len(draft))
        return [whole] if _WORD.search(draft) else []
    outermost = _outermost(draft, sorted(found, key=lambda pair: (pair[0], -pair[1])))
    trimmed = (_trimmed(draft, start, end) for start, end in outermost)
    return [(start, end) for start, end in trimmed if len(_WORD.findall(draft, start, end)) >= FEWEST_WORDS]


def count_words(text: str) -> int:
    """Return the number of words."""
    return len(_WORD.findall(text))


def _pairs(draft: str, family: str, marks: re.Pattern[str]) -> Iterable[Stretch]:
    """Yield what stands between an opening mark and the closing one that belongs to it."""
    opened = _Opened()
    found = list(marks.finditer(draft))
    closed_by_curly = _followed_by_curly_close(found)
    for mark, by_curly in zip(found, closed_by_curly, strict=True):
        part = _part(draft, family, mark, opened.marks)
        if part == _OPEN or (part == _EITHER and not opened.marks):
            if not (opened.marks and _opens_paragraph(draft, mark)):
                opened.open(mark)
        elif part in (_CLOSE, _EITHER) and (opening := opened.close(mark, by_curly=by_curly)):
            start = opening.end()
            if family != "single" or not _BREAK.search(draft, start, mark.start()):
                yield start, mark.start()


def _followed_by_curly_close(marks: list[re.Match[str]]) -> list[bool]:
    """Tell of each mark whether the next one that is not straight closes."""
    followed, by_curly = [], False
    for mark in reversed(marks):
        followed.append(by_curly)
        if mark[0] not in _STRAIGHT:
            by_curly = mark[0] in "”’"
    return followed[::-1]


@dataclass(slots=True)
class _Opened:
    """The opening marks that are not closed yet, the innermost last, and how many of them are straight."""

    marks: list[re.Match[str]] = field(default_factory=list)
    straight: int = 0

    def open(self, mark: re.Match[str]) -> None:
        self.marks.append(mark)
        self.straight += mark[0] in _STRAIGHT

    def close(self, closing: re.Match[str], *, by_curly: bool) -> re.Match[str] | None:
        """Take the mark that this one closes, and those left open inside it; return it, or None where there is none.

        A mark closes one of its own make where there is one, and a straight one no curly one that a curly one closes.
        """
        is_straight = closing[0] in _STRAIGHT
        has_own = self.straight if is_straight else len(self.marks) - self.straight
        if not self.marks or (not has_own and is_straight and by_curly):
            return None
        while True:
            mark = self.marks.pop()
            self.straight -= mark[0] in _STRAIGHT
            if not has_own or (mark[0] in _STRAIGHT) == is_straight:
                return mark


def _part(draft: str, family: str, mark: re.Match[str], opened: list[re.Match[str]]) -> str:
    """Tell what the mark does here: open, close, either of them, or neither, as an apostrophe."""
    char, before, after = mark[0], draft[mark.start() - 1 : mark.start()], draft[mark.end() : mark.end() + 1]
    if family == "single" and ((before.isalnum() and after.isalnum()) or (char != "‘" and after.isdecimal())):
        return _NEITHER
    if char in _ALWAYS:
        return _ALWAYS[char]
    match char:
        case "“" | "‘":
            return _CLOSE if opened and opened[-1][0] in "„‚" else _OPEN
        case "«" | "‹" | "»" | "›" if opened:
            return _CLOSE if opened[-1][0] != char else _OPEN
        case "«" | "‹" | "»" | "›":
            return _OPEN
        case "’":
            return _NEITHER if _is_possessive(draft, mark) else _CLOSE
        case _:
            return _straight(draft, family, mark, before, after)


def _straight(draft: str, family: str, mark: re.Match[str], before: str, after: str) -> str:
    opens = (not before or before.isspace() or before in "([{«“‘" + DASHES) and bool(after) and not after.isspace()
    closes = bool(before) and not before.isspace() and (not after or not after.isalnum())
    if opens != closes:
        return _NEITHER if closes and family == "single" and _is_possessive(draft, mark) else _OPEN if opens else _CLOSE
    return _NEITHER if family == "single" else _EITHER


def _is_possessive(draft: str, mark: re.Match[str]) -> bool:
    """Tell whether this is the apostrophe of a plural (the states’ interests): the next such mark closes again."""
    if draft[mark.start() - 1 : mark.start()] != "s" or not re.match(r"\s\w", draft[mark.end() : mark.end() + 2]):
        return False
    following = _NEXT_SINGLE.search(draft, mark.end(), mark.end() + _FARTHEST_CLOSE)
    return following is not None and following[0] in "'’" and not draft[following.start() - 1].isspace()


def _opens_paragraph(draft: str, mark: re.Match[str]) -> bool:
    """Tell whether the mark only opens a new paragraph of a quotation that runs on."""
    at = mark.start()
    while at and draft[at - 1].isspace():
        at -= 1
    return at > 0 and _BREAK.search(draft, at, mark.start()) is not None


def _outermost(draft: str, pairs: list[Stretch]) -> Iterable[Stretch]:
    """Yield what lies in nothing else; a mark left open that swallows paragraphs and the quotations in them is lone."""
    end = 0
    for at, pair in enumerate(pairs):
        if pair[0] < end:
            continue
        inside = pairs[at + 1] if at + 1 < len(pairs) and pairs[at + 1][1] <= pair[1] else None
        if inside and _is_checked(draft, inside) and _runs_over_unmarked_break(draft, pair):
            continue
        yield pair
        end = pair[1]


def _is_checked(draft: str, pair: Stretch) -> bool:
    return count_words(draft[slice(*pair)]) >= FEWEST_WORDS


def _runs_over_unmarked_break(draft: str, pair: Stretch) -> bool:
    return _UNMARKED_BREAK.search(draft, *pair) is not None


def _trimmed(draft: str, start: int, end: int) -> Stretch:
    while start < end and draft[start].isspace():
        start += 1
    while end > start and draft[end - 1].isspace():
        end -= 1
    return start, end
