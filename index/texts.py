"""What is read to encode passages, sentences and indexed questions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from index.domain import CutDocument
from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text to encode: `prefix` is read with it but keeps no token states; `cuts` divide the rest."""

    prefix: str
    text: str
    cuts: tuple[tuple[int, int], ...]

    def key(self, encoder: Encoder) -> str:
        """Return what the encoding can be found again by."""
        content = "\0".join((encoder.name, encoder.weights_sha256, self.prefix, self.text, str(self.cuts)))
        return hashlib.sha256(content.encode()).hexdigest()


def embedded_prefix(title: str, section: str | None, encoder: Encoder) -> str:
    """Return what is read before a passage: title and heading, or nothing where these fill half of the limit."""
    prefix = f"{title}\n{section}\n" if section else f"{title}\n"
    return prefix if encoder.count_tokens(prefix) <= encoder.limit // 2 else ""


def passage_texts(cut: CutDocument, encoder: Encoder) -> Iterator[EncodedText]:
    """Yield what is embedded of passages: title, and heading where there are several, then the words."""
    document = cut.document
    sections = {p.number: p.section for p in document.paragraphs}
    prefixes = {section: embedded_prefix(document.title, section, encoder) for section in set(sections.values())}
    for passage in cut.passages:
        cuts = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
        yield EncodedText(prefixes[sections[passage.paragraph]], document.text[passage.start : passage.end], cuts)


def sentence_texts(cut: CutDocument) -> Iterator[EncodedText]:
    """Yield what is embedded of sentences: their words alone."""
    return (whole_text(cut.document.text[s.start : s.end]) for passage in cut.passages for s in passage.sentences)


def whole_text(text: str) -> EncodedText:
    """Return a text that is embedded as one stretch without a prefix."""
    return EncodedText("", text, ((0, len(text)),))
