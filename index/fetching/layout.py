"""Put the lines of printed pages together again: no running heads, no page numbers, words and paragraphs whole."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from index.fetching.extracted import Block, one_line

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—|\s]*(?:\d{1,4}|[ivxl]{1,7})[-–—|\s]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_ENDS = re.compile(r"[.?!:;][”’\"')\]]*\d{0,3}$")
_ITEM = re.compile(r"(?:[•▪●◦‣–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_EDGE_LINES = 3
"""How many lines at a page's top and foot may be a running head or its number."""
_REPEATED_SHARE, _REPEATED_TIMES = 0.4, 3
"""Heads differ on even and odd pages, so each stands on a little less than half of them."""
_SHORT = 0.8
_HEADING = 0.7
"""Shares of the usual length of a line: a paragraph's last line, and a heading's."""


def blocks_of_pages(pages: Sequence[str]) -> tuple[Block, ...]:
    """Return the paragraphs and headings of the pages, each with the page, counted from 1, on which it begins."""
    lines = list(_without_edges([_lines(page) for page in pages]))
    full = [len(line) for _, line in lines if line]
    if not full:
        return ()
    usual = median(sorted(full)[len(full) // 2 :])
    words = Counter(word for _, line in lines for word in re.findall(r"[\w-]+", line.lower()))
    blocks = (_block(group, usual, words) for group in _groups(lines, usual))
    return tuple(block for block in blocks if block.text)


def _lines(page: str) -> list[str]:
    plain = _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), page.replace("\u00ad\n", "-\n"))
    return [one_line(line) for line in plain.splitlines()]


def _without_edges(pages: list[list[str]]) -> Iterator[tuple[int, str]]:
    """Yield (page, line) without what repeats at the top and the foot of pages and without page numbers."""
    seen = Counter(shape for page in pages for shape in {_shape(page[at]) for at in _edges(page)})
    least = max(_REPEATED_TIMES, _REPEATED_SHARE * len(pages))
    for number, page in enumerate(pages, start=1):
        dropped = {at for at in _edges(page) if seen[_shape(page[at])] >= least}
        remaining = [at for at, line in enumerate(page) if line and at not in dropped]
        dropped |= {at for at in (*remaining[:1], *remaining[-1:]) if _PAGE_NUMBER.fullmatch(page[at])}
        yield from ((number, line) for at, line in enumerate(page) if at not in dropped)


def _edges(page: list[str]) -> list[int]:
    written = [at for at, line in enumerate(page) if line]
    return sorted({*written[:_EDGE_LINES], *written[-_EDGE_LINES:]})


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line.lower())


def _groups(lines: list[tuple[int, str]], usual: float) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines of each paragraph; an empty line ends one, except where a page ends in mid-sentence."""
    group: list[tuple[int, str]] = []
    for page, line in lines:
        if group and _begins_anew(group, page, line, usual):
            yield group
            group = []
        if line:
            group.append((page, line))
    if group:
        yield group


def _begins_anew(group: list[tuple[int, str]], page: int, line: str, usual: float) -> bool:
    last_page, last = group[-1]
    if page != last_page and line:
        return bool(_ENDS.search(last)) and not line[:1].islower()
    if not line:
        return bool(_ENDS.search(last)) or len(last) < _SHORT * usual
    ended = bool(_ENDS.search(last)) and len(last) < _SHORT * usual
    return ended or bool(_ITEM.match(line)) or (_is_heading(last, usual) and len(group) == 1 and line[:1].isupper())


def _is_heading(line: str, usual: float) -> bool:
    is_short = len(line) < _HEADING * usual and len(line.split()) <= 12
    return is_short and not _ENDS.search(line) and not line.endswith((",", "-")) and line[:1].isupper() | line[:1].isdigit()


def _block(group: list[tuple[int, str]], usual: float, words: Counter[str]) -> Block:
    text = group[0][1]
    for _, line in group[1:]:
        text = _joined(text, line, words)
    level = 2 if len(group) == 1 and _is_heading(text, usual) else 0
    return Block(one_line(text), level, group[0][0])


def _joined(text: str, line: str, words: Counter[str]) -> str:
    """Join two lines; a word divided at the line's end is made whole, a hyphen that belongs to it stays."""
    divided = re.search(r"([^\W\d_]+)-$", text)
    following = re.match(r"[^\W\d_]+", line)
    if divided is None or following is None:
        return f"{text} {line}" if not text.endswith("-") else text + line
    whole, compound = f"{divided[1]}{following[0]}".lower(), f"{divided[1]}-{following[0]}".lower()
    belongs = not following[0][0].islower() or (words[compound] > 0 and words[compound] >= words[whole])
    return text + line if belongs else text[:-1] + line
