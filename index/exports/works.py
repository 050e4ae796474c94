"""Say which works an export lists: an article or a reference with its key, and where in it the quoted words stand.

A work quoted several times is one entry, whose note names all the places: reference managers and
bibliographies count works, and would show a second entry as a duplicate.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

from index.citations import from_front_matter
from index.domain import Answer, Corpus, Quotation
from index.exports.csl import names, plain, year

WorkId = tuple[str, int | None]
"""The article's id, and the number of one of its references or None for the article itself."""

_SMALL_WORDS = {"a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"}


@dataclass(frozen=True, slots=True)
class Work:
    """A work to export; its key is the same in every export of the corpus."""

    key: str
    csl: dict[str, Any]
    locator: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """Return the CSL-JSON record under the work's key, the place of what was quoted in its note."""
        note = "; ".join(filter(None, (plain(self.csl.get("note")), self.locator)))
        return self.csl | {"id": self.key} | ({"note": note} if note else {})


def works(corpus: Corpus) -> dict[WorkId, Work]:
    """Return every work of the corpus, its articles first, each under a key that no other has."""
    found: dict[WorkId, dict[str, Any]] = {(id, None): _article(meta) for id, meta in corpus.articles.items()}
    found |= {(r.article, r.number): r.csl for r in corpus.references}
    keys: set[str] = set()
    keyed: dict[WorkId, Work] = {}
    for id, csl in found.items():
        key = _unused(_key(csl) or _ascii("-".join(str(part) for part in id if part)) or "work", keys)
        keys.add(key)
        keyed[id] = Work(key, csl)
    return keyed


def quoted_works(answer: Answer, corpus: Corpus) -> tuple[Work, ...]:
    """Return the works that the answer quotes, with the places, and then those that its notes lead to.

    The editors' words on a work are not quoted from it, so they bring no place; where the sources do not answer,
    nothing is quoted.
    """
    if answer.status == "not_found":
        return ()
    known = works(corpus)
    places: dict[WorkId, list[Quotation]] = {}
    for quotation in answer.passages:
        if quotation.role != "annotation":
            document = corpus.document(quotation.document.id)
            places.setdefault((document.article, document.reference), []).append(quotation)
    quoted = {id: replace(known[id], locator=_locator(found)) for id, found in places.items()}
    cited = {(r.article, r.number): known[r.article, r.number] for r in answer.references}
    return tuple((quoted | {id: work for id, work in cited.items() if id not in quoted}).values())


def _locator(quotations: Iterable[Quotation]) -> str:
    paragraphs = _numbers(quotations, {"body", "abstract", "source"})
    entries = _numbers(quotations, {"reference"})
    parts = [_counted("paragraph", paragraphs), _counted("reference", entries)]
    front = ["front matter"] if any(q.role == "metadata" for q in quotations) else []
    return "; ".join(filter(None, parts + front))


def _numbers(quotations: Iterable[Quotation], roles: set[str]) -> list[int]:
    return sorted({q.paragraph for q in quotations if q.role in roles})


def _counted(noun: str, numbers: list[int]) -> str:
    return f"{noun}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}" if numbers else ""


def _article(meta: dict[str, Any]) -> dict[str, Any]:
    csl = from_front_matter(meta)
    keywords = meta.get("keywords") or []
    words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else str(keywords)
    language = meta.get("lang") or meta.get("language")
    return csl | ({"keyword": words} if words else {}) | ({"language": str(language)} if language else {})


def _key(csl: dict[str, Any]) -> str:
    """Return who wrote it or where it stands, the year and a word of the title, in plain letters."""
    people = names(csl) or names(csl, "editor")
    if people and not people[0].literal:
        who = _ascii(people[0].family)
    else:
        who = _first_word(people[0].family if people else plain(csl.get("container-title")))
    word = _first_word(plain(csl.get("title")))
    return f"{who}{year(csl.get('issued'))}{word}" if who or word else ""


def _first_word(text: str) -> str:
    found = map(_ascii, re.split(r"[^\w.]+|_", text))
    return next((word for word in found if word and word not in _SMALL_WORDS), "")


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", unicodedata.normalize("NFKD", text).lower()).strip("-")


def _unused(key: str, used: set[str]) -> str:
    return next(k for k in chain([key], (f"{key}-{n}" for n in count(2))) if k not in used)
