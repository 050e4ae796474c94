"""Find what a text quotes: the stretches between quotation marks, curly or straight."""

import re

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"“”]*\"|«[^«»]*»|„[^„“”]*[“”]")


def quoted_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the (start, end) of each quoted stretch of text[start:end], marks included, as offsets into the text."""
    return [m.span() for m in _QUOTED.finditer(text, start, len(text) if end is None else end)]
