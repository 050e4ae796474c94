"""Say of a stretch of a document all that a quoter wants to know: its paragraph, its address, what the editors found there."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from index.addresses import document_address
from index.domain import Document, FindingShown, Reference, Sentence
from index.findings import findings_on
from index.passages import sentences
from index.quotations.altered import Altered
from index.quotations.chains import Chain
from index.quotations.changes import Change, changed_in_place
from index.quotations.domain import FoundPlace

LONGEST_LINK_INTO_A_SOURCE = 2000
"""Characters that a link into a publisher's text marks: as many as are shown of it at a time."""

Span = tuple[int, int]


class Placing:
    """What is known of the documents beside their texts, for the places of quotations in them."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._doubted: dict[str, list[Reference]] = {}
        for reference in references:
            if reference.findings:
                self._doubted.setdefault(reference.article, []).append(reference)
        self._sentences: dict[str, list[Span]] = {}
        self._findings: dict[tuple[str, Span], tuple[FindingShown, ...]] = {}

    def of_chain(self, chain: Chain, changes: Sequence[Change] = ()) -> list[FoundPlace]:
        """Return the stretch from the first part to the last; of a publisher's text only the parts."""
        if chain[0].document.kind == "source":
            return [self._place(m.document, m.start, m.end, changes) for m in chain]
        return [self._place(chain[0].document, chain[0].start, chain[-1].end, changes)]

    def of_altered(self, altered: Altered) -> list[FoundPlace]:
        """Return the nearest words, part by part."""
        return [self._place(document, start, end, altered.changes) for document, start, end in altered.places]

    def _place(self, document: Document, start: int, end: int, changes: Sequence[Change]) -> FoundPlace:
        shown = min(end, start + LONGEST_LINK_INTO_A_SOURCE) if document.kind == "source" else end
        address = document_address(document.id, start, shown)
        first, last = paragraphs_of(document, start, end)
        changed = changed_in_place(changes, start, end)
        findings = self._findings_on(document, start, end)
        return FoundPlace(document.id, start, end, document.text[start:end], address, first, last, changed, findings)

    def _findings_on(self, document: Document, start: int, end: int) -> tuple[FindingShown, ...]:
        """Return the findings on the sentences that the words are from: a note stands at the end of what it is about."""
        doubted = self._doubted.get(document.article)
        if not doubted or document.kind != "article":
            return ()
        whole = self._whole_sentences(document, start, end)
        key = document.id, whole
        if key not in self._findings:
            self._findings[key] = findings_on(Sentence(*whole), document, doubted)
        return self._findings[key]

    def _whole_sentences(self, document: Document, start: int, end: int) -> Span:
        if document.id not in self._sentences:
            self._sentences[document.id] = [
                (p.start + a, p.start + b) for p in document.paragraphs for a, b in sentences(document.text[p.start : p.end])
            ]
        spans = self._sentences[document.id]
        first = bisect_right(spans, start, key=lambda span: span[1])
        last = bisect_left(spans, end, key=lambda span: span[0])
        return (min(start, spans[first][0]), max(end, spans[last - 1][1])) if first < last else (start, end)


def paragraphs_of(document: Document, start: int, end: int) -> tuple[int, int] | tuple[None, None]:
    """Return the first and the last paragraph that the stretch touches; none where it lies in headings alone."""
    paragraphs = document.paragraphs
    first = bisect_right(paragraphs, start, key=lambda p: p.end)
    last = bisect_left(paragraphs, end, key=lambda p: p.start)
    return (paragraphs[first].number, paragraphs[last - 1].number) if first < last else (None, None)
