"""Replay quotations: does each still stand, word for word, at its offsets in a document that is as it was?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.domain import Corpus, Document
from index.errors import FootnoteError
from index.locating import Locator
from index.opened import OpenedIndex

State = Literal["stands", "moved", "lost"]


class BadAnswer(FootnoteError):
    """A file is not a saved answer; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that are said to stand in a document at these offsets, of which this was the sha256."""

    document: str
    sha256: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A quotation replayed: it `stands`, stands elsewhere in the changed document (`moved`), or is `lost`."""

    document: str
    start: int
    end: int
    text: str
    state: State
    reason: str | None
    now_at: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it: how many stand, and each that does not."""

    quotations: int
    stand: int
    failed: tuple[Verified, ...]


class _SavedDocument(BaseModel):
    id: str
    sha256: str


class _SavedSelector(BaseModel):
    type: str
    start: int = -1
    end: int = -1
    exact: str = ""


class _SavedTarget(BaseModel):
    selector: list[_SavedSelector]


class _SavedPassage(BaseModel):
    model_config = ConfigDict(strict=True)

    document: _SavedDocument
    start: int
    end: int
    text: str
    target: _SavedTarget


class _SavedAnswer(BaseModel):
    passages: list[_SavedPassage]
    nearest: list[_SavedPassage]


def quoted_in_index(index: OpenedIndex) -> tuple[Quoted, ...]:
    """Return every passage of the index as it would be quoted."""
    return tuple(
        Quoted(p.document, document.sha256, p.start, p.end, document.text[p.start : p.end])
        for p in index.passages
        for document in (index.documents[p.document],)
    )


def quoted_in_answer(saved: str, *, file: str) -> tuple[Quoted, ...]:
    """Return the quotations of an answer saved as JSON, marked words too; raise BadAnswer where it is none."""
    try:
        answer = _SavedAnswer.model_validate_json(saved)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadAnswer(f"{file}: not an answer of /ask.json: {f'{place}: ' if place else ''}{first['msg']}.") from None
    return tuple(quoted for passage in (*answer.passages, *answer.nearest) for quoted in _quoted(passage))


def _quoted(passage: _SavedPassage) -> Iterator[Quoted]:
    """Yield the passage, and the marked words, which its selectors quote beside their place."""
    id, sha256 = passage.document.id, passage.document.sha256
    yield Quoted(id, sha256, passage.start, passage.end, passage.text)
    selectors = {s.type: s for s in passage.target.selector}
    place, words = selectors.get("TextPositionSelector"), selectors.get("TextQuoteSelector")
    if place and words:
        yield Quoted(id, sha256, place.start, place.end, words.exact)


def verify(quoted: Iterable[Quoted], corpus: Corpus) -> Verification:
    """Replay the quotations against the corpus as it is."""
    documents = {d.id: d for d in corpus.documents}
    found = tuple(_verified(q, documents.get(q.document)) for q in quoted)
    failed = tuple(v for v in found if v.state != "stands")
    return Verification(len(found), len(found) - len(failed), failed)


def _verified(quoted: Quoted, document: Document | None) -> Verified:
    if document is None:
        return _failed(quoted, "the document is no longer in the corpus")
    if 0 <= quoted.start < quoted.end and document.text[quoted.start : quoted.end] == quoted.text:
        return Verified(quoted.document, quoted.start, quoted.end, quoted.text, "stands", None, None)
    changed = "the document has changed" if document.sha256 != quoted.sha256 else "the document never had it there"
    places = Locator(document).find(quoted.text)
    if places and document.text[places[0].start : places[0].end] == quoted.text:
        return _failed(quoted, changed, now_at=(places[0].start, places[0].end))
    return _failed(quoted, changed)


def _failed(quoted: Quoted, reason: str, now_at: tuple[int, int] | None = None) -> Verified:
    state: State = "moved" if now_at else "lost"
    return Verified(quoted.document, quoted.start, quoted.end, quoted.text, state, reason, now_at)
