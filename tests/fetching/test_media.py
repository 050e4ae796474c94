import pytest

from index.fetching.domain import NotObtained
from index.fetching.media import called, sniffed

HTML = b"\n<!DOCTYPE html><title>x</title>"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.mark.parametrize(
    ("content_type", "content", "media_type"),
    [
        ("text/html", HTML, "text/html"),
        ("text/html; charset=utf-8", b"<p>a fragment", "text/html"),
        ("TEXT/HTML", b"\xef\xbb\xbf<html>", "text/html"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html/>", "application/xhtml+xml"),
        ("application/tei+xml", b"<TEI/>", "application/tei+xml"),
        ("text/plain", b"words", "text/plain"),
        ("application/pdf", PDF, "application/pdf"),
        ("text/html", PDF, "application/pdf"),
        ("application/octet-stream", PDF, "application/pdf"),
        ("application/octet-stream", HTML, "text/html"),
        ("application/pdf", HTML, "text/html"),
        ("", HTML, "text/html"),
        ("", b"words", "text/plain"),
        ("nonsense", b"words", "text/plain"),
        ("text/html; charset=utf-16", "<p>Wörter".encode("utf-16-le"), "text/html"),
        ("text/html", "<p>Wörter".encode("utf-16"), "text/html"),
    ],
)
def test_first_bytes_decide(content_type: str, content: bytes, media_type: str) -> None:
    """A body is what its first bytes show, and otherwise what it is called."""
    name, charset = called(content_type)

    assert sniffed(name, charset, content) == media_type


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "application/json", "application/zip", "text/css"])
def test_what_no_text_is_called_is_refused(content_type: str) -> None:
    """A body that is called something else is refused by that name, before it is read."""
    with pytest.raises(NotObtained, match=rf"^not a text that can be read: {content_type}$"):
        called(content_type)


@pytest.mark.parametrize(
    ("content_type", "content", "reason"),
    [
        ("text/html", b"\x89PNG\r\n\x1a\n\x00\x00", "not a text that can be read: image/png"),
        ("text/html", b"PK\x03\x04\x14\x00\x00", "not a text that can be read: application/zip"),
        ("text/plain", b"GIF89a\x01\x00\x01\x00", "not a text that can be read: image/gif"),
        ("text/html", bytes(range(256)), "not a text that can be read: binary data"),
        ("application/octet-stream", b"\x7fELF\x02\x01\x01\x00", "not a text that can be read: binary data"),
        ("application/pdf", b"words", "not a text that can be read: no PDF, though called so"),
        ("text/html", b"", "empty"),
        ("text/html", b" \r\n\t", "empty"),
    ],
)
def test_what_is_no_text_is_refused_whatever_it_is_called(content_type: str, content: bytes, reason: str) -> None:
    """Binary data called a page is refused, and named where it can be."""
    name, charset = called(content_type)

    with pytest.raises(NotObtained, match=rf"^{reason}$"):
        sniffed(name, charset, content)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html; charset="windows-1252"', "windows-1252"),
        ("text/html; charset=x-none-such", None),
        ("text/html; charset=zlib", None),
        ("text/html; charset=undefined", None),
        ("text/html; charset=", None),
        ("text/html", None),
        ("text/html; charset*=utf-8''utf-8", None),
    ],
)
def test_charset_is_one_that_bytes_can_be_read_by(content_type: str, charset: str | None) -> None:
    """A charset that does not exist, or is no charset, is as none."""
    assert called(content_type)[1] == charset
