"""Read Markdown with `[^n]` notes into a Document with offsets."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from index.canonical import appended, canonical
from index.domain import Document, Heading, Kind, Note, Paragraph, Role
from index.errors import CorpusError
from index.notes import note_numbers, note_texts, refuse_unmarked_notes

BREAK = "\n\n"
_MARKER = re.compile(r"\[\^([^\]\s]+)\]")
_ABSTRACT = {"abstract", "summary"}


def make_document(
    blocks: list[str], *, id: str, kind: Kind, title: str, role: Role, reference: int | None = None, article: str,
    numbers: Sequence[int] | None = None,
) -> Document:  # fmt: skip
    """Make a document of plain paragraphs, numbered from 1 where no numbers are given."""
    writer = _Writer(role)
    for number, block in zip(numbers or range(1, len(blocks) + 1), blocks, strict=True):
        writer.paragraphs.append(Paragraph(number, *writer.write(canonical(block)), role=role))
    return writer.document(id=id, kind=kind, title=title, reference=reference, article=article)


def from_markdown(
    body: str,
    *,
    id: str,
    kind: Kind,
    title: str,
    file: str,
    first_line: int = 0,
    reference: int | None = None,
    article: str,
) -> Document:
    """Read Markdown into a Document whose text holds no marker and no syntax.

    Raises CorpusError, with file and line, for a note that is marked but not written, or the other way round.
    """
    env: dict[str, Any] = {}
    tokens = _parser().parse(unicodedata.normalize("NFC", body), env)
    notes = note_texts(tokens)
    refuse_unmarked_notes(env, body, file, first_line)
    writer = _Writer("source" if kind == "source" else "body", notes=notes, file=file, first_line=first_line)
    writer.read(tokens)
    return writer.document(id=id, kind=kind, title=title, reference=reference, article=article)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin, inline=False)
    parser.disable("text_join")  # an escaped bracket must not be joined into what looks like a marker
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]  # an address stays as printed
    return parser


@dataclass
class _Writer:
    """Writes the canonical text block by block and keeps the offsets."""

    role: Role
    notes: dict[str, str] = field(default_factory=dict)
    file: str = ""
    first_line: int = 0
    length: int = 0
    blocks: list[str] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    markers: list[Note] = field(default_factory=list)
    section: str | None = None

    def __post_init__(self) -> None:
        self._numbers = note_numbers(self.notes)

    def write(self, block: str) -> tuple[int, int]:
        start = self.length + (len(BREAK) if self.blocks else 0)
        self.blocks.append(block)
        self.length = start + len(block)
        return start, self.length

    def read(self, tokens: list[Token]) -> None:
        level, in_note = 0, False
        for token in tokens:
            if token.type in ("footnote_open", "footnote_close"):
                in_note = token.type == "footnote_open"
            elif token.type == "heading_open":
                level = int(token.tag[1:])
            elif token.type == "heading_close":
                level = 0
            elif token.type == "inline" and not in_note:
                self._block(token, level)
            elif token.type in ("fence", "code_block") and not in_note:
                self._paragraph(canonical(token.content), [])

    def _block(self, token: Token, level: int) -> None:
        text, markers = self._text_and_markers(token)
        if not text:
            return
        if level:
            start, end = self.write(text)
            self.headings.append(Heading(level, start, end))
            self.section = text
            self._notes(start, markers)
        else:
            self._paragraph(text, markers)

    def _paragraph(self, text: str, markers: list[tuple[str, int]]) -> None:
        start, end = self.write(text)
        abstract = self.role == "body" and (self.section or "").strip().lower() in _ABSTRACT
        role: Role = "abstract" if abstract else self.role
        self.paragraphs.append(Paragraph(len(self.paragraphs) + 1, start, end, self.section, role))
        self._notes(start, markers)

    def _notes(self, start: int, markers: list[tuple[str, int]]) -> None:
        for label, at in markers:
            self.markers.append(Note(self._numbers[label], start + at, self.notes[label]))

    def _text_and_markers(self, token: Token) -> tuple[str, list[tuple[str, int]]]:
        text = ""
        markers: list[tuple[str, int]] = []
        for child in token.children or ():
            if child.type == "footnote_ref":
                markers.append((child.meta["label"], len(text)))
            elif child.type in ("softbreak", "hardbreak"):
                text = appended(text, " ")
            elif child.type in ("text", "code_inline", "text_special"):
                self._refuse_unwritten_note(child, token)
                text = appended(text, child.content)
        return text.rstrip(), [(label, min(at, len(text.rstrip()))) for label, at in markers]

    def _refuse_unwritten_note(self, child: Token, token: Token) -> None:
        missing = _MARKER.search(child.content) if child.type == "text" else None
        if missing:
            line = self.first_line + (token.map[0] if token.map else 0) + 1
            raise CorpusError(f"{self.file}:{line}: the note [^{missing[1]}] is marked but not written.")

    def document(self, *, id: str, kind: Kind, title: str, reference: int | None, article: str) -> Document:
        text = BREAK.join(self.blocks)
        sections = {p.section for p in self.paragraphs if p.role != "abstract" and p.section}
        paragraphs = self.paragraphs
        if len(sections) <= 1:
            paragraphs = [Paragraph(p.number, p.start, p.end, None, p.role) for p in paragraphs]
        return Document(
            id=id, title=title, kind=kind, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text,
            paragraphs=tuple(paragraphs), notes=tuple(self.markers), headings=tuple(self.headings),
            reference=reference, article=article,
        )  # fmt: skip
