"""Canonical text: NFC, each run of white space as one space, none at either end."""

import re
import unicodedata

_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def canonical(text: str) -> str:
    """Return text in NFC with each run of white space as one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def appended(text: str, more: str) -> str:
    """Return canonical text with more behind it, keeping the rule of one space at a time and none in front."""
    more = _SPACES.sub(" ", more)
    return text + (more.lstrip(" ") if not text or text.endswith(" ") else more)
