"""The nouns of a check: what was quoted, where it stands, and how it differs; also the JSON of `/check.json`."""

from dataclasses import dataclass
from typing import Literal

from index.domain import FindingShown

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
class Changed:
    """Words that were altered, as offsets from the start of the text they stand in."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A stretch of a document's canonical text that is what was quoted, or the nearest to it.

    `paragraph` and `last_paragraph` are the first and the last that it touches, none where it lies in a heading; `changed`
    are its words that were quoted otherwise or not at all, `findings` what the editors found of the sentences it is from.
    """

    document: str
    start: int
    end: int
    text: str
    url: str
    paragraph: int | None
    last_paragraph: int | None
    changed: tuple[Changed, ...] = ()
    findings: tuple[FindingShown, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of the draft, as offsets into it, with its verdict; `document` is the one of the first place found.

    `changed` are its words that stand there otherwise or not at all; `claimed_paragraphs` are those that the draft names
    right behind it.
    """

    quoted: str
    start: int
    end: int
    verdict: Verdict
    document: str | None
    found: tuple[FoundPlace, ...]
    differences: tuple[Difference, ...]
    changed: tuple[Changed, ...] = ()
    claimed_paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """All quotations of a draft, in its order."""

    quotations: tuple[CheckedQuotation, ...]
