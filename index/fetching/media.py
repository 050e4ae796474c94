"""Tell what a body is, by what it is called and by its first bytes, and refuse what is no text."""

import codecs
from email.message import Message

from index.fetching.domain import NotObtained

HTML = "text/html"
PDF = "application/pdf"
PLAIN = "text/plain"
READABLE = {HTML, PDF, PLAIN, "application/xhtml+xml", "application/xml", "text/xml", "text/markdown"}
ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, application/xml;q=0.8, text/xml;q=0.8"
UNNAMED = {"", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download"}
LOOKED_AT_BYTES = 1445
"""WHATWG MIME Sniffing, 5.2: the resource header."""

PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024
"""Readers take a PDF whose mark stands among the first 1,024 bytes."""
HTML_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<script", b"<!--")
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
OTHER_MARKS = {
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
    b"\xd0\xcf\x11\xe0": "application/msword",
}
NOT_IN_TEXT = frozenset({*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})
"""WHATWG MIME Sniffing, 3: the binary data bytes."""


def called(content_type: str) -> tuple[str, str | None]:
    """Return the media type and the charset of a Content-Type; raise NotObtained if no text is ever called so."""
    header = Message()
    header["content-type"] = content_type
    name = header.get_content_type() if "/" in content_type else ""
    if name not in READABLE | UNNAMED and not name.endswith("+xml"):
        raise NotObtained(f"not a text that can be read: {name[:80]}")
    return ("" if name in UNNAMED else name), _known(header.get_param("charset"))


def sniffed(name: str, charset: str | None, content: bytes) -> str:
    """Return the media type that the first bytes show; raise NotObtained if they are those of no text."""
    start = content[:LOOKED_AT_BYTES]
    if not start.strip():
        raise NotObtained("empty")
    if PDF_MARK in start[:PDF_MARK_WITHIN]:
        return PDF
    if name == PDF and not _is_html(start):
        raise NotObtained("not a text that can be read: no PDF, though called so")
    if _is_binary(start, charset):
        other = next((name for mark, name in OTHER_MARKS.items() if start.startswith(mark)), "binary data")
        raise NotObtained(f"not a text that can be read: {other}")
    return HTML if name in ("", PDF) and _is_html(start) else name or PLAIN


def _known(charset: object) -> str | None:
    """Return a charset's name if Python can write a letter in it."""
    if not isinstance(charset, str):
        return None
    try:
        "a".encode(charset)
    except (LookupError, ValueError):
        return None
    return charset.lower()


def _is_html(start: bytes) -> bool:
    return start.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(HTML_MARKS)


def _is_binary(start: bytes, charset: str | None) -> bool:
    if start.startswith(WIDE_MARKS) or (charset or "").startswith(("utf-16", "utf-32", "utf16", "utf32")):
        return False
    return not NOT_IN_TEXT.isdisjoint(start)
