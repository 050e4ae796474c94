"""What is read out of a body that came: its text block by block, and what it says of itself."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

_UNSEEN = {0xAD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Soft hyphen, zero-width spaces and marks that change the direction of reading."""
_UNSEEN_CATEGORIES = ("Cc", "Cs")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (level 0) or a heading; `page` is where it begins, counted from 1, in what has pages."""

    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text and what speaks for its being the cited one; `names` and `dates` are as its metadata gives them.

    `paper` is the address at which a page that describes a paper says that the paper stands.
    """

    blocks: tuple[Block, ...]
    extractor: str
    form: Literal["html", "pdf", "text"]
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    notices: str = ""
    needs_script: bool = False
    paper: str | None = None

    @property
    def words(self) -> int:
        """Return how many words the paragraphs hold."""
        return sum(len(block.text.split()) for block in self.blocks if not block.level)

    @property
    def text(self) -> str:
        """Return the words of all blocks, for looking something up in them."""
        return " ".join(block.text for block in self.blocks)


def one_line(text: str) -> str:
    """Return the text in NFC on one line: white space of every kind as one space, nothing that cannot be seen."""
    spaced = " ".join(text.split())
    seen = "".join(c for c in spaced if ord(c) not in _UNSEEN and unicodedata.category(c) not in _UNSEEN_CATEGORIES)
    return " ".join(unicodedata.normalize("NFC", seen).split())
