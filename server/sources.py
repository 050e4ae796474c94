"""Make what the sources page and its JSON twin show: each reference with all that is known of it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from index.addresses import document_address
from index.domain import Corpus, Document, Fact, Heading, Note, Paragraph, Reference
from index.passages import sentences
from server.addresses import web_address


class Citations(Protocol):
    """What is asked of the index's citations."""

    def reference(self, number: int, style: str, article: str = "article") -> str:
        """Return the reference as the style writes it."""
        ...

    def article(self, article_id: str, style: str, paragraph: int | None = None) -> str:
        """Return the article, or a paragraph of it, as the style cites it."""
        ...


class UnknownSource(KeyError):
    """There is no reference with this number."""


@dataclass(frozen=True, slots=True)
class CitedAt:
    """A sentence or heading of the article that carries the reference's note."""

    document: str
    start: int
    end: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """The stretch of a held source nearest to a sentence that cites it: a promise of the JSON, while no source is held."""

    text: str
    start: int
    end: int
    score: float
    verdict: Literal["close", "nothing_close"]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A reference with all that is known of it; annotation, editor's notes and facts are the editors' words."""

    number: int
    printed: str
    citation: str
    url: str | None
    status: str
    reason: str | None
    annotation: str | None
    editor_notes: str | None
    facts: tuple[Fact, ...]
    differences: tuple[str, ...]
    checked: str | None
    cited_at: tuple[CitedAt, ...]
    duplicate_of: int | None
    document: str | None
    article: str
    passages: tuple[SourcePassage, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceList:
    """Every reference of the corpus, in the order of the articles and their numbers."""

    sources: tuple[SourceView, ...]


def view_sources(corpus: Corpus, citations: Citations, style: str) -> SourceList:
    """Return every reference of the corpus as a source."""
    return SourceList(tuple(_view_source(corpus, citations, reference, style) for reference in corpus.references))


def view_source(corpus: Corpus, citations: Citations, number: str, style: str, *, article: str | None = None) -> SourceView:
    """Return the source with this number, of the named article or of the first that has references.

    Raises UnknownSource.
    """
    named = [r for r in corpus.references if article in (None, r.article)]
    for reference in named:
        if str(reference.number) == number and reference.article == named[0].article:
            return _view_source(corpus, citations, reference, style)
    raise UnknownSource(number)


def _view_source(corpus: Corpus, citations: Citations, reference: Reference, style: str) -> SourceView:
    held = [d.id for d in corpus.documents if d.kind == "source" and _belongs(d, reference)]
    return SourceView(
        number=reference.number, printed=reference.printed,
        citation=citations.reference(reference.number, style, article=reference.article),
        url=web_address(reference.url), status=reference.status, reason=reference.reason,
        annotation=reference.annotation, editor_notes=reference.editor_notes, facts=reference.facts,
        differences=reference.differences, checked=reference.checked,
        cited_at=_cited_at(corpus.document(reference.article), reference.number),
        duplicate_of=reference.duplicate_of, document=held[0] if held else None, article=reference.article,
    )  # fmt: skip


def _belongs(document: Document, reference: Reference) -> bool:
    return (document.article, document.reference) == (reference.article, reference.number)


def _cited_at(article: Document, number: int) -> tuple[CitedAt, ...]:
    return tuple(_sentence_of(article, note) for note in article.notes if number in note.references)


def _sentence_of(document: Document, note: Note) -> CitedAt:
    blocks: list[Paragraph | Heading] = [*document.paragraphs, *document.headings]
    block = next(b for b in blocks if b.start <= note.at <= b.end)
    spans = sentences(document.text[block.start : block.end])
    before = [span for span in spans if block.start + span[0] < note.at] or spans
    start, end = (block.start + offset for offset in before[-1])
    return CitedAt(document.id, start, end, document.text[start:end], document_address(document.id, start, end))
