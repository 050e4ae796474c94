"""The nouns of a check: what was quoted, where it stands, and how it differs; also the JSON of `/check.json`."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["exact", "elsewhere", "altered", "not_found"]
DifferenceKind = Literal["digit", "name", "negation", "word", "typography", "omitted", "inserted"]

HARMLESS: frozenset[DifferenceKind] = frozenset({"typography", "omitted", "inserted"})
"""What is listed and does not make a quotation inexact."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the quotation and what stands in the document instead; either may be empty."""

    kind: DifferenceKind
    quoted: str
    found: str


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A stretch of a document's canonical text that is what was quoted, or the nearest to it."""

    document: str
    start: int
    end: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of the draft, as offsets into it, with its verdict; `document` is the one of the first place found."""

    quoted: str
    start: int
    end: int
    verdict: Verdict
    document: str | None
    found: tuple[FoundPlace, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """All quotations of a draft, in its order."""

    quotations: tuple[CheckedQuotation, ...]
