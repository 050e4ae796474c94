"""Read what a page says of its title, its authors and its date."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.fetching.extracted import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLE_METAS = "citation_title", "dc.title", "og:title", "twitter:title"
_NAME_METAS = (
    "citation_author",
    "dc.creator",
    "author",
    "article:author",
    "og:site_name",
    "dc.publisher",
    "citation_journal_title",
)
_DATE_METAS = (
    "citation_publication_date", "citation_date", "citation_online_date", "dc.date", "article:published_time", "date",
    "datepublished", "pubdate",
)  # fmt: skip
_BYLINE = re.compile(r"(?:^|[\s_-])(?:by-?line|authors?|writer|contributors?)(?:$|[\s_-])", re.IGNORECASE)
_DATELINE = re.compile(r"(?:^|[\s_-])(?:date|dateline|published|pub-?date|timestamp)(?:$|[\s_-])", re.IGNORECASE)
_LINE_WORDS = 25
_MOST = 5


def titles(page: "HtmlElement") -> tuple[str, ...]:
    """Return what the page is called, the most trustworthy first."""
    said = _said(page, "headline")
    return _distinct([*_metas(page, _TITLE_METAS), *said, *_texts(page, "h1"), *_texts(page, "title")])


def names(page: "HtmlElement") -> tuple[str, ...]:
    """Return who wrote and who published the page: metadata, JSON-LD and the lines that are marked so."""
    said = [*_said(page, "author"), *_said(page, "publisher")]
    return _distinct([*_metas(page, _NAME_METAS), *said, *_lines(page, _BYLINE)])


def dates(page: "HtmlElement") -> tuple[str, ...]:
    """Return when the page was published, as it is written there: metadata, JSON-LD, <time> and lines marked so."""
    times = [one_line(e.get("datetime") or e.text_content()) for e in page.iter("time")][:_MOST]
    lines = [*_lines(page, _DATELINE), *_lines(page, _BYLINE)]
    return _distinct([*_metas(page, _DATE_METAS), *_said(page, "datePublished"), *times, *lines])


def paper(page: "HtmlElement") -> str | None:
    """Return the address of the paper that the page describes, if it names one."""
    return next(iter(_metas(page, ("citation_pdf_url",))), None)


def _metas(page: "HtmlElement", names: tuple[str, ...]) -> list[str]:
    """Return what the page's <meta> elements say under these names, in the order of the names."""
    metas = [
        ((m.get("name") or m.get("property") or m.get("itemprop") or "").lower(), m.get("content", ""))
        for m in page.iter("meta")
    ]
    return [one_line(content) for wanted in names for name, content in metas if name == wanted]


def _texts(page: "HtmlElement", tag: str) -> list[str]:
    return [one_line(element.text_content()) for element in page.iter(tag)][:3]


def _lines(page: "HtmlElement", marked: re.Pattern[str]) -> list[str]:
    """Return the short lines that the page marks by class, relation or property."""
    found = []
    for element in page.iter("p", "span", "div", "a", "address", "li", "time"):
        mark = " ".join(element.get(name, "") for name in ("class", "rel", "itemprop"))
        said = one_line(element.text_content()) if marked.search(mark) else ""
        if 0 < len(said.split()) <= _LINE_WORDS:
            found.append(said)
    return found[:_MOST]


def _linked_data(page: "HtmlElement") -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD."""
    for script in page.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        try:
            said = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = said.get("@graph", said) if isinstance(said, dict) else said
        yield from (entry for entry in (graph if isinstance(graph, list) else [graph]) if isinstance(entry, dict))


def _said(page: "HtmlElement", name: str) -> list[str]:
    """Return what the JSON-LD says under this name: words, or the names of persons and organisations."""
    found = [entry.get(name) for entry in _linked_data(page)]
    values = [value for one in found for value in (one if isinstance(one, list) else [one])]
    said = [value.get("name") if isinstance(value, dict) else value for value in values]
    return [one_line(value) for value in said if isinstance(value, str)]


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
