"""Read text and Markdown obtained by hand."""

import re

from index.documents import from_markdown
from index.errors import CorpusError
from index.fetching.charsets import decoded
from index.fetching.domain import NotObtained
from index.fetching.extracted import Block, Extracted, one_line

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
_HEAD_BLOCKS = 6


def read_plain(content: bytes, charset: str | None = None) -> Extracted:
    """Return the paragraphs of a plain text, which are apart by an empty line."""
    text = decoded(content, charset)
    paragraphs = [one_line(part) for part in re.split(r"\n[ \t]*\n|\f", text.replace("\r\n", "\n").replace("\r", "\n"))]
    return _extracted(tuple(Block(p) for p in paragraphs if p), "plain text", _first_lines(text))


def read_markdown(content: bytes, charset: str | None = None) -> Extracted:
    """Return the paragraphs and headings of a Markdown text, without its notes; raise NotObtained where it is malformed."""
    text = decoded(content, charset).removeprefix("\ufeff").replace("\r\n", "\n")
    body = _FRONT_MATTER.sub("", text)
    try:
        document = from_markdown(body, id="given", kind="source", title="given", file="given", article="given")
    except CorpusError as error:
        raise NotObtained(f"malformed Markdown: {str(error).removeprefix('given:').rstrip('.')}") from None
    spans = [(h.start, h.end, h.level) for h in document.headings] + [(p.start, p.end, 0) for p in document.paragraphs]
    blocks = tuple(Block(document.text[a:b], max(level, 2) if level else 0) for a, b, level in sorted(spans))
    return _extracted(blocks, "Markdown", _first_lines(text))


def _extracted(blocks: tuple[Block, ...], extractor: str, lines: tuple[str, ...]) -> Extracted:
    if not blocks:
        raise NotObtained("an empty file")
    return Extracted(blocks, extractor, "text", titles=(*(b.text for b in blocks[:_HEAD_BLOCKS]), *lines))


def _first_lines(text: str) -> tuple[str, ...]:
    lines = [one_line(line.removeprefix("title:")) for line in text.split("\n")[:20]]
    return tuple(line for line in lines if line)
