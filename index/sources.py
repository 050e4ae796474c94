"""The ledger: each reference with all that is known of it, the sentences that cite it, and what the source says there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, Self

from index.addresses import web_address
from index.domain import CitedAt, Corpus, Fact, Provenance, Reference, SourcePassage
from index.errors import FootnoteError
from index.opened import OpenedIndex
from index.trail import cited_at, source_passages

Trail = Callable[[Reference, Sequence[CitedAt]], tuple[SourcePassage, ...]]
"""Gives the passages of a reference's text that are nearest to the sentences that cite it."""


class Citations(Protocol):
    """What is asked of the index's citations."""

    def reference(self, number: int, style: str, article: str = "article") -> str:
        """Return the reference as the style writes it."""
        ...

    def article(self, article_id: str, style: str, paragraph: int | None = None, section: str | None = None) -> str:
        """Return the article, or a paragraph of it and its section, as the style cites it."""
        ...


class UnknownSource(FootnoteError):
    """There is no reference with this number; the message says so."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A reference with all that is known of it; annotation, editor's notes, facts and findings are the editors' words."""

    number: int
    printed: str
    citation: str
    url: str | None
    status: str
    reason: str | None
    annotation: str | None
    editor_notes: str | None
    facts: tuple[Fact, ...]
    findings: tuple[str, ...]
    differences: tuple[str, ...]
    checked: str | None
    asked_at: str | None
    cited_at: tuple[CitedAt, ...]
    duplicate_of: int | None
    document: str | None
    article: str
    passages: tuple[SourcePassage, ...]
    provenance: Provenance | None


@dataclass(frozen=True, slots=True)
class SourceList:
    """Every reference of the corpus, in the order of the articles and their numbers."""

    sources: tuple[SourceView, ...]


class Ledger:
    """Everything that is known of the references of a corpus."""

    def __init__(self, corpus: Corpus, citations: Citations, trail: Trail) -> None:
        self._corpus = corpus
        self._citations = citations
        self._trail = trail
        self._documents = {document.id: document for document in corpus.documents}
        self._held = {(d.article, d.reference): d.id for d in corpus.documents if d.kind == "source"}

    @classmethod
    def of(cls, index: OpenedIndex) -> Self:
        """Return what is known of the sources that the articles of an index cite."""
        return cls(index.corpus, index.citations, partial(source_passages, index))

    def sources(self, style: str) -> SourceList:
        """Return every reference of the corpus as a source."""
        return SourceList(tuple(self._view(reference, style) for reference in self._corpus.references))

    def source(self, number: str, style: str, *, article: str | None = None) -> SourceView:
        """Return the source with this number, of the named article or of the first that has references.

        Raises UnknownSource.
        """
        named = [r for r in self._corpus.references if article in (None, r.article)]
        for reference in named:
            if str(reference.number) == number and reference.article == named[0].article:
                return self._view(reference, style)
        raise UnknownSource(f"There is no source {number}{f' in {article}' if article else ''}.")

    def _view(self, reference: Reference, style: str) -> SourceView:
        held = self._held.get((reference.article, reference.number))
        cited = cited_at(self._documents[reference.article], reference.number)
        return SourceView(
            number=reference.number, printed=reference.printed,
            citation=self._citations.reference(reference.number, style, article=reference.article),
            url=web_address(reference.url), status=reference.status, reason=reference.reason,
            annotation=reference.annotation, editor_notes=reference.editor_notes, facts=reference.facts,
            findings=tuple(f.text for f in reference.findings), differences=reference.differences,
            checked=reference.checked, asked_at=reference.asked_at, cited_at=cited, duplicate_of=reference.duplicate_of,
            document=held, article=reference.article, passages=self._trail(reference, cited),
            provenance=self._corpus.provenance.get(held) if held else None,
        )  # fmt: skip
