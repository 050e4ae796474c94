"""Decode bytes into text: what they are comes before what is said of them."""

import codecs
import re

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096
_WESTERN = "cp1252"
_TAKEN_FOR_WESTERN = {"cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "latin_1", "mac_roman", "cp850", "cp437"}
"""Their letters are so alike that they cannot be told apart in a short text; what does not say so is hardly ever theirs."""
_FEW = 4
_BROWSERS_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""As the WHATWG Encoding Standard has it: what calls itself Latin-1 is Windows-1252."""


def decoded(content: bytes, charset: str | None = None) -> str:
    """Return the text of the bytes, without NUL characters.

    A byte order mark decides; then bytes that are UTF-8 are UTF-8; then the charset given (a header's),
    the one declared in the text, and the one that the letters look like.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace").replace("\0", "")
    declared = _DECLARED.search(content[:_HEAD_BYTES])
    named = (charset, declared[1].decode("ascii") if declared else None)
    names = [n for n in map(_known, named) if n]
    if content.isascii() and any(name.startswith(("iso2022", "utf-7", "hz")) for name in names):
        return _first(content, names)
    if _is_damaged_utf8(content):
        return content.decode("utf-8", errors="replace").replace("\0", "")
    return _first(content, ["utf-8", *names]).replace("\0", "")


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell whether the bytes are UTF-8 but for a few: other encodings hardly ever make whole characters of it."""
    text = content.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    whole = sum(not c.isascii() for c in text) - wrong
    return 0 < wrong * _FEW < whole


def _first(content: bytes, names: list[str]) -> str:
    for name in names:
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode(_looks_like(content), errors="replace")


def _known(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name or "").name
    except LookupError:
        return None
    return _BROWSERS_READ_AS.get(found, found)


def _looks_like(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:100_000]).best()
    found = best.encoding if best else _WESTERN
    return _WESTERN if found in _TAKEN_FOR_WESTERN else found
