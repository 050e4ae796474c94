"""Gather the footnotes of an answer: each note that stands in its passages, once, with what it points to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.domain import Answer, Citation, Quotation


@dataclass(frozen=True, slots=True)
class Place:
    """A marker in an answer: the passage's number and the offset in its text."""

    passage: int
    at: int


@dataclass(slots=True)
class Footnote:
    """A note of a document with the references it points to and the markers that lead to it.

    `doubted` are those references on which a passage with such a marker has a finding of the editors.
    """

    document: str
    number: int
    text: str
    references: tuple[Citation, ...]
    places: list[Place] = field(default_factory=list)
    doubted: list[Citation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Apparatus:
    """All that stands below an answer: its footnotes, and references that no marker in it leads to."""

    footnotes: tuple[Footnote, ...]
    others: tuple[Citation, ...]

    def position(self, document: str, number: int) -> int:
        """Return where the document's note stands among the footnotes, counted from 1."""
        return next(at for at, f in enumerate(self.footnotes, start=1) if (f.document, f.number) == (document, number))


def apparatus(answer: Answer) -> Apparatus:
    """Return what stands below the answer's passages, or below the nearest ones where nothing answers."""
    cited = {(reference.article, reference.number): reference for reference in answer.references}
    footnotes = tuple(_footnotes((*answer.passages, *answer.nearest), cited))
    noted = {(reference.article, reference.number) for footnote in footnotes for reference in footnote.references}
    return Apparatus(footnotes, tuple(r for key, r in cited.items() if key not in noted))


def _footnotes(quotations: Iterable[Quotation], cited: dict[tuple[str, int], Citation]) -> Iterable[Footnote]:
    found: dict[tuple[str, int], Footnote] = {}
    for quotation in quotations:
        for note in quotation.notes:
            wanted = ((quotation.document.article, number) for number in note.references)
            resolved = tuple(cited[key] for key in wanted if key in cited)
            footnote = Footnote(quotation.document.id, note.number, note.text, resolved)
            kept = found.setdefault((footnote.document, footnote.number), footnote)
            kept.places.append(Place(quotation.number, note.at))
            found_on = {(finding.article, finding.reference) for finding in quotation.findings}
            kept.doubted += (r for r in resolved if (r.article, r.number) in found_on and r not in kept.doubted)
    return found.values()
