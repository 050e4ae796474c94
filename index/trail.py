"""Follow a note: the sentences of the article that cite a source, and the passages of that source nearest to each."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index.addresses import document_address, web_address
from index.arrays import Arrays
from index.domain import CitedAt, Document, Heading, Note, Paragraph, Passage, Provenance, Quotation, Reference, SourcePassage
from index.encoder import Encoding, Floats
from index.exports.text_fragments import with_text_fragment
from index.late_interaction import Stretches, shares
from index.opened import OpenedIndex
from index.passages import sentences

MOST_PASSAGES_SHOWN = 3
"""Of a source for one sentence of the article."""

CLOSE = 0.52
"""The score from which a passage is called close, as `tests/benchmarks/trail.py` fits it."""


def cited_at(article: Document, number: int) -> tuple[CitedAt, ...]:
    """Return the sentences and headings of the article that carry a note of this reference."""
    return tuple(_sentence_of(article, note) for note in article.notes if number in note.references)


def _sentence_of(document: Document, note: Note) -> CitedAt:
    blocks: list[Paragraph | Heading] = [*document.paragraphs, *document.headings]
    block = next(b for b in blocks if b.start <= note.at <= b.end)
    spans = sentences(document.text[block.start : block.end])
    before = [span for span in spans if block.start + span[0] < note.at] or spans
    start, end = (block.start + offset for offset in before[-1])
    return CitedAt(document.id, start, end, document.text[start:end], document_address(document.id, start, end))


def source_passages(index: OpenedIndex, reference: Reference, cited: Iterable[CitedAt]) -> tuple[SourcePassage, ...]:
    """Return for each citing sentence the held source's nearest passages, nearest first; none where it is not held.

    They are the same for as long as the index is open, and found once.
    """
    source = index.source_of(reference)
    if source is None:
        return ()
    if source.id not in index.trails:
        index.trails[source.id] = _trail(index, source, cited)
    return index.trails[source.id]


def _trail(index: OpenedIndex, source: Document, cited: Iterable[CitedAt]) -> tuple[SourcePassage, ...]:
    rows = index.passages_of.get(source.id, np.zeros(0, dtype=np.int64))
    return tuple(
        _shown(index, source, index.passages[row], float(score), at)
        for at, sentence in enumerate(cited)
        for row, score in _nearest(index, sentence, rows)
    )


def passages_beside(index: OpenedIndex, reference: Reference, found: Iterable[Quotation]) -> tuple[SourcePassage, ...]:
    """Return the held source's nearest passage for each sentence within the quotations that cites it."""
    if index.source_of(reference) is None:
        return ()
    cited = cited_at(index.documents[reference.article], reference.number)
    quoted = {at for at, s in enumerate(cited) for q in found if q.document.id == s.document and q.start < s.end <= q.end}
    nearest = {p.cited_at: p for p in reversed(source_passages(index, reference, cited))}
    return tuple(nearest[at] for at in sorted(quoted & set(nearest)))


def _nearest(index: OpenedIndex, sentence: CitedAt, rows: NDArray[np.int64]) -> list[tuple[np.int64, np.float64]]:
    encoding = _encoding(index, sentence)
    if encoding is None:
        return []
    scores = nearness(index.arrays, index.passage_token_weights, encoding, rows)
    best = np.argsort(-scores, kind="stable")[:MOST_PASSAGES_SHOWN]
    return [(rows[i], scores[i]) for i in best]


def nearness(arrays: Arrays, weights: Floats, sentence: Encoding, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how near each of these passages is to a sentence, up to 1: (rows,).

    The mean of how much of the sentence the passage covers, by late interaction with these token weights, and of the
    cosine of the passage's nearest sentence; the latter alone where there are no token states.
    """
    found = Stretches(arrays.passages, arrays.passages.firsts, rows)
    alone = np.maximum.reduceat(arrays.sentences.vectors[found.rows] @ sentence.vector, found.text_starts)
    covered = alone
    if arrays.passages.has_states:
        covered = found.covered_by_texts(found.similarities(sentence), shares(weights, sentence.tokens))
    return np.round((covered + alone).astype(np.float64) / 2, 6)


def _encoding(index: OpenedIndex, sentence: CitedAt) -> Encoding | None:
    """Return what the index holds of a sentence of the article; a heading is not held."""
    for row in index.passages_of.get(sentence.document, ()):
        passage = index.passages[row]
        if not passage.start < sentence.end <= passage.end:
            continue
        at = next(at for at, s in enumerate(passage.sentences) if s.end >= sentence.end)
        stretch = index.first_sentences[row] + at
        tokens = slice(*index.arrays.passages.rows[stretch : stretch + 2])
        states = index.arrays.passages.widened(tokens)
        ids = index.arrays.passages.tokens[tokens]
        return Encoding(index.arrays.sentences.vectors[stretch], states, ids, np.zeros((len(ids), 2), np.int32))
    return None


def _shown(index: OpenedIndex, source: Document, passage: Passage, score: float, at: int) -> SourcePassage:
    text = source.text[passage.start : passage.end]
    return SourcePassage(
        document=source.id, text=text, start=passage.start, end=passage.end, paragraph=passage.paragraph,
        score=score, verdict="close" if score >= CLOSE else "nothing_close", cited_at=at,
        url=document_address(source.id, passage.start, passage.end),
        publisher_url=_publisher_url(index.corpus.provenance.get(source.id), text, passage.paragraph),
    )  # fmt: skip


def _publisher_url(provenance: Provenance | None, text: str, paragraph: int) -> str | None:
    """Return the publisher's address opened at the words, of a PDF at their page."""
    url = web_address(provenance.final) if provenance else None
    if provenance is None or url is None:
        return None
    before = [page for page, first in (provenance.pages or {}).items() if first <= paragraph]
    return with_text_fragment(url, text, media_type=provenance.media_type or "", page=max(before, default=None))
