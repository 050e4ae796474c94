"""Read a folder of Markdown and JSON into a Corpus."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from index.addresses import FIRST
from index.digests import files_digest
from index.documents import canonical, from_markdown, make_document
from index.domain import Corpus, Document, Kind, Provenance, Reference
from index.errors import CorpusError
from index.findings import with_places
from index.front_matter import split_front_matter
from index.ledger import LEDGER, LedgerEntry, read_ledger
from index.references import annotation_documents, read_references, references_document


def read_corpus(folder: Path) -> Corpus:
    """Return everything that can be quoted in this folder.

    Every `*.md` at its top is an article. `references.json` and `sources/` belong to `article.md`,
    or to `<name>.md` when they are called `<name>.references.json` and `<name>.sources/`.
    Raises CorpusError where a file is malformed or there is no article.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: there is no such folder; name a corpus folder with --corpus.")
    files = sorted(filter(Path.is_file, folder.glob("*.md")), key=lambda p: (p.stem != FIRST, p.name))
    if not files:
        raise CorpusError(f"{folder}: there is no article in it; put one there as a Markdown file with a 'title:'.")
    parts = [_read_article(path) for path in files]
    documents = tuple(d for part in parts for d in part.documents)
    _refuse_shared_ids(documents)
    return Corpus(
        documents=documents,
        references=tuple(r for part in parts for r in part.references),
        articles={id: meta for part in parts for id, meta in part.articles.items()},
        provenance={id: provenance for part in parts for id, provenance in part.provenance.items()},
    )


def corpus_files(folder: Path) -> list[Path]:
    """Return the files that hold what can be quoted, in a stable order."""
    patterns = ("*.md", "*references.json", "*sources/*.md", "question_index.jsonl", "calibration.json")
    return sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})


def corpus_digest(folder: Path) -> str:
    """Return the sha256 over the names and bytes of the files that hold what can be quoted."""
    return files_digest(folder, corpus_files(folder))


def ledger_digest(folder: Path) -> str:
    """Return the sha256 over the ledgers: `build` takes them up, but they make no index stale."""
    return files_digest(folder, sorted(folder.glob(f"*sources/{LEDGER}")))


def sources_folder(folder: Path, article: str) -> Path:
    """Return the folder that holds the texts of the article's sources."""
    return folder / ("sources" if article == FIRST else f"{article}.sources")


def read_text(path: Path, *, file: str | None = None) -> str:
    """Return the file's text; raise CorpusError, calling it `file`, where it is not UTF-8 or holds NUL bytes."""
    file = file or path.name
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CorpusError(f"{file}:{line}: the file is not UTF-8 text.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise CorpusError(f"{file}:{line}: the file is not text: it holds a NUL byte.")
    return text


def _refuse_shared_ids(documents: Sequence[Document]) -> None:
    ids = Counter(d.id for d in documents)
    id, times = ids.most_common(1)[0]
    if times > 1:
        raise CorpusError(f"two documents of the corpus would be called {id!r}; rename one of their files.")


def _read_article(path: Path) -> Corpus:
    """Return an article with what belongs to it."""
    id = path.stem
    prefix = "" if id == FIRST else f"{id}-"
    side = "" if id == FIRST else f"{id}."
    meta, document = _read_markdown(path, id=id, article=id)
    entries: tuple[Reference, ...] = ()
    listing = path.with_name(f"{side}references.json")
    if listing.is_file():
        entries = read_references(listing, article=id)
        document = _with_references(document, entries)
        entries = with_places(entries, document)
    sources_at = sources_folder(path.parent, id)
    sources = [_read_source(p, prefix, id) for p in sorted(sources_at.glob("*.md"))]
    held = {source.reference for _, source in sources}
    unlisted = sorted(n for n in held if n is not None and n not in {r.number for r in entries})
    if unlisted:
        raise CorpusError(f"{side}sources/{unlisted[0]}.md: there is no reference {unlisted[0]} in {listing.name}.")
    ledger = read_ledger(sources_at)
    entries = tuple(_with_result(r, ledger.get(r.number), is_held=r.number in held) for r in entries)
    found = [document, _about(meta, id, prefix)]
    if entries:
        found += [
            references_document(entries, article=id, prefix=prefix),
            *annotation_documents(entries, prefix=prefix),
        ]
    found += [source for _, source in sources]
    return Corpus(tuple(found), entries, {id: meta}, {source.id: provenance for provenance, source in sources})


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


def _read_source(path: Path, prefix: str, article: str) -> tuple[Provenance, Document]:
    if not path.stem.isdecimal():
        raise CorpusError(f"{path.parent.name}/{path.name}: a source's file is called by its reference's number, like 12.md.")
    number = int(path.stem)
    meta, document = _read_markdown(path, id=f"{prefix}source-{number}", article=article, reference=number)
    return _provenance(meta), document


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
    lines = meta.get("printed") or [meta["title"], _names(meta), meta.get("affiliation"), _keywords(meta)]
    return make_document(
        [str(line) for line in lines if line], id=f"{prefix}about", kind="metadata", title="About the article",
        role="metadata", article=article,
    )  # fmt: skip


def _names(meta: dict[str, Any]) -> str:
    authors = meta.get("author") or []
    authors = authors if isinstance(authors, list) else [authors]
    names = [
        a if isinstance(a, str) else a.get("literal") or f"{a.get('given', '')} {a.get('family', '')}".strip() for a in authors
    ]
    return ", ".join(names)


def _keywords(meta: dict[str, Any]) -> str:
    keywords = meta.get("keywords") or []
    words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else str(keywords)
    return f"Keywords: {words}" if words else ""
