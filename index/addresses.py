"""Write the addresses of documents: an index needs no server, but its answers say where their words are read."""

from urllib.parse import quote

HIGHLIGHT = "hl"


def document_address(id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a document, opened at the words from `start` to `end` where these are given."""
    path = f"/documents/{quote(id, safe='')}"
    return path if start is None else f"{path}?start={start}&end={end}#{HIGHLIGHT}"
