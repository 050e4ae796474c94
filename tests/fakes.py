"""A searcher that needs no index: it answers from the real article by counting words in common."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from index.addresses import document_address
from index.corpus import read_corpus
from index.documents import make_document
from index.domain import (
    Answer,
    Citation,
    CitedAt,
    Corpus,
    Document,
    DocumentLink,
    Fact,
    Highlight,
    IndexIdentity,
    NotSearched,
    Paragraph,
    Place,
    Quotation,
    Reference,
    SourcePassage,
    Target,
    TextPositionSelector,
    TextQuoteSelector,
)
from index.errors import BadQuestion
from index.levels import Level
from index.passages import sentences
from index.references import annotation_documents, references_document
from index.sources import Ledger

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
HELD = 11
_STOP = {"the", "of", "and", "a", "to", "in", "did", "what", "when", "who", "how", "why", "is", "was", "were"}


class FakeCitations:
    """Formats a citation plainly."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def reference(self, number: int, style: str, article: str = "article") -> str:
        """Return the printed entry, named after the style."""
        found = next(r for r in self._corpus.references if (r.number, r.article) == (number, article))
        return found.printed if style == "chicago" else f"{found.printed} ({style})"

    def article(self, article_id: str, style: str, paragraph: int | None = None, section: str | None = None) -> str:
        """Return author, title and paragraph."""
        where = f", para. {paragraph}" if paragraph else ""
        return f"Muhammad Khan, “{self._corpus.document(article_id).title},” n.d.{where}."


class FakeSearcher:
    """Answers `answered` with three shared words, `related` with two, `not_found` with fewer."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.citations = FakeCitations(corpus)
        self.ledger = Ledger(corpus, self.citations, self._trail)
        self.identity = IndexIdentity("f00dfeed" * 8, "none")
        self.starters = ("What is a strategic relationship?", "Who visited Moscow?")
        self.indexed_questions = 0
        self.closed = False
        self.without_server: str | None = None
        self.measured: Level | None = Level("high", 139, 90, 35, elsewhere=False)

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        previous: tuple[str, ...] = (),
        as_typed: bool = False,
        style: str = "chicago",
    ) -> Answer:
        """Return the paragraphs with the most words of the question."""
        if len(question) > 1000:
            raise BadQuestion("The question is longer than 1,000 characters.")
        if not re.search(r"\w", question):
            raise BadQuestion("There is no word in the question.")
        searched = question if as_typed or not previous else f"{previous[-1]} {question}"
        ranked = sorted(self._scored(words(searched)), key=lambda found: -found[0])[:k]
        best = int(ranked[0][0])
        status = "answered" if best >= 3 else "related" if best == 2 else "not_found"
        quotations = tuple(
            self._quote(number, score, document, paragraph, words(searched), style)
            for number, (score, document, paragraph) in enumerate(ranked, start=1)
            if score > 0
        )
        return Answer(
            question=question, searched=searched, status=status, confidence=min(best / 4, 1.0),
            passages=quotations if status != "not_found" else (), nearest=quotations if status == "not_found" else (),
            references=tuple(self._cited(quotations, style)),
            not_searched=tuple(
                NotSearched(r.article, r.number, r.reason or "Its text could not be obtained.")
                for r in self.corpus.references if r.status != "held"
            ),
            related_questions=("When were ambassadors first exchanged?",) if status == "not_found" else (),
            degraded=(), index=self.identity,
        )  # fmt: skip

    def level(self, answer: Answer) -> Level | None:
        """Return what was measured, for any answer."""
        return self.measured

    def _trail(self, reference: Reference, cited: Sequence[CitedAt]) -> tuple[SourcePassage, ...]:
        """Return the first paragraph of a held source for each sentence that cites it, close where they share a word."""
        held = [d for d in self.corpus.documents if d.kind == "source" and d.reference == reference.number]
        return tuple(self._beside(document, sentence, at) for document in held for at, sentence in enumerate(cited))

    def _beside(self, source: Document, sentence: CitedAt, at: int) -> SourcePassage:
        first = source.paragraphs[0]
        text = source.text[first.start : first.end]
        shared = words(text) & words(sentence.text)
        return SourcePassage(
            document=source.id, text=text, start=first.start, end=first.end, paragraph=first.number,
            score=float(bool(shared)), verdict="close" if shared else "nothing_close", cited_at=at,
            url=document_address(source.id, first.start, first.end), publisher_url=None,
        )  # fmt: skip

    def close(self) -> None:
        """Note that the searcher was closed."""
        self.closed = True

    def _scored(self, wanted: set[str]) -> Iterable[tuple[float, Document, Paragraph]]:
        for document in self.corpus.documents:
            for paragraph in document.paragraphs:
                shared = wanted & words(document.text[paragraph.start : paragraph.end])
                bonus = {"article": 0.5, "source": 0.4, "annotation": 0.3}.get(document.kind, 0.0)
                yield len(shared) + bonus if shared else 0.0, document, paragraph

    def _quote(
        self, number: int, score: float, document: Document, paragraph: Paragraph, wanted: set[str], style: str
    ) -> Quotation:
        start, end = paragraph.start, paragraph.end
        text = document.text[start:end]
        first, last = max(sentences(text), key=lambda s: len(wanted & words(text[s[0] : s[1]])))
        url = document_address(document.id, start + first, start + last)
        exact = text[first:last]
        return Quotation(
            number=number, text=text, highlights=(Highlight(first, last, within_quotation="“" in exact),),
            document=DocumentLink(document.id, document.title, document.kind, document.sha256, document.article),
            role=paragraph.role,
            start=start, end=end, section=paragraph.section, paragraph=paragraph.number,
            notes=tuple(replace(n, at=n.at - start) for n in document.notes if start < n.at <= end),
            citation=self._citation(document, paragraph, style), url=url, score=round(score, 4),
            also_at=(Place("about", 0, 5, document_address("about", 0, 5)),) if paragraph.role == "abstract" else (),
            target=Target(url, (
                TextPositionSelector(start + first, start + last),
                TextQuoteSelector(exact, text[max(first - 32, 0) : first], text[last : last + 32]),
            )),
        )  # fmt: skip

    def _citation(self, document: Document, paragraph: Paragraph, style: str) -> str:
        if document.reference:
            return self.citations.reference(document.reference, style, document.article)
        return self.citations.article(document.article, style, paragraph.number)

    def _cited(self, quotations: Iterable[Quotation], style: str) -> Iterable[Citation]:
        wanted = {(q.document.article, n) for q in quotations for note in q.notes for n in note.references}
        wanted |= {(q.document.article, r) for q in quotations if (r := self.corpus.document(q.document.id).reference)}
        for r in self.corpus.references:
            if (r.article, r.number) in wanted:
                citation = self.citations.reference(r.number, style, r.article)
                yield Citation(r.article, r.number, r.printed, citation, r.url, r.status, r.editor_notes)


def words(text: str) -> set[str]:
    """Return the words of a text that tell something."""
    return set(re.findall(r"\w+", text.lower())) - _STOP


def fake_corpus() -> Corpus:
    """Return the real article with a reference for each of its notes and one source whose text is held."""
    corpus = read_corpus(CORPUS)
    article = replace(
        corpus.document("article"),
        notes=tuple(replace(n, references=(n.number,)) for n in corpus.document("article").notes),
    )
    references = tuple(_reference(n.number, n.text) for n in article.notes)
    source = make_document(
        [f"Sentence {n} of the held source speaks of helicopters and of nothing else at all." * 6 for n in range(1, 9)],
        id=f"source-{HELD}", kind="source", title="A held source", role="source", reference=HELD, article="article",
    )  # fmt: skip
    about = corpus.document("about")
    listed = references_document(references, article="article", prefix="")
    return Corpus((article, about, listed, *annotation_documents(references, prefix=""), source), references, corpus.articles)


def _reference(number: int, printed: str) -> Reference:
    address = re.search(r"https?://[^\s>]+", printed)
    return Reference(
        number=number, printed=printed, csl={"title": printed[:40], **({"URL": address[0]} if address else {})},
        differences=("The date is misprinted.",) if number == 5 else (),
        annotation="It tells of a balloon, read by the editors." if number == 3 else None,
        editor_notes="Title and date not confirmed." if number % 4 == 0 else None,
        facts=(Fact("Another page tells the same.", ("https://example.org/page", "javascript:alert(1)")),)
        if number == 7
        else (),
        status="held" if number == HELD else "page_read" if number == 3 else "not_obtained",
        reason=None if number == HELD else "The site did not answer.", duplicate_of=16 if number == 22 else None,
        checked="2026-11-20",
    )  # fmt: skip
