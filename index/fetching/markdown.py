"""Write blocks of text as Markdown that is read back as exactly those blocks."""

import re
import unicodedata
from collections.abc import Iterable

from index.fetching.extracted import Block, one_line

_EATEN = re.compile(r"[\\`*_\[\]<>&~|#!]")
_AT_START = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return the blocks, apart by an empty line, with everything escaped that Markdown would take for its own."""
    lines = (f"{'#' * block.level} {escaped(block.text)}".strip() for block in blocks if one_line(block.text))
    return "\n\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return the text on one line with each character escaped that means something in Markdown."""
    plain = unicodedata.normalize("NFC", one_line(text))
    return _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", _EATEN.sub(lambda m: f"\\{m[0]}", plain))
