"""Write works as RIS, a tag a line, as Zotero, EndNote and Mendeley read it."""

from collections.abc import Iterable
from typing import Any

from index.exports.csl import Name, dates, keywords, names, pages, plain, year
from index.exports.works import Work

_TYPES = {
    "article": "UNPB",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "bill": "BILL",
    "book": "BOOK",
    "chapter": "CHAP",
    "classic": "CLSWK",
    "collection": "BOOK",
    "dataset": "DATA",
    "document": "GEN",
    "entry": "ENCYC",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE",
    "graphic": "ART",
    "hearing": "HEAR",
    "interview": "PCOMM",
    "legal_case": "CASE",
    "legislation": "STAT",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "personal_communication": "PCOMM",
    "post": "ICOMM",
    "post-weblog": "BLOG",
    "regulation": "LEGAL",
    "report": "RPRT",
    "review": "JOUR",
    "review-book": "JOUR",
    "software": "COMP",
    "song": "SOUND",
    "speech": "GEN",
    "standard": "STAND",
    "thesis": "THES",
    "treaty": "LEGAL",
    "webpage": "ELEC",
}


def to_ris(works: Iterable[Work]) -> str:
    """Return a record for each work; empty where there is none, as RIS has no comments."""
    from rispy import RisWriter

    class Writer(RisWriter):  # type: ignore[misc]
        """Write no running number before a record: not every program skips it."""

        def set_header(self, count: int) -> str:
            return ""

    records = [{name: value for name, value in _fields(work).items() if value} for work in works]
    return str(Writer().formats(records)) if records else ""


def _fields(work: Work) -> dict[str, Any]:
    """Return what rispy writes, by its names for the tags."""
    csl = work.csl
    first, last = pages(csl)
    return {
        "type_of_reference": _TYPES.get(str(csl.get("type")), "GEN"),
        "id": work.key,
        "title": plain(csl.get("title")),
        "authors": [_name(name) for name in names(csl)],
        "secondary_authors": [_name(name) for name in names(csl, "editor")],
        "subsidiary_authors": [_name(name) for name in names(csl, "translator")],
        "year": year(csl.get("issued")),
        "date": _date(csl.get("issued")),
        "access_date": _date(csl.get("accessed")),
        "secondary_title": plain(csl.get("container-title")),
        "tertiary_title": plain(csl.get("collection-title")),
        "type_of_work": plain(csl.get("genre")),
        "edition": plain(csl.get("edition")),
        "volume": plain(csl.get("volume")),
        "number": plain(csl.get("issue") or csl.get("number") or csl.get("collection-number")),
        "start_page": first,
        "end_page": last,
        "publisher": plain(csl.get("publisher")),
        "place_published": plain(csl.get("publisher-place")),
        "issn": plain(csl.get("ISBN") or csl.get("ISSN")),
        "doi": plain(csl.get("DOI")),
        "urls": [url] if (url := plain(csl.get("URL"))) else [],
        "language": plain(csl.get("language")),
        "keywords": list(keywords(csl)),
        "notes": [note] if (note := plain(work.record.get("note"))) else [],
    }


def _name(name: Name) -> str:
    if name.literal:
        return name.family
    family = " ".join(filter(None, (name.particle, name.family)))
    return ", ".join(filter(None, (family, name.given, name.suffix)))


def _date(value: Any) -> str:
    """Return year/month/day/ with what is not known left empty, as RIS writes dates."""
    parts = next(iter(dates(value)), ())
    return "/".join([*(f"{n:02d}" for n in parts), *[""] * (4 - len(parts))]) if parts else ""
