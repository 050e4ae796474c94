"""Read which paragraph a draft says a quotation is from, and tell where the quotation stands in another."""

import re
from collections.abc import Iterable

from index.quotations.domain import CheckedQuotation

MOST_CLAIMED = 50
"""Paragraphs: a range of more is no place."""

_IN_BRACKETS = re.compile(r"""[\s.,;:!?…]*["'”’»›“‘]{1,3}[\s.,;:]*\(([^()\n]{1,300})\)""")
_RANGE = r"\d{1,4}(?:\s*[-–—]\s*\d{1,4})?(?![\d.])"
_ONE = re.compile(rf"(?:\b(?:para|par)\b\.?|\bparagraph\b|(?<!¶)¶(?!¶))\s*({_RANGE})", re.IGNORECASE)
_SEVERAL = re.compile(
    rf"(?:\b(?:paras|pars)\b\.?|\bparagraphs\b|¶¶)\s*({_RANGE}(?:\s*(?:,\s*and|,|and|&)\s*{_RANGE})*)", re.IGNORECASE
)
_NUMBERS = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+))?")


def claimed_paragraphs(draft: str, end: int) -> tuple[int, ...]:
    """Return the paragraphs named in brackets right after the mark that closes the quotation ending at `end`."""
    bracketed = _IN_BRACKETS.match(draft, end)
    if bracketed is None:
        return ()
    named = (m[1] for form in (_ONE, _SEVERAL) for m in form.finditer(bracketed[1]))
    return tuple(sorted({number for numbers in named for number in _listed(numbers)}))


def claim_note(quotation: CheckedQuotation) -> str | None:
    """Return a sentence where the quotation stands in none of the paragraphs that it is claimed from, else None.

    Of what stands elsewhere there is nothing to say: another document's paragraphs are not those that were meant.
    """
    claimed = set(quotation.claimed_paragraphs)
    stands = [range(p.paragraph, (p.last_paragraph or p.paragraph) + 1) for p in quotation.found if p.paragraph is not None]
    if quotation.verdict == "elsewhere" or not claimed or not stands or any(claimed & set(numbers) for numbers in stands):
        return None
    first = [p for p in quotation.found if p.document == quotation.document and p.paragraph is not None]
    there = {n for p in first for n in range(p.paragraph or 0, (p.last_paragraph or 0) + 1)}
    says = "the nearest words stand" if quotation.verdict == "altered" else "it stands"
    where = paragraphs_in_words(there) if there else "no paragraph of that text"
    return f"Claimed from {paragraphs_in_words(claimed)}; {says} in {where}."


def _listed(numbers: str) -> Iterable[int]:
    for found in _NUMBERS.finditer(numbers):
        first, last = int(found[1]), int(found[2] or found[1])
        if first <= last < first + MOST_CLAIMED:
            yield from range(first, last + 1)


def paragraphs_in_words(numbers: Iterable[int]) -> str:
    """Return the paragraphs in words, those in a row as a range."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and rows[-1][1] == number - 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    words = [str(a) if a == b else f"{a}–{b}" for a, b in rows]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{'paragraph' if listed.isdecimal() else 'paragraphs'} {listed}"
