"""Write works as BibTeX that biber, BibTeX and Zotero read: UTF-8, with only what means something to TeX escaped."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from index.exports.csl import Name, dates, keywords, names, pages, plain, year
from index.exports.works import Work


class _Type(NamedTuple):
    name: str
    container: str = "howpublished"
    publisher: str = "publisher"


_ARTICLE = _Type("article", "journal")
_CHAPTER = _Type("incollection", "booktitle")
_ONLINE = _Type("online", "organization")
_MISC = _Type("misc")
_TYPES = {
    "article": _MISC,
    "article-journal": _ARTICLE,
    "article-magazine": _ARTICLE,
    "article-newspaper": _ARTICLE,
    "book": _Type("book", "series"),
    "chapter": _CHAPTER,
    "collection": _Type("book", "series"),
    "dataset": _MISC,
    "document": _MISC,
    "entry": _CHAPTER,
    "entry-dictionary": _CHAPTER,
    "entry-encyclopedia": _CHAPTER,
    "manuscript": _Type("unpublished"),
    "pamphlet": _Type("booklet"),
    "paper-conference": _Type("inproceedings", "booktitle"),
    "post": _ONLINE,
    "post-weblog": _ONLINE,
    "report": _Type("techreport", "series", "institution"),
    "review": _ARTICLE,
    "review-book": _ARTICLE,
    "thesis": _Type("phdthesis", publisher="school"),
    "webpage": _ONLINE,
}
_SUBTYPES = {"article-magazine": "magazine", "article-newspaper": "newspaper"}

# Zotero writes these the same way and reads them back; the phantoms keep BibTeX's count of braces even.
_ESCAPES = str.maketrans({
    "\\": r"{\textbackslash}", "{": r"\{\vphantom{\}}", "}": r"\vphantom{\{}\}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "@": "{@}",  # before a brace it would open an entry to a parser that does not count braces
})  # fmt: skip
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=,)(?=,)|(?<=[?!])(?=`)")
_NOTHING = "% The sources do not answer, so nothing is quoted and no work is listed.\n"


def to_bibtex(works: Iterable[Work], *, nothing: str = _NOTHING) -> str:
    """Return an entry for each work, or `nothing`, a comment, where there is none."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import BibtexFormat

    library = Library()
    for work in works:
        fields = [Field(name, value) for name, value in _fields(work).items() if value]
        library.add(Entry(_type(work.csl).name, work.key, fields))
    layout: Any = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent, layout.block_separator, layout.trailing_comma = "  ", "\n", True
    return write_string(library, bibtex_format=layout) if library.entries else nothing


def escaped(value: Any) -> str:
    """Return the text as TeX prints it: its special characters escaped, and no ligature made where there was none."""
    return _LIGATURES.sub("{}", plain(value).translate(_ESCAPES))


def _type(csl: dict[str, Any]) -> _Type:
    return _TYPES.get(str(csl.get("type")), _MISC)


def _fields(work: Work) -> dict[str, str]:
    csl, record = work.csl, work.record
    form = _type(csl)
    first, last = pages(csl)
    fields = {
        "title": _title(csl.get("title")),
        "author": " and ".join(map(_name, names(csl))),
        "editor": " and ".join(map(_name, names(csl, "editor"))),
        "translator": " and ".join(map(_name, names(csl, "translator"))),
        "series": escaped(csl.get("collection-title")),
        **({form.container: container} if (container := escaped(csl.get("container-title"))) else {}),
        form.publisher: escaped(csl.get("publisher")),
        "address": escaped(csl.get("publisher-place")),
        "entrysubtype": _SUBTYPES.get(str(csl.get("type")), ""),
        "type": escaped(csl.get("genre")),
        "edition": escaped(csl.get("edition")),
        "volume": escaped(csl.get("volume")),
        "number": escaped(csl.get("issue") or csl.get("number") or csl.get("collection-number")),
        "pages": "--".join(filter(None, (escaped(first), escaped(last)))),
        "date": "/".join("-".join(f"{n:02d}" for n in parts) for parts in dates(csl.get("issued"))),
        "year": year(csl.get("issued")),
        "isbn": escaped(csl.get("ISBN")),
        "issn": escaped(csl.get("ISSN")),
        "doi": _verbatim(csl.get("DOI")),
        "url": _verbatim(csl.get("URL")),
        "urldate": "-".join(f"{n:02d}" for n in next(iter(dates(csl.get("accessed"))), ())),
        "note": escaped(record.get("note")),
        "keywords": ", ".join(map(escaped, keywords(csl))),
        "langid": escaped(csl.get("language")),
    }
    return fields


def _title(value: Any) -> str:
    """Return the title with the words kept that styles would write otherwise: those with a capital, and those that open."""
    words = plain(value).split(" ")
    opens = [True, *(word.endswith((":", ".", "?", "!")) for word in words)]
    kept = (first or word != word.lower() for word, first in zip(words, opens, strict=False))
    return " ".join(f"{{{escaped(w)}}}" if keep else escaped(w) for w, keep in zip(words, kept, strict=True))


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{escaped(name.family)}}}"
    family = " ".join(filter(None, (escaped(name.particle), _whole(name.family))))
    return ", ".join(filter(None, (family, _whole(name.suffix), _whole(name.given))))


def _whole(part: str) -> str:
    """Return the part of a name, in braces where BibTeX would divide it."""
    divided = "," in part or re.search(r"\band\b", part, re.IGNORECASE)
    return f"{{{escaped(part)}}}" if divided else escaped(part)


def _verbatim(value: Any) -> str:
    """Return an address as biblatex takes it, unescaped, but for what would end the field."""
    return re.sub(r"[\s{}\\]", lambda found: quote(found[0], safe=""), plain(value))
