"""Make what the document page and its JSON twin show: a whole text, or of a publisher's only a stretch."""

from dataclasses import dataclass

from index.domain import Corpus, Document, Heading, Kind, Note, Paragraph

MOST_OF_A_SOURCE = 2000
"""Characters of a publisher's text shown at a time: a long passage, well short of an article."""

AROUND = 200
"""Characters shown before and after the words asked for, at most to the ends of their paragraphs."""


class UnknownDocument(KeyError):
    """There is no document with this id."""


class BadStretch(ValueError):
    """A stretch is not within the document, or longer than may be shown; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as served: `text` is its canonical text from `start` to `end`, none where it may not be shown."""

    id: str
    title: str
    kind: Kind
    sha256: str
    text: str | None
    start: int
    end: int
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    headings: tuple[Heading, ...]
    reference: int | None
    article: str


def view_document(corpus: Corpus, id: str, start: int | None, end: int | None, *, private_use: bool) -> DocumentView:
    """Return the document, of a source only the stretch asked for with little around it.

    Raises UnknownDocument, and BadStretch where the stretch is not inside the text.
    """
    try:
        document = corpus.document(id)
    except KeyError:
        raise UnknownDocument(id) from None
    withheld = is_withheld(document.kind, private_use=private_use)
    stretch = _checked(document, start, end, most=MOST_OF_A_SOURCE if withheld else None)
    shown = (0, len(document.text)) if not withheld else stretch and _widened(document, *stretch)
    first, last = shown or (0, 0)
    return DocumentView(
        id=document.id, title=document.title, kind=document.kind, sha256=document.sha256,
        text=document.text[first:last] if shown else None, start=first, end=last,
        paragraphs=document.paragraphs, notes=tuple(n for n in document.notes if shown and first <= n.at <= last),
        headings=document.headings, reference=document.reference, article=document.article,
    )  # fmt: skip


def is_withheld(kind: Kind, *, private_use: bool) -> bool:
    """Tell whether documents of this kind are other people's texts, shown only in stretches."""
    return kind == "source" and not private_use


def _checked(document: Document, start: int | None, end: int | None, *, most: int | None) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise BadStretch("A stretch of a document needs both 'start' and 'end'.")
    if not 0 <= start < end <= len(document.text):
        raise BadStretch(f"The stretch is not in the document, which runs from 0 to {len(document.text)}.")
    if most is not None and end - start > most:
        raise BadStretch(f"Of a source, at most {most:,} characters are shown at a time.")
    return start, end


def _widened(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the stretch with a little around it, whole words, within the paragraphs it touches."""
    text = document.text
    first = max((p.start for p in document.paragraphs if p.start <= start), default=0)
    last = min((p.end for p in document.paragraphs if p.end >= end), default=len(text))
    if start - AROUND > first:
        space = text.find(" ", start - AROUND, start)
        first = space + 1 if space >= 0 else start
    if end + AROUND < last:
        space = text.rfind(" ", end, end + AROUND)
        last = space if space >= 0 else end
    return first, last
