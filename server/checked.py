"""Make what the check page shows of each quotation: its altered words, its places, and how each is cited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from index.domain import Corpus, Document
from index.quotations.claims import claim_note
from index.quotations.domain import Changed, CheckedDraft, CheckedQuotation, FoundPlace
from server.addresses import with_way_back_to_check
from server.api import ready
from server.citing import citation_of

MOST_WITH_A_WAY_BACK = 200
"""Places whose links carry the draft, so that a page of very many stays of a size that a browser takes."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text, altered or not."""

    text: str
    altered: bool = False


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place: what its link says and where it leads; `citation` is given once for a quotation that stands there.

    `copied` are the words to copy with it; `by_editors` says that they are neither the article's nor a source's.
    """

    place: FoundPlace
    called: str
    url: str
    stretches: tuple[Stretch, ...]
    by_editors: bool
    citation: str | None = None
    copied: str | None = None


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """A quotation with its number; `note` says where it stands in another paragraph than the draft says."""

    number: int
    quotation: CheckedQuotation
    stretches: tuple[Stretch, ...]
    places: tuple[ShownPlace, ...]
    note: str | None

    @property
    def only_by_editors(self) -> bool:
        """Tell whether it was found in the editors' words and nowhere else."""
        return bool(self.places) and all(place.by_editors for place in self.places)


@dataclass(frozen=True, slots=True)
class Checked:
    """The draft as it was checked; `has_address` says that the links may carry it, for the way back."""

    draft: str
    claimed: str | None
    found: CheckedDraft
    has_address: bool


def shown(request: Request, checked: Checked) -> tuple[ShownQuotation, ...]:
    """Return what is shown of every quotation of the draft."""
    documents = {document.id: document for document in ready(request).corpus.documents}
    quotations = checked.found.quotations
    leads_back = checked.has_address and sum(len(q.found) for q in quotations) <= MOST_WITH_A_WAY_BACK
    made: list[ShownQuotation] = []
    for number, quotation in enumerate(quotations, start=1):
        back = (checked.draft, checked.claimed, number) if leads_back else None
        places = tuple(_places(request, documents, quotation, back))
        stretches = tuple(_cut(quotation.quoted, quotation.changed))
        made.append(ShownQuotation(number, quotation, stretches, places, claim_note(quotation)))
    return tuple(made)


def _places(
    request: Request, documents: Mapping[str, Document], quotation: CheckedQuotation, back: tuple[str, str | None, int] | None
) -> Iterable[ShownPlace]:
    cited: set[str | None] = {None}
    for place in quotation.found:
        document = documents[place.document]
        called = _titled(document, documents[document.article].title) + _where(document, place)
        url = with_way_back_to_check(place.url, *back) if back else place.url
        citation = _citation(request, document, place) if quotation.verdict in ("exact", "elsewhere") else None
        new = None if citation in cited else citation
        cited.add(citation)
        copied = _copied(quotation, place) if new else None
        stretches = tuple(_cut(place.text, place.changed))
        yield ShownPlace(place, called, url, stretches, document.kind == "annotation", new, copied)


def titles_of(corpus: Corpus) -> dict[str, str]:
    """Return how each document is called in a list of them, by its id: whose words it holds, and its title."""
    titles = {document.id: document.title for document in corpus.documents}
    return {document.id: _titled(document, titles.get(document.article, "")) for document in corpus.documents}


def _titled(document: Document, article: str) -> str:
    match document.kind:
        case "article":
            return document.title
        case "metadata":
            return f"Title page of {article}"
        case "references":
            return f"List of references of {article}"
        case "source":
            return f"Source {document.reference}: {document.title}"
        case _:
            return f"Editors’ words on source {document.reference}"


def _where(document: Document, place: FoundPlace) -> str:
    """Return the paragraph in words, as it is called in this document."""
    if document.kind == "metadata":
        return ""
    if place.paragraph is None:
        return ", a heading"
    one, several = ("entry", "entries") if document.kind == "references" else ("paragraph", "paragraphs")
    if place.last_paragraph in (None, place.paragraph):
        return f", {one} {place.paragraph}"
    return f", {several} {place.paragraph}–{place.last_paragraph}"


def _citation(request: Request, document: Document, place: FoundPlace) -> str:
    section = next((p.section for p in document.paragraphs if p.number == place.paragraph), None)
    style = request.app.state.settings.style
    return citation_of(ready(request).citations, document, style, place.paragraph, section)


def _copied(quotation: CheckedQuotation, place: FoundPlace) -> str:
    """Return the document's own words, or the quotation where the quoter left out or put in what it says."""
    is_whole = all(difference.kind == "typography" for difference in quotation.differences)
    return place.text if is_whole else quotation.quoted


def _cut(text: str, changed: Sequence[Changed]) -> Iterable[Stretch]:
    at = 0
    for words in changed:
        if at < words.start:
            yield Stretch(text[at : words.start])
        yield Stretch(text[words.start : words.end], altered=True)
        at = words.end
    if at < len(text):
        yield Stretch(text[at:])
