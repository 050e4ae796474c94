"""Read what a CSL-JSON record says, for all the forms that are made of it, and write CSL-JSON itself."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

_MARKUP = re.compile(r"</?(?:i|b|sc|sub|sup|span)(?: [^<>]*)?>")
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DATES = ("issued", "accessed")
_NAMES = ("author", "editor", "translator")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts; of an institution `family` is the whole name and `literal` is true."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: bool = False


def plain(value: Any) -> str:
    """Return the value as one line of plain text in NFC, without CSL's markup, control characters and broken ones."""
    text = _MARKUP.sub("", "" if value is None else str(value))
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))


def names(csl: dict[str, Any], role: str = "author") -> tuple[Name, ...]:
    """Return the names in this role; one that is not in parts is taken whole."""
    value = csl.get(role)
    return tuple(filter(lambda name: name.family, map(_name, value if isinstance(value, list) else [value])))


def dates(value: Any) -> tuple[tuple[int, ...], ...]:
    """Return the parts (year, month, day) of a CSL date, or of both ends of a range; none where it is not in numbers."""
    if isinstance(value, dict) and value.get("date-parts"):
        try:
            return tuple(tuple(int(part) for part in parts) for parts in value["date-parts"] if parts)
        except (TypeError, ValueError):
            return ()
    found = _ISO_DATE.fullmatch(_written(value))
    return (tuple(int(part) for part in found.groups() if part),) if found else ()


def year(value: Any) -> str:
    """Return the year of a CSL date, empty where there is none."""
    parts = dates(value)
    if parts:
        return str(parts[0][0])
    found = _YEAR.search(_written(value))
    return found[0] if found else ""


def keywords(csl: dict[str, Any]) -> tuple[str, ...]:
    """Return the record's keywords, which CSL keeps in one string."""
    return tuple(filter(None, map(plain, str(csl.get("keyword") or "").split(","))))


def pages(csl: dict[str, Any]) -> tuple[str, str]:
    """Return the first and the last page, each empty where it is not known."""
    first, _, last = re.sub("[-–—]+", "–", plain(csl.get("page") or csl.get("page-first"))).partition("–")
    return first.strip(), last.strip()


def to_csl_json(records: Iterable[dict[str, Any]]) -> str:
    """Return the records as CSL-JSON, with names and dates as its schema has them."""
    return json.dumps([_valid(record) for record in records], ensure_ascii=False, indent=1, default=str) + "\n"


def _name(value: Any) -> Name:
    if not isinstance(value, dict) or value.get("literal"):
        return Name(plain(value.get("literal") if isinstance(value, dict) else value), literal=True)
    particle = " ".join(filter(None, (plain(value.get(f"{kind}-particle")) for kind in ("dropping", "non-dropping"))))
    family, given, suffix = (plain(value.get(part)) for part in ("family", "given", "suffix"))
    return Name(family, given, particle, suffix) if family else Name(given, literal=True)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("raw") or value.get("literal")
    return str(value) if isinstance(value, str | int | date) else ""


def _valid(record: dict[str, Any]) -> dict[str, Any]:
    mended = dict(record)
    for field in set(_NAMES) & set(record):
        people = record[field] if isinstance(record[field], list) else [record[field]]
        mended[field] = [p if isinstance(p, dict) else {"literal": plain(p)} for p in people]
    for field in set(_DATES) & set(record):
        if not isinstance(record[field], dict):
            parts = dates(record[field])
            mended[field] = {"date-parts": [list(p) for p in parts]} if parts else {"literal": _written(record[field])}
    return mended
