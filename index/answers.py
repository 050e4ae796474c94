"""Compose an answer from hits: quotations with their footnotes, each word checked against its document."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from index.addresses import document_address
from index.domain import (
    Answer,
    Citation,
    Document,
    DocumentLink,
    Highlight,
    Hit,
    IndexIdentity,
    Note,
    NotSearched,
    Paragraph,
    Passage,
    Place,
    Quotation,
    Reference,
    Sentence,
    Status,
    Target,
    TextPositionSelector,
    TextQuoteSelector,
)
from index.errors import BrokenPromise
from index.findings import findings_on
from index.opened import OpenedIndex
from index.quotation_marks import divided, quoted_spans
from index.repeats import best_sentence, without_repeats
from index.trail import passages_beside

MOST_OF_ONE_SOURCE = 3
"""Passages of one source in an answer: its text is its publisher's."""

CONTEXT = 32
"""Characters before and after in a TextQuoteSelector."""


def quotations(index: OpenedIndex, hits: Sequence[Hit], count: int, style: str) -> tuple[Quotation, ...]:
    """Return the first `count` hits that say different things as numbered quotations.

    Raises BrokenPromise where a word does not stand where it says.
    """
    different = without_repeats(index, _few_of_a_source(index, hits), count)
    found = tuple(_quotation(index, hit, again, number, style) for number, (hit, again) in enumerate(different, start=1))
    for quotation in found:
        check(quotation, index.documents[quotation.document.id])
    return found


def _few_of_a_source(index: OpenedIndex, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits but for those by which one answer would hold more of a publisher's text than may be shown at once."""
    shown: Counter[str] = Counter()
    kept = []
    for hit in hits:
        passage = index.passages[hit.passage]
        shown[passage.document] += passage.role == "source"
        if shown[passage.document] <= MOST_OF_ONE_SOURCE:
            kept.append(hit)
    return kept


def check(quotation: Quotation, document: Document) -> None:
    """Raise BrokenPromise unless the quotation stands verbatim in the document, and the document is as it was read."""
    unaltered = _sha256(document.text) == document.sha256 == quotation.document.sha256
    if not unaltered or document.text[quotation.start : quotation.end] != quotation.text:
        raise BrokenPromise(f"the quotation from {document.id} does not stand at {quotation.start}–{quotation.end}.")


@lru_cache(maxsize=1000)  # a text cannot change, and is found again by identity
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def compose(
    index: OpenedIndex, *, question: str, searched: str, status: Status, confidence: float,
    found: tuple[Quotation, ...], style: str, related_questions: tuple[str, ...] = (), degraded: tuple[str, ...] = (),
) -> Answer:  # fmt: skip
    """Return the answer; what was found is quoted as `passages`, or stands apart as `nearest` when it is no answer."""
    claimed = status != "not_found"
    return Answer(
        question=question, searched=searched, status=status, confidence=confidence,
        passages=found if claimed else (), nearest=() if claimed else found,
        references=_references(index, found, style),
        not_searched=() if status == "answered" else not_searched(index),
        related_questions=related_questions, degraded=degraded,
        index=IndexIdentity(index.fingerprint, index.encoder),
    )  # fmt: skip


def not_searched(index: OpenedIndex) -> tuple[NotSearched, ...]:
    """Return the cited sources whose text is not held, and why."""
    return tuple(
        NotSearched(r.article, r.number, r.reason or "The full text has not been obtained.")
        for r in index.corpus.references
        if r.status != "held"
    )


def _quotation(index: OpenedIndex, hit: Hit, again: Sequence[Hit], number: int, style: str) -> Quotation:
    passage = index.passages[hit.passage]
    document = index.documents[passage.document]
    best = passage.sentences[best_sentence(hit)]
    paragraph = next(p for p in document.paragraphs if p.number == passage.paragraph)
    return Quotation(
        number=number,
        text=document.text[passage.start : passage.end],
        highlights=_highlights(document, paragraph, passage, best),
        document=DocumentLink(document.id, document.title, document.kind, document.sha256, document.article),
        role=passage.role,
        start=passage.start,
        end=passage.end,
        section=paragraph.section,
        paragraph=passage.paragraph,
        notes=_notes(document, passage),
        citation=_citation(index, document, passage, paragraph.section, style),
        url=document_address(document.id, best.start, best.end),
        score=hit.score,
        also_at=tuple(_place(index, other) for other in again),
        target=_target(document, best.start, best.end),
        findings=findings_on(passage, document, index.corpus.references),
    )


def _highlights(document: Document, paragraph: Paragraph, passage: Passage, sentence: Sentence) -> tuple[Highlight, ...]:
    """Return the sentence, the author's own words apart from those that the sentence quotes from somebody."""
    quoted = quoted_spans(document.text, paragraph.start, paragraph.end)
    stretches = divided(sentence.start, sentence.end, quoted)
    return tuple(Highlight(a - passage.start, b - passage.start, within) for a, b, within in stretches)


def _place(index: OpenedIndex, hit: Hit) -> Place:
    passage = index.passages[hit.passage]
    sentence = passage.sentences[best_sentence(hit)]
    url = document_address(passage.document, sentence.start, sentence.end)
    return Place(passage.document, sentence.start, sentence.end, url)


def _notes(document: Document, passage: Passage) -> tuple[Note, ...]:
    return tuple(
        Note(n.number, n.at - passage.start, n.text, n.references)
        for n in document.notes
        if passage.start <= n.at <= passage.end
    )


def _target(document: Document, start: int, end: int) -> Target:
    text = document.text
    return Target(
        source=document_address(document.id),
        selector=(
            TextPositionSelector(start, end),
            TextQuoteSelector(text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]),
        ),
    )


def _citation(index: OpenedIndex, document: Document, passage: Passage, section: str | None, style: str) -> str:
    """Return the footnote of a passage: the work it is from, whose words they are, and where they stand."""
    if document.kind == "source" and document.reference is not None:
        return index.citations.reference(document.reference, style, document.article)
    article = index.citations.article(document.article, style)
    if document.kind == "references":
        return f"{article} Reference {passage.paragraph}."
    if document.kind == "metadata":
        return f"{article} Front matter."
    if document.kind == "annotation":
        return f"Editors’ words on reference {document.reference}, not the author’s. In the article: {article}"
    return index.citations.article(document.article, style, paragraph=passage.paragraph, section=section)


def _references(index: OpenedIndex, found: Sequence[Quotation], style: str) -> tuple[Citation, ...]:
    """Return the references that the quotations point to, once each, in order of number."""
    wanted: set[tuple[str, int]] = set()
    for quotation in found:
        document = index.documents[quotation.document.id]
        wanted |= {(document.article, number) for note in quotation.notes for number in note.references}
        if document.kind == "references":
            wanted.add((document.article, quotation.paragraph))
        elif document.reference is not None:
            wanted.add((document.article, document.reference))
    entries = [r for r in index.corpus.references if (r.article, r.number) in wanted]
    return tuple(_reference(index, r, style, found) for r in entries)


def _reference(index: OpenedIndex, r: Reference, style: str, found: Sequence[Quotation]) -> Citation:
    citation = index.citations.reference(r.number, style, r.article)
    passages = passages_beside(index, r, found)
    return Citation(r.article, r.number, r.printed, citation, r.url, r.status, r.editor_notes, passages)
