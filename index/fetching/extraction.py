"""Read what came, by what it is: a page, a PDF, or a text."""

from index.fetching.domain import NotObtained, Received
from index.fetching.extracted import Extracted
from index.fetching.html import read_html
from index.fetching.pdf import read_pdf
from index.fetching.plain import read_markdown, read_plain

_PAGES = "text/html", "application/xhtml+xml"


def extracted(received: Received) -> Extracted:
    """Return the text of what came; raise NotObtained, with the reason, where none can be read out of it."""
    if not received.content.strip():
        raise NotObtained("an empty file" if received.media_type == "application/pdf" else "an empty page")
    if received.content.lstrip()[:5] == b"%PDF-" or received.media_type == "application/pdf":
        return read_pdf(received.content)
    if received.media_type in _PAGES or _looks_like_a_page(received.content):
        return read_html(received.content, received.charset)
    if received.media_type == "text/markdown":
        return read_markdown(received.content, received.charset)
    if received.media_type.startswith("text/plain"):
        return read_plain(received.content, received.charset)
    raise NotObtained(f"not a text that can be read: {received.media_type}")


def _looks_like_a_page(content: bytes) -> bool:
    return content.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
