"""Find what a text quotes: the stretches between quotation marks, curly, straight or one of each."""

import re
from itertools import pairwise

_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]|«[^«»]*»|„[^„“”]*[“”]")
_WORD = re.compile(r"\w+")
_SCARE_QUOTES = 2
"""Words: what is quoted in as few is a term, not somebody's words."""


def quoted_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the (start, end) of what text[start:end] quotes, marks included, as offsets into the text; terms left out."""
    found = (m.span() for m in _QUOTED.finditer(text, start, len(text) if end is None else end))
    return [(a, b) for a, b in found if len(_WORD.findall(text[a:b])) > _SCARE_QUOTES]


def divided(start: int, end: int, quoted: list[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """Divide [start, end) at the borders of what is quoted: (start, end, whether it is quoted), without empty stretches."""
    borders = sorted({start, end, *(at for span in quoted for at in span if start < at < end)})
    return [(a, b, any(x <= a and b <= y for x, y in quoted)) for a, b in pairwise(borders)]
