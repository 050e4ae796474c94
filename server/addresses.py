"""Write the addresses of pages; all of them are paths of this server, never another host."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode, urlsplit

from index.corpus import FIRST

MOST_PREVIOUS = 8
HIGHLIGHT = "hl"


def ask_address(question: str, previous: Sequence[str] = (), *, as_typed: bool = False, json: bool = False) -> str:
    """Return the address of one turn of a conversation, written as a browser's form writes it."""
    fields = [("q", question), *(("previous", p) for p in previous[-MOST_PREVIOUS:])]
    if as_typed:
        fields.append(("as_typed", "true"))
    return f"/ask{'.json' if json else ''}?{urlencode(fields)}"


def document_address(id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a document, opened at the words from `start` to `end` where these are given."""
    path = f"/documents/{quote(id, safe='')}"
    return path if start is None else f"{path}?start={start}&end={end}#{HIGHLIGHT}"


def source_address(number: int, article: str = FIRST) -> str:
    """Return the address of a source, of the first article where no other is named."""
    return f"/sources/{number}" if article == FIRST else f"/sources/{number}?{urlencode({'article': article})}"


def passage_anchor(turn: int, passage: int) -> str:
    """Return the id of a passage on the page of a conversation."""
    return f"t{turn}p{passage}"


def with_way_back(url: str, question: str, previous: Sequence[str], passage: int) -> str:
    """Add to a document's address the passage it was opened from, so that the page can link back to it."""
    parts = urlsplit(url)
    fields = urlencode([("q", question), *(("previous", p) for p in previous), ("passage", passage)])
    return parts._replace(query=f"{parts.query}&{fields}" if parts.query else fields).geturl()


def web_address(url: str | None) -> str | None:
    """Return the address if a browser may follow it: http or https and nothing else."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None
