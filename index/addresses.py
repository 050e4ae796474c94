"""Write the addresses of documents: an index needs no server, but its answers say where their words are read."""

from urllib.parse import quote, urlsplit

HIGHLIGHT = "hl"
FIRST = "article"
"""The id of the article whose sources and references need no prefix."""


def document_address(id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a document, opened at the words from `start` to `end` where these are given."""
    path = f"/documents/{quote(id, safe='')}"
    return path if start is None else f"{path}?start={start}&end={end}#{HIGHLIGHT}"


def web_address(url: str | None) -> str | None:
    """Return the address if a browser may follow it: http or https and nothing else."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:  # such as a bracket that opens an IPv6 address and never closes it
        return None
