"""Compare wordings with note markers, emphasis and white space aside."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from index.domain import Document

_ASIDE = re.compile(r"\[\^[^\]\s]+\]|[\s*⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@lru_cache(maxsize=8192)
def compact(text: str) -> str:
    """Return the text in NFC without white space, superscript digits, `[^n]` and Markdown's `*`."""
    return _ASIDE.sub("", unicodedata.normalize("NFC", text))


def nearest_text(quote: str, documents: Sequence[Document]) -> tuple[str, str]:
    """Return (document id, text) of the stretch of the documents whose letters are most like the quote's."""
    best_score, best = -1.0, ("", "")
    for document in documents:
        found = fuzz.partial_ratio_alignment(quote, document.text)
        if found and found.score > best_score:
            best_score, best = found.score, (document.id, document.text[found.dest_start : found.dest_end])
    return best
