"""Part the YAML front matter of a Markdown file from its body."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from index.errors import CorpusError

MOST_VALUES = 10_000
"""In one front matter, however often an alias repeats them: aliases of aliases would make any number of a few lines."""
_NAME_PARTS = ("literal", "given", "family")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n", re.DOTALL | re.MULTILINE)


def split_front_matter(source: str, *, file: str) -> tuple[dict[str, Any], str, int]:
    """Return (front matter, body, number of lines before the body); raise CorpusError where the YAML is malformed."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    match = _FRONT_MATTER.match(source)
    if not match:
        raise CorpusError(f"{file}:1: there is no front matter; begin with '---', a 'title:' line and '---'.")
    try:
        meta = yaml.safe_load(match[1]) or {}
    except (yaml.YAMLError, ValueError) as error:  # a date that does not exist is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        problem = str(getattr(error, "problem", error)).splitlines()[0]
        raise CorpusError(f"{file}:{line}: the front matter is not YAML: {problem}.") from None
    except RecursionError:
        raise CorpusError(f"{file}:2: the front matter is nested too deeply.") from None
    if not isinstance(meta, dict):
        raise CorpusError(f"{file}:2: the front matter must be 'name: value' lines.")
    _refuse_unusable(meta, f"{file}:2")
    return meta, source[match.end() :], source[: match.end()].count("\n")


def _refuse_unusable(meta: dict[str, Any], place: str) -> None:
    """Raise CorpusError where there are too many values, or one is no text, or authors are named otherwise than CSL does."""
    for number, value in enumerate(_values(meta), start=1):
        if number > MOST_VALUES:
            raise CorpusError(f"{place}: the front matter holds more than {MOST_VALUES:,} values.")
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            raise CorpusError(f"{place}: the front matter holds half of a character, which is no text.")
    authors = meta.get("author") or []
    if not all(map(_is_name, authors if isinstance(authors, list) else [authors])):
        raise CorpusError(f"{place}: 'author' must be names, each a text or its 'given' and 'family'.")


def _values(value: Any) -> Iterator[Any]:
    """Yield every value inside of others, and their names."""
    todo = [value]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += (*value.keys(), *value.values())
        elif isinstance(value, list | tuple | set):
            todo += value
        yield value


def _is_name(author: Any) -> bool:
    if isinstance(author, dict):
        return all(isinstance(author.get(part, ""), str) for part in _NAME_PARTS)
    return isinstance(author, str)
