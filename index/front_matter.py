"""Part the YAML front matter of a Markdown file from its body."""

import re
from typing import Any

import yaml

from index.errors import CorpusError

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
    if not isinstance(meta, dict):
        raise CorpusError(f"{file}:2: the front matter must be 'name: value' lines.")
    return meta, source[match.end() :], source[: match.end()].count("\n")
