"""The editors' findings: what a reader who quotes a passage, or follows its note, should know of it."""

from collections.abc import Iterable
from dataclasses import replace

from index.domain import Document, Finding, FindingShown, Heading, Paragraph, Passage, Reference, Sentence
from index.locating import Locator

Place = Passage | Sentence | Paragraph | Heading


def with_places(references: tuple[Reference, ...], article: Document) -> tuple[Reference, ...]:
    """Return the references, each finding with the places of the words that it is about; changed words have none."""
    if not any(r.findings for r in references):
        return references
    locator = Locator(article)
    return tuple(replace(r, findings=tuple(_placed(finding, locator) for finding in r.findings)) for r in references)


def _placed(finding: Finding, locator: Locator) -> Finding:
    places = (Sentence(span.start, span.end) for quote in finding.quotes for span in locator.find(quote))
    return replace(finding, places=tuple(places))


def findings_on(passage: Place, document: Document, references: Iterable[Reference]) -> tuple[FindingShown, ...]:
    """Return the findings on a passage: about its words, or, where one is about none in particular, about its notes."""
    if document.kind != "article":
        return ()
    inside = (n for n in document.notes if passage.start <= n.at <= passage.end)
    noted = {number for note in inside for number in note.references}
    return tuple(
        FindingShown(reference.article, reference.number, finding.text)
        for reference in references
        if reference.article == document.article
        for finding in reference.findings
        if _is_about(finding, passage) or (not finding.quotes and reference.number in noted)
    )


def _is_about(finding: Finding, passage: Place) -> bool:
    return any(place.start < passage.end and place.end > passage.start for place in finding.places)
