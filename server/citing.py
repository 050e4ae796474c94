"""Say what a document page adds to the text: citations, where a reference is cited, and what the editors found."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.domain import Corpus, Document, FindingShown, Note
from index.findings import Place, findings_on
from index.sources import Citations
from server.documents import DocumentView


@dataclass(frozen=True, slots=True)
class Marker:
    """A note of the article that points to a reference: its number and the paragraph in which it stands."""

    note: int
    paragraph: int | None


def citation_of(
    citations: Citations, view: DocumentView | Document, style: str, paragraph: int | None = None, section: str | None = None
) -> str:
    """Return the citation of a document, or of a paragraph of it, and its section, where it is the article's own."""
    if view.kind == "source" and view.reference is not None:
        return citations.reference(view.reference, style, view.article)
    article = citations.article(view.article, style)
    match view.kind:
        case "article":
            return citations.article(view.article, style, paragraph, section)
        case "references":
            return f"{article} Reference {paragraph}." if paragraph else article
        case "annotation":
            return f"Editors’ words on reference {view.reference}, not the author’s. In the article: {article}"
        case _:
            return f"{article} Front matter."


def markers(corpus: Corpus, article: str) -> dict[int, tuple[Marker, ...]]:
    """Return, for each reference of an article, the notes that point to it."""
    document = corpus.document(article)
    noted: dict[int, list[Marker]] = {}
    for note in _first_markers(document.notes):
        for number in note.references:
            noted.setdefault(number, []).append(Marker(note.number, _paragraph(document, note)))
    return {number: tuple(found) for number, found in noted.items()}


def findings_beside(corpus: Corpus, id: str) -> dict[int, tuple[FindingShown, ...]]:
    """Return the editors' findings on each paragraph and heading of a document, by where it starts."""
    document = corpus.document(id)
    references = [r for r in corpus.references if r.findings and r.article == document.article]
    places: tuple[Place, ...] = (*document.headings, *document.paragraphs)
    found = {place.start: findings_on(place, document, references) for place in places} if references else {}
    return {start: findings for start, findings in found.items() if findings}


def list_of_references(corpus: Corpus, article: str) -> str | None:
    """Return the id of the article's list of references, if it has one."""
    return next((d.id for d in corpus.documents if d.kind == "references" and d.article == article), None)


def _first_markers(notes: Iterable[Note]) -> Iterable[Note]:
    """Yield each note once, where it is first marked: the place its backlink leads to."""
    seen: set[int] = set()
    for note in notes:
        if note.number not in seen:
            seen.add(note.number)
            yield note


def _paragraph(document: Document, note: Note) -> int | None:
    return next((p.number for p in document.paragraphs if p.start <= note.at <= p.end), None)
