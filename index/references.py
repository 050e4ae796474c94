"""Read `references.json` and make the documents that references bring: the printed list and the editors' words."""

import json
from pathlib import Path
from typing import Any

from index.documents import canonical, make_document
from index.domain import Document, Fact, Reference
from index.errors import CorpusError

_KEYS = {"number", "printed", "csl"}
_STATUSES = {"held", "page_read", "other_pages", "not_obtained"}


def read_references(path: Path, *, article: str) -> tuple[Reference, ...]:
    """Return the entries of `references.json` in order of number.

    Raises CorpusError, with the file and the line or entry, where it is not JSON or an entry is malformed.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CorpusError(f"{path.name}:1: the file is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path.name}:{error.lineno}: not JSON: {error.msg}.") from None
    if not isinstance(entries, list):
        raise CorpusError(f"{path.name}:1: expected a list of references.")
    references = [_reference(entry, f"{path.name}: entry {at}", article) for at, entry in enumerate(entries, start=1)]
    numbers = [r.number for r in references]
    if len(set(numbers)) != len(numbers):
        twice = next(n for n in numbers if numbers.count(n) > 1)
        raise CorpusError(f"{path.name}: reference {twice} is there twice.")
    return tuple(sorted(references, key=lambda r: r.number))


def _reference(entry: Any, place: str, article: str) -> Reference:
    missing = sorted(_KEYS - set(entry)) if isinstance(entry, dict) else sorted(_KEYS)
    if missing:
        raise CorpusError(f"{place}: {missing[0]!r} is missing.")
    if not isinstance(entry["number"], int) or not isinstance(entry["printed"], str) or not isinstance(entry["csl"], dict):
        raise CorpusError(f"{place}: 'number' must be a whole number, 'printed' a text and 'csl' a CSL-JSON item.")
    status = entry.get("status", "not_obtained")
    if status not in _STATUSES:
        raise CorpusError(f"{place}: 'status' is {status!r}; expected one of {', '.join(sorted(_STATUSES))}.")
    return Reference(
        number=entry["number"], printed=canonical(entry["printed"]), csl=entry["csl"],
        differences=tuple(entry.get("differences") or ()), annotation=entry.get("annotation"),
        editor_notes=entry.get("editor_notes"),
        facts=tuple(Fact(f["text"], tuple(f.get("urls", ()))) for f in entry.get("facts") or ()),
        status=status, reason=entry.get("reason"), duplicate_of=entry.get("duplicate_of"),
        checked=entry.get("checked"), article=article,
    )  # fmt: skip


def references_document(references: tuple[Reference, ...], *, article: str, prefix: str) -> Document:
    """Return the printed list as a document: entry n is its paragraph n."""
    return make_document(
        [r.printed for r in references], id=f"{prefix}references", kind="references", title="References",
        role="reference", article=article,
    )  # fmt: skip


def annotation_documents(references: tuple[Reference, ...], *, prefix: str) -> list[Document]:
    """Return a document for each reference of which the editors have something to say."""
    documents = []
    for r in references:
        words = [w for w in (r.annotation, *(f.text for f in r.facts), r.editor_notes) if w]
        if words:
            documents.append(
                make_document(
                    words, id=f"{prefix}annotation-{r.number}", kind="annotation", role="annotation",
                    title=f"Editors’ words on reference {r.number}: {r.csl.get('title') or r.printed}",
                    reference=r.number, article=r.article,
                )  # fmt: skip
            )
    return documents
