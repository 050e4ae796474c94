"""Turn an article supplied as plain text with superscript note numbers into Markdown with `[^n]` notes.

Repairs, and nothing else: sentences broken by a page break are joined; title, byline, the author's
asterisk note and the keywords move to the front matter; `\\$` becomes `$`; superscripts become markers;
the numbered list under "References" becomes the notes' texts.
"""

import re
from dataclasses import dataclass, field

import yaml

from index.errors import CorpusError

_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_ENTRY = re.compile(r"^[-*]?\s*([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*(.+)$")
_BROKEN_OFF = re.compile(r"[\w,;–—-]$")
_INLINE_SIGN = re.compile(r"([\\*_`\[\]<>]|&(?=#?\w+;))")
_BLOCK_SIGN = re.compile(r"^([ \t]*(?:\d+(?=[.)]))?)([-+#=~:.)|])", re.MULTILINE)
_HONORIFICS = re.compile(r"^(?:(?:Prof|Dr|Mr|Mrs|Ms|Sir)\.?\s+)+", re.IGNORECASE)
_SMALL_WORDS = {"a", "an", "and", "as", "at", "but", "by", "for", "in", "nor", "of", "on", "or", "the", "to", "with"}


@dataclass
class _Article:
    title: str
    byline: str = ""
    announces_note: bool = False
    author_note: str = ""
    keywords: str = ""
    body: list[str] = field(default_factory=list)
    entries: list[tuple[str, str]] = field(default_factory=list)


def to_markdown(text: str, *, license: str = "", file: str = "the text") -> str:
    """Return the article as Markdown with YAML front matter.

    Raises CorpusError where there is no text or a note lacks its entry in the list of references.
    """
    article = _read(
        [b.strip() for b in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\\$", "$")) if b.strip()], file
    )
    body = [_marked(block) for block in _healed(article.body)]
    written = {number for number, _ in article.entries}
    missing = [n for n in re.findall(r"\[\^(\d+)\]", "\n".join(body)) if n not in written]
    if missing:
        raise CorpusError(f"{file}: note {missing[0]} stands in the text but not in the list of references.")
    notes = [f"[^{number}]: {entry}" for number, entry in article.entries]
    return f"---\n{_front_matter(article, license)}---\n\n" + "\n\n".join(body + notes) + "\n"


def _read(blocks: list[str], file: str) -> _Article:
    if not blocks:
        raise CorpusError(f"{file}: there is no text in it.")
    article = _Article(title=blocks[0].strip("#* "))
    in_references = False
    for block in blocks[1:]:
        if not article.body and not article.byline and block.startswith("*"):
            article.byline = block.strip("* ")
            article.announces_note = block.endswith("*")
        elif article.announces_note and not in_references and block.startswith("*") and not block.endswith("*"):
            article.announces_note = False
            article.author_note = block.lstrip("* ")
        elif block.startswith("Keywords:"):
            article.keywords = block
        elif _heading(block) and block.strip("#: ").lower() in ("references", "notes", "bibliography"):
            in_references = True
        elif in_references:
            _read_entries(block, article.entries)
        else:
            article.body.append(block)
    return article


def _read_entries(block: str, entries: list[tuple[str, str]]) -> None:
    """Add the block's lines to the entries; a line without a number goes on with the entry before it."""
    for line in block.splitlines():
        match = _ENTRY.match(line)
        if match:
            entries.append((match[1].translate(_DIGITS), match[2].strip()))
        elif entries:
            number, begun = entries[-1]
            entries[-1] = (number, f"{begun} {line.strip()}")


def _heading(block: str) -> bool:
    return "\n" not in block and len(block) < 80 and not re.search(r"[.?!;:,\"”]$", block) and block[:1].isupper()


def _healed(blocks: list[str]) -> list[str]:
    """Return the blocks as Markdown, each that breaks off in mid-sentence joined with the one that continues it."""
    healed: list[str] = []
    open_sentence = False
    for block in blocks:
        heading = _heading(block) and not open_sentence
        if open_sentence:
            healed[-1] += " " + _escaped(block)
        else:
            healed.append(f"## {_escaped(block.lstrip('# '))}" if heading else _escaped(block))
        open_sentence = not heading and bool(_BROKEN_OFF.search(_plain_end(block)))
    return healed


def _plain_end(block: str) -> str:
    """Return the block's last character; a note's superscript at the end closes a sentence that lacks its stop."""
    return "." if _SUPERSCRIPT.search(block[-1:]) else block[-1:]


def _escaped(block: str) -> str:
    return _BLOCK_SIGN.sub(r"\1\\\2", _INLINE_SIGN.sub(r"\\\1", block))


def _marked(block: str) -> str:
    return _SUPERSCRIPT.sub(lambda m: f"[^{m[0].translate(_DIGITS)}]", block)


def _front_matter(article: _Article, license: str) -> str:
    given, _, family = _HONORIFICS.sub("", article.byline).rpartition(" ")
    meta: dict[str, object] = {"title": headline(article.title)}
    if article.byline:
        meta["author"] = [{"family": family, "given": given}]
    if article.keywords:
        meta["keywords"] = [k.strip() for k in re.split(r",|\band\b", article.keywords.split(":", 1)[1].rstrip(". "))]
    if license:
        meta["license"] = license
    meta["printed"] = [p for p in (article.title, article.byline, article.author_note, article.keywords) if p]
    return str(yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=10_000))


def headline(title: str) -> str:
    """Return a title printed in capitals in headline style; leave any other as it is."""
    if not title.isupper():
        return title
    words = [w if w in _SMALL_WORDS else "-".join(p.capitalize() for p in w.split("-")) for w in title.lower().split()]
    return " ".join([words[0].capitalize(), *words[1:]])
