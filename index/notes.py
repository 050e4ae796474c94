"""The notes of a Markdown text: what they say, and the numbers that they have."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from markdown_it.token import Token

from index.canonical import canonical
from index.errors import CorpusError

_LONGEST_NUMBER = 9


def note_texts(tokens: Iterable[Token]) -> dict[str, str]:
    """Return the notes by their labels, in the order in which they are first marked."""
    texts: dict[str, list[str]] = {}
    label = None
    for token in tokens:
        if token.type == "footnote_open":
            label = token.meta["label"]
            texts[label] = []
        elif token.type == "footnote_close":
            label = None
        elif token.type == "inline" and label is not None:
            texts[label].append(_plain(token))
    return {label: canonical(" ".join(parts)) for label, parts in texts.items()}


def note_numbers(labels: Iterable[str]) -> dict[str, int]:
    """Return each label's number: the label where it is one that no other has, else the next behind the largest."""
    labels = tuple(labels)
    taken: dict[int, str] = {}
    for label in labels:
        if label.isdecimal() and len(label) <= _LONGEST_NUMBER:
            taken.setdefault(int(label), label)
    numbers = {label: number for number, label in taken.items()}
    free = count(max(taken, default=0) + 1)
    return {label: numbers[label] if label in numbers else next(free) for label in labels}


def refuse_unmarked_notes(env: dict[str, Any], body: str, file: str, first_line: int) -> None:
    """Raise CorpusError, with file and line, where a note is written but not marked."""
    for key, index in env.get("footnotes", {}).get("refs", {}).items():
        if index < 0:
            label = key.removeprefix(":")
            at = body.find(f"[^{label}]:")
            line = first_line + body.count("\n", 0, max(at, 0)) + 1
            raise CorpusError(f"{file}:{line}: the note [^{label}] is written but no marker points to it.")


def _plain(inline: Token) -> str:
    return "".join(" " if t.type in ("softbreak", "hardbreak") else t.content for t in inline.children or ())
