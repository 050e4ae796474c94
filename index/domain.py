"""The nouns of Footnote: what is known, what is found, what is answered.

Offsets come first: a stretch of text is (document, start, end) before it is a string, and every
offset counts Unicode code points in the document's canonical text. The classes are also the
JSON schema of the answers, so a field here is a field there.
"""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["article", "metadata", "references", "source", "annotation"]
Role = Literal["body", "abstract", "metadata", "reference", "source", "annotation"]
Status = Literal["answered", "related", "not_found"]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote where its marker stood: `at` is the marker's offset, `references` the numbers it points to."""

    number: int
    at: int
    text: str
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph; `section` is its heading where the document has more than one."""

    number: int
    start: int
    end: int
    section: str | None = None
    role: Role = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document, part of its text but not numbered as a paragraph."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A canonical text: no note markers, no Markdown, NFC, paragraphs joined by two line breaks."""

    id: str
    title: str
    kind: Kind
    sha256: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...] = ()
    headings: tuple[Heading, ...] = ()
    reference: int | None = None
    article: str = "article"


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of ours about a cited source, read on other pages, with their addresses."""

    text: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of an article's list: as printed, as it should be, what the editors know, when its text was asked for."""

    number: int
    printed: str
    csl: dict[str, Any]
    differences: tuple[str, ...] = ()
    annotation: str | None = None
    editor_notes: str | None = None
    facts: tuple[Fact, ...] = ()
    status: Literal["held", "page_read", "other_pages", "not_obtained"] = "not_obtained"
    reason: str | None = None
    duplicate_of: int | None = None
    checked: str | None = None
    asked_at: str | None = None
    article: str = "article"

    @property
    def url(self) -> str | None:
        """Return the address of the source, corrected where print is wrong."""
        return self.csl.get("URL")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, as offsets into the document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one paragraph that fit the encoder: the unit that is searched and quoted."""

    document: str
    start: int
    end: int
    role: Role
    paragraph: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that can be quoted, read from one folder."""

    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    articles: dict[str, dict[str, Any]]

    def document(self, id: str) -> Document:
        """Return the document with this id; raise KeyError where there is none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: its score, its sentences' scores, and the parts the score is made of."""

    passage: int
    score: float
    sentences: tuple[float, ...]
    parts: dict[str, float]


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


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as an answer resolves it: whose it is, as printed, formatted, and where its text stands with us."""

    article: str
    number: int
    printed: str
    citation: str
    url: str | None
    status: str
    editor_notes: str | None


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
