"""Read a folder of Markdown and JSON into a Corpus."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from index.addresses import FIRST
from index.canonical import canonical
from index.corpus_files import read_text, reading, sources_folder
from index.documents import from_markdown, make_document
from index.domain import Corpus, Document, Kind, Provenance, Reference
from index.errors import CorpusError
from index.findings import with_places
from index.front_matter import split_front_matter
from index.ledger import LedgerEntry, read_ledger
from index.references import annotation_documents, read_references, references_document


def read_corpus(folder: Path) -> Corpus:
    """Return everything that can be quoted in this folder.

    Raises CorpusError where a file is malformed or there is no article.
    """
    reader = CorpusReader(folder)
    documents = tuple(reader.documents())
    return replace(reader.works, documents=documents)


class CorpusReader:
    """Reads a corpus folder a document at a time.

    Every `*.md` at its top is an article. `references.json` and `sources/` belong to `article.md`,
    or to `<name>.md` when they are called `<name>.references.json` and `<name>.sources/`.
    """

    def __init__(self, folder: Path) -> None:
        """Look for the articles; raise CorpusError where there is no such folder or no article in it."""
        if not folder.is_dir():
            raise CorpusError(f"{folder}: there is no such folder; name a corpus folder with --corpus.")
        self._files = sorted(filter(Path.is_file, folder.glob("*.md")), key=lambda p: (p.stem != FIRST, p.name))
        if not self._files:
            raise CorpusError(f"{folder}: there is no article in it; put one there as a Markdown file with a 'title:'.")
        self._ids: set[str] = set()
        self._references: list[Reference] = []
        self._articles: dict[str, dict[str, Any]] = {}
        self._provenance: dict[str, Provenance] = {}

    @property
    def works(self) -> Corpus:
        """Return what is known of the works whose documents were read, without the documents."""
        return Corpus((), tuple(self._references), dict(self._articles), dict(self._provenance))

    def documents(self) -> Iterator[Document]:
        """Yield each document; raise CorpusError where a file is malformed or cannot be read."""
        with reading():
            for path in self._files:
                for document in self._of_article(path):
                    self._refuse_known_id(document.id)
                    yield document

    def _refuse_known_id(self, id: str) -> None:
        if id in self._ids:
            raise CorpusError(f"two documents of the corpus would be called {id!r}; rename one of their files.")
        self._ids.add(id)

    def _of_article(self, path: Path) -> Iterator[Document]:
        """Yield an article and what belongs to it: front matter, reference list, annotations, the texts of its sources."""
        id = path.stem
        prefix = "" if id == FIRST else f"{id}-"
        side = "" if id == FIRST else f"{id}."
        sources_at = sources_folder(path.parent, id)
        sources = [(_reference_number(p), p) for p in sorted(filter(Path.is_file, sources_at.glob("*.md")))]
        held = {number for number, _ in sources}
        meta, document = _read_markdown(path, id=id, article=id)
        entries: tuple[Reference, ...] = ()
        listing = path.with_name(f"{side}references.json")
        if listing.is_file():
            entries = read_references(listing, article=id)
            document = _with_references(document, entries)
            entries = with_places(entries, document)
        unlisted = sorted(held - {r.number for r in entries})
        if unlisted:
            raise CorpusError(f"{side}sources/{unlisted[0]}.md: there is no reference {unlisted[0]} in {listing.name}.")
        ledger = read_ledger(sources_at)
        entries = tuple(_with_result(r, ledger.get(r.number), is_held=r.number in held) for r in entries)
        self._articles[id] = meta
        self._references += entries
        yield document
        yield _about(meta, id, prefix)
        if entries:
            yield references_document(entries, article=id, prefix=prefix)
            yield from annotation_documents(entries, prefix=prefix)
        for number, source in sources:
            meta, document = _read_markdown(source, id=f"{prefix}source-{number}", article=id, reference=number)
            self._provenance[document.id] = _provenance(meta)
            yield document


def _reference_number(source: Path) -> int:
    if not source.stem.isdecimal():
        raise CorpusError(
            f"{source.parent.name}/{source.name}: a source's file is called by its reference's number, like 12.md."
        )
    return int(source.stem)


def _with_result(reference: Reference, entry: LedgerEntry | None, *, is_held: bool) -> Reference:
    """Return the reference as it stands with us: its text held, or why and since when it could not be had."""
    asked_at = entry.at if entry else None
    if is_held:
        return replace(reference, status="held", reason=None, asked_at=asked_at)
    if entry is None or entry.reason is None:
        return reference
    known = reference.status if reference.status != "held" else "not_obtained"
    return replace(reference, status=known, reason=f"Not obtained: {entry.reason}.", asked_at=asked_at)


def _read_markdown(path: Path, *, id: str, article: str, reference: int | None = None) -> tuple[dict[str, Any], Document]:
    file = path.name if reference is None else f"{path.parent.name}/{path.name}"
    meta, body, first_line = split_front_matter(read_text(path, file=file), file=file)
    title = meta.get("title")
    if not isinstance(title, str) or not title.strip():
        raise CorpusError(f"{file}:2: the front matter has no 'title'.")
    kind: Kind = "article" if reference is None else "source"
    document = from_markdown(
        body, id=id, kind=kind, title=canonical(title), file=file, first_line=first_line, reference=reference,
        article=article,
    )  # fmt: skip
    if not document.paragraphs:
        raise CorpusError(f"{file}:{first_line + 1}: there is no text below the front matter.")
    return meta, document


def _provenance(meta: dict[str, Any]) -> Provenance:
    known = {f.name: str(meta[f.name]) for f in fields(Provenance) if f.name != "pages" and meta.get(f.name) is not None}
    pages = meta.get("pages")
    numbers = {p: n for p, n in pages.items() if type(p) is type(n) is int} if isinstance(pages, dict) else None
    return Provenance(**known, pages=numbers or None)


def _with_references(document: Document, references: tuple[Reference, ...]) -> Document:
    """Let each note point to the references whose printed entry its text holds."""
    notes = tuple(
        replace(note, references=tuple(r.number for r in references if r.printed in note.text)) for note in document.notes
    )
    return replace(document, notes=notes)


def _about(meta: dict[str, Any], article: str, prefix: str) -> Document:
    """Return the front matter as printed, or else as its fields say it."""
    said = [meta["title"], _names(meta), meta.get("affiliation"), _keywords(meta)]
    printed = meta.get("printed")
    lines = [line for line in (printed if isinstance(printed, list) else [printed]) if line and str(line).strip()]
    return make_document(
        [str(line) for line in lines or said if line], id=f"{prefix}about", kind="metadata", title="About the article",
        role="metadata", article=article,
    )  # fmt: skip


def _names(meta: dict[str, Any]) -> str:
    authors = meta.get("author") or []
    authors = authors if isinstance(authors, list) else [authors]
    names = [
        a.get("literal") or f"{a.get('given') or ''} {a.get('family') or ''}".strip() if isinstance(a, dict) else a
        for a in authors
    ]
    return ", ".join(str(name) for name in names if name)


def _keywords(meta: dict[str, Any]) -> str:
    keywords = meta.get("keywords") or []
    words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else str(keywords)
    return f"Keywords: {words}" if words else ""
