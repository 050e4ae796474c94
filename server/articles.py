"""Read from an article's front matter what its title page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.domain import Corpus, Document, Reference
from index.sources import Citations


@dataclass(frozen=True, slots=True)
class Article:
    """An article's title page; what the front matter lacks is absent."""

    id: str
    title: str
    authors: tuple[str, ...]
    affiliation: str | None
    keywords: tuple[str, ...]
    abstract: tuple[str, ...]
    license: str | None
    language: str
    journal: str | None
    date: str | None
    citation: str
    notes: int
    references: int
    held: int


def read_articles(corpus: Corpus, citations: Citations, style: str) -> dict[str, Article]:
    """Return the articles of the corpus by id, in its order."""
    documents = {document.id: document for document in corpus.documents}
    references: dict[str, list[Reference]] = {id: [] for id in corpus.articles}
    for reference in corpus.references:
        references[reference.article].append(reference)
    return {
        id: _article(documents[id], meta, citations.article(id, style), references[id]) for id, meta in corpus.articles.items()
    }


def _article(document: Document, meta: dict[str, Any], citation: str, references: Sequence[Reference]) -> Article:
    return Article(
        id=document.id, title=document.title, authors=tuple(_name(a) for a in _many(meta.get("author"))),
        affiliation=_text(meta.get("affiliation")), keywords=tuple(str(k) for k in _many(meta.get("keywords"))),
        abstract=tuple(document.text[p.start : p.end] for p in document.paragraphs if p.role == "abstract"),
        license=_text(meta.get("license")), language=_text(meta.get("lang") or meta.get("language")) or "en",
        journal=_text(meta.get("container-title")), date=_date(meta.get("issued") or meta.get("date")),
        citation=citation, notes=len(document.notes), references=len(references),
        held=sum(r.status == "held" for r in references),
    )  # fmt: skip


def _many(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _name(author: Any) -> str:
    if not isinstance(author, dict):
        return str(author)
    parts = (author.get("given"), author.get("non-dropping-particle"), author.get("family"))
    return str(author.get("literal") or " ".join(str(p) for p in parts if p))


def _date(value: Any) -> str | None:
    """Return a CSL date, or what YAML made of one, as year-month-day."""
    if isinstance(value, dict):
        parts = (value.get("date-parts") or [[]])[0]
        return "-".join(f"{int(part):02d}" for part in parts) or _text(value.get("raw") or value.get("literal"))
    return _text(value)
