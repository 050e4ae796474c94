"""What is answered: quotations with their footnotes, and the three states of an answer."""

from dataclasses import dataclass
from typing import Literal

from index.domain.corpus import Kind, Note, Role
from index.domain.trail import SourcePassage

Status = Literal["answered", "related", "not_found"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """Answering words, as offsets into the passage's text."""

    start: int
    end: int
    within_quotation: bool = False


@dataclass(frozen=True, slots=True)
class TextPositionSelector:
    """W3C Web Annotation selector: offsets into the document's canonical text."""

    start: int
    end: int
    type: Literal["TextPositionSelector"] = "TextPositionSelector"


@dataclass(frozen=True, slots=True)
class TextQuoteSelector:
    """W3C Web Annotation selector: the words themselves with 32 characters on either side."""

    exact: str
    prefix: str
    suffix: str
    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"


@dataclass(frozen=True, slots=True)
class Target:
    """W3C Web Annotation target: the document's address and the selectors of the marked words."""

    source: str
    selector: tuple[TextPositionSelector | TextQuoteSelector, ...]


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """What an answer says of the document a passage stands in; its notes point to the references of `article`."""

    id: str
    title: str
    kind: Kind
    sha256: str
    article: str


@dataclass(frozen=True, slots=True)
class Place:
    """Another place that says the same."""

    document: str
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """The editors' words on a passage or on the source that its note leads to."""

    article: str
    reference: int
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage as quoted in an answer, with its footnote; `notes[].at` counts from the start of `text`."""

    number: int
    text: str
    highlights: tuple[Highlight, ...]
    document: DocumentLink
    role: Role
    start: int
    end: int
    section: str | None
    paragraph: int
    notes: tuple[Note, ...]
    citation: str
    url: str
    score: float
    also_at: tuple[Place, ...]
    target: Target
    findings: tuple[FindingShown, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as an answer resolves it: whose it is, as printed, formatted, and where its text stands with us.

    `passages` are the source's own words nearest to the sentences that cite it here, where its text is held.
    """

    article: str
    number: int
    printed: str
    citation: str
    url: str | None
    status: str
    editor_notes: str | None
    passages: tuple[SourcePassage, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A source, by its article and number, whose text could not be searched, and why."""

    article: str
    reference: int
    reason: str


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """Which index answered: the same fingerprint gives the same bytes."""

    fingerprint: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in the article's own words, or the plain statement that there is none."""

    question: str
    searched: str
    status: Status
    confidence: float
    passages: tuple[Quotation, ...]
    nearest: tuple[Quotation, ...]
    references: tuple[Citation, ...]
    not_searched: tuple[NotSearched, ...]
    related_questions: tuple[str, ...]
    degraded: tuple[str, ...]
    index: IndexIdentity
