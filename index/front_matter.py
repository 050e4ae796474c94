"""Part the YAML front matter of a Markdown file from its body."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml
from pydantic import TypeAdapter

from index.errors import CorpusError

MOST_VALUES = 100_000
"""In one front matter, however often an alias repeats them: aliases of aliases would make any number of a few lines."""
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
_DEPTH_OF_INDEX = 3
"""How deep in what an index stores a value of front matter or of a reference lies."""
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
    """Raise CorpusError where there are too many values, or one cannot be stored."""
    if sum(1 for _ in islice(_values(meta), MOST_VALUES + 1)) > MOST_VALUES:
        raise CorpusError(f"{place}: the front matter holds more than {MOST_VALUES:,} values.")
    for name, value in meta.items():
        if not can_be_stored(name) or not can_be_stored(value):
            raise CorpusError(
                f"{place}: the front matter's {name!r} cannot be stored: it is nested too deeply, or holds bytes that are no "
                "text or half of a character."
            )


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


def can_be_stored(value: Any) -> bool:
    """Tell whether the value can be written as JSON where an index has it, and read again."""
    for _ in range(_DEPTH_OF_INDEX):
        value = [value]
    try:
        _ANYTHING.validate_json(_ANYTHING.dump_json(value))
    except ValueError:
        return False
    return True
