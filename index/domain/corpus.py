"""What is known and what is found in it: documents, references, passages, hits.

Offsets come first: a stretch of text is (document, start, end) before it is a string, and every
offset counts Unicode code points in the document's canonical text. The classes are also the
JSON schema of the answers, so a field here is a field there.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["article", "metadata", "references", "source", "annotation"]
Role = Literal["body", "abstract", "metadata", "reference", "source", "annotation"]


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
class Sentence:
    """A sentence, or a stretch like one, as offsets into the document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What the editors found wrong or doubtful: about the words quoted, or about the reference where none are.

    `places` are where the words stand in the article.
    """

    text: str
    quotes: tuple[str, ...] = ()
    places: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of an article's list: as printed, as it should be, what the editors know, when its text was asked for."""

    number: int
    printed: str
    csl: dict[str, Any]
    differences: tuple[str, ...] = ()
    annotation: str | None = None
    editor_notes: str | None = None
    findings: tuple[Finding, ...] = ()
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
class Passage:
    """Whole sentences of one paragraph that fit the encoder: the unit that is searched and quoted."""

    document: str
    start: int
    end: int
    role: Role
    paragraph: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A document and its passages, in their order."""

    document: Document
    passages: tuple[Passage, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return the sentences of all passages."""
        return tuple(sentence for passage in self.passages for sentence in passage.sentences)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the text of a source came from: addresses asked and answering, when (UTC), as what, read by which program.

    `pages` gives for each page of a PDF the number of the first paragraph that begins on it.
    """

    asked: str | None = None
    final: str | None = None
    obtained: str | None = None
    media_type: str | None = None
    sha256: str | None = None
    extractor: str | None = None
    repair: str | None = None
    by: str | None = None
    pages: dict[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that can be quoted, read from one folder; `provenance` is by the id of a source's document."""

    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    articles: dict[str, dict[str, Any]]
    provenance: dict[str, Provenance] = field(default_factory=dict)

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
