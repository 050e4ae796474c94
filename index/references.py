"""Read `references.json` and make the documents that references bring: the printed list and the editors' words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.canonical import canonical
from index.documents import make_document
from index.domain import Document, Reference
from index.errors import CorpusError
from index.front_matter import can_be_stored

_ENTRY = TypeAdapter(Reference)


def read_references(path: Path, *, article: str) -> tuple[Reference, ...]:
    """Return the entries of `references.json` in order of number.

    Raises CorpusError, with the file and the line or entry, where it is not JSON or an entry is malformed.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CorpusError(f"{path.name}:1: the file is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise CorpusError(f"{path.name}:{error.lineno}: not JSON: {error.msg}.") from None
    except (ValueError, RecursionError):
        raise CorpusError(f"{path.name}: the file is nested too deeply or holds too long a number.") from None
    if not isinstance(entries, list):
        raise CorpusError(f"{path.name}:1: expected a list of references.")
    references = [_reference(entry, f"{path.name}: entry {at}", article) for at, entry in enumerate(entries, start=1)]
    numbers = [r.number for r in references]
    if len(set(numbers)) != len(numbers):
        twice = next(n for n in numbers if numbers.count(n) > 1)
        raise CorpusError(f"{path.name}: reference {twice} is there twice.")
    return tuple(sorted(references, key=lambda r: r.number))


def _reference(entry: Any, place: str, article: str) -> Reference:
    if not isinstance(entry, dict):
        raise CorpusError(f"{place}: expected an object with 'number', 'printed' and 'csl'.")
    said = {key: value for key, value in entry.items() if value is not None}
    try:
        reference = _ENTRY.validate_json(json.dumps(said | {"article": article}), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{place}: {f'{field!r}: ' if field else ''}{first['msg']}.") from None
    if not can_be_stored(said):
        raise CorpusError(f"{place}: it is nested too deeply.")
    printed = canonical(reference.printed)
    if not printed:
        raise CorpusError(f"{place}: 'printed' is empty.")
    return replace(reference, printed=printed)


def references_document(references: tuple[Reference, ...], *, article: str, prefix: str) -> Document:
    """Return the printed list as a document: entry n is its paragraph n, also where numbers are left out."""
    return make_document(
        [r.printed for r in references], id=f"{prefix}references", kind="references", title="References",
        role="reference", article=article, numbers=[r.number for r in references],
    )  # fmt: skip


def annotation_documents(references: tuple[Reference, ...], *, prefix: str) -> Iterator[Document]:
    """Yield a document for each reference of which the editors have something to say."""
    for r in references:
        words = [w for w in (r.annotation, *(f.text for f in r.facts), r.editor_notes) if w]
        if words:
            yield make_document(
                words,
                id=f"{prefix}annotation-{r.number}",
                kind="annotation",
                role="annotation",
                title=f"Editors’ words on reference {r.number}: {r.csl.get('title') or r.printed}",
                reference=r.number,
                article=r.article,
            )
