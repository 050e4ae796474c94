"""Cut documents into sentences and passages, as offsets.

A passage is whole sentences of one paragraph and fits the encoder, so nothing is invisible to dense
search. A paragraph that fits is one passage; a longer one is divided evenly. nupunkt finds the sentences;
superscripts are masked for it, and a few abbreviations it does not know are mended.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from index.domain import CutDocument, Document, Paragraph, Passage, Sentence

CUTTING_RULES = "2026-11-26"
"""Changes when the same text would be cut differently; part of the index fingerprint."""

TARGET_TOKENS = 200
_MASKED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_ABBREVIATED = re.compile(
    r"(?:\bU\.\s?[SKN]\.|\b(?:i\.e|e\.g|Lt|Col|Maj|Brig|Gen|Capt|Adm|Sgt|Hon|No|Vol|cf|approx)\.|(?:^|\s)\(?\d{1,2}\.)$"
)
_LONGEST_ABBREVIATION = 8
_LONGEST_TOKEN = 20
"""Characters. No more than so many a token, and twice as many as the piece before had, are counted at once of a sentence too
long for the encoder: one that is all one word would else be counted whole for each of its pieces."""
TokenCount = Callable[[str], int]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of a paragraph, white space left out."""
    from nupunkt import sent_spans

    spans: list[tuple[int, int]] = []
    for start, end in sent_spans(_MASKED.sub(" ", text)):
        if spans and _is_abbreviated(text, *spans[-1]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


def _is_abbreviated(text: str, start: int, end: int) -> bool:
    """Tell whether the stretch, white space behind it aside, ends with an abbreviation."""
    start, end = _trimmed(text, start, end)
    return start < end and bool(_ABBREVIATED.search(text, max(end - _LONGEST_ABBREVIATION, 0), end))


def cut(document: Document, *, count_tokens: TokenCount, limit: int) -> list[Passage]:
    """Return the document's passages; `limit` is the most tokens that the encoder reads of one."""
    return [
        passage for paragraph in document.paragraphs for passage in _cut_paragraph(document, paragraph, count_tokens, limit)
    ]


def cut_whole(document: Document) -> list[Passage]:
    """Return each paragraph as one passage with its sentences whole, whatever an encoder reads at once."""
    return cut(document, count_tokens=lambda text: 0, limit=0)


def cut_all_whole(documents: Iterable[Document]) -> list[CutDocument]:
    """Return each document with its paragraphs as passages, as `cut_whole` cuts them."""
    return [CutDocument(document, tuple(cut_whole(document))) for document in documents]


def _cut_paragraph(document: Document, paragraph: Paragraph, count_tokens: TokenCount, limit: int) -> list[Passage]:
    text = document.text[paragraph.start : paragraph.end]
    pieces = [p for start, end in sentences(text) for p in _fitting(text, start, end, count_tokens, limit)]
    spans = [Sentence(paragraph.start + start, paragraph.start + end) for start, end in pieces]
    costs = [count_tokens(text[start:end]) for start, end in pieces]
    return [
        Passage(document.id, group[0].start, group[-1].end, paragraph.role, paragraph.number, tuple(group))
        for group in _divide(spans, costs, limit)
    ]


def _divide(spans: Sequence[Sentence], costs: Sequence[int], limit: int) -> list[Sequence[Sentence]]:
    """Divide into as few groups as the target allows, of as even a length as whole sentences permit."""
    total = sum(costs)
    if total <= limit:
        return [spans] if spans else []
    share = total / max(2, round(total / TARGET_TOKENS))
    groups: list[Sequence[Sentence]] = []
    begin, filled, done = 0, 0, 0.0
    for at, cost in enumerate(costs):
        overflows = filled + cost > limit
        past_share = done + filled + cost / 2 > share * (len(groups) + 1)
        if filled and (overflows or past_share):
            groups.append(spans[begin:at])
            begin, done, filled = at, done + filled, 0
        filled += cost
    return [*groups, spans[begin:]]


def _fitting(text: str, start: int, end: int, count_tokens: TokenCount, limit: int) -> list[tuple[int, int]]:
    """Return a sentence as it is, or one too long for the encoder in pieces ending at white space."""
    if count_tokens(text[start:end]) <= limit:
        return [(start, end)]
    pieces = []
    longest = limit * _LONGEST_TOKEN
    while start < end:
        stop = min(end, start + longest)
        while count_tokens(text[start:stop]) > limit:
            half = start + (stop - start) * 3 // 4
            space = max(text.rfind(c, start + 1, half) for c in " \n")
            stop = space if space > start else max(half, start + 1)
        pieces.append(_trimmed(text, start, stop))
        longest = min(limit * _LONGEST_TOKEN, 2 * (stop - start))
        start = stop
    return [p for p in pieces if p[0] < p[1]]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
