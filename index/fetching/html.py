"""Read a page: its headings, paragraphs and quotations, and what its metadata says of title, author and date."""

import copy
import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from index.fetching.charsets import decoded
from index.fetching.domain import NotObtained
from index.fetching.extracted import Block, Extracted, one_line
from index.fetching.unseen import without_note_numbers, without_unseen

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_BYTES = 5_000_000
"""A page of text is a hundredth of that; what is larger costs minutes to read."""
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
_FRAME_IDS = {"root", "app", "__next", "___gatsby", "__nuxt", "main-app", "ember-app"}
_FRAME_TAGS = {"app-root", "prm-explore", "primo-explore"}
"""What the usual frameworks fill by a script; the last two are a library catalogue's."""
_MANY_WORDS = 80


def read_html(content: bytes, charset: str | None = None) -> Extracted:
    """Return what a reader sees of the page; raise NotObtained where it cannot be read."""
    if len(content) > MOST_BYTES:
        raise NotObtained(f"a page of more than {MOST_BYTES // 1_000_000} MB")
    page = _parsed(decoded(content, charset))
    data = list(_linked_data(page))
    notices = one_line(" ".join(e.text_content() for e in page.iter("noscript")))
    needs_script = _needs_script(page)
    without_note_numbers(without_unseen(page))
    return Extracted(
        blocks=tuple(_blocks(page)),
        extractor=f"trafilatura {version('trafilatura')}",
        form="html",
        titles=_distinct([*_metas(page, _TITLE_METAS), *_said(data, "headline"), *_texts(page, "h1"), *_texts(page, "title")]),
        names=_distinct([*_metas(page, _NAME_METAS), *_said(data, "author"), *_said(data, "publisher")]),
        dates=_distinct([*_metas(page, _DATE_METAS), *_said(data, "datePublished"), *_times(page)]),
        notices=notices,
        needs_script=needs_script,
    )


def _parsed(text: str) -> "HtmlElement":
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", no_network=True))
    except (LxmlError, ValueError):
        raise NotObtained("an empty page") from None


def _blocks(page: "HtmlElement") -> Iterator[Block]:
    from trafilatura import bare_extraction

    found = bare_extraction(
        copy.deepcopy(page), include_comments=False, include_tables=False, include_links=False, include_formatting=True,
        with_metadata=False, favor_recall=True,
    )  # fmt: skip
    if found is None or not hasattr(found, "body"):
        return
    for element in found.body.iter("p", "head", "item", "quote", "code"):
        if any(parent.tag in ("p", "head", "item", "code") for parent in element.iterancestors()):
            continue
        if element.tag == "quote" and element.find(".//p") is not None:
            continue
        text = one_line(_spaced(element))
        if text:
            yield Block(text, _level(element))


def _spaced(element: "HtmlElement") -> str:
    """Return the element's words, those on two lines apart."""
    for broken in element.iter("lb", "p", "item", "list", "head"):
        if broken is not element:
            broken.text = f" {broken.text or ''}"
            broken.tail = f" {broken.tail or ''}"
    return "".join(element.itertext())


def _level(element: "HtmlElement") -> int:
    """Return the level of a heading, one below the page's own title, and 0 for what is none."""
    if element.tag != "head":
        return 0
    rend = str(element.get("rend", "h2"))
    return max(2, min(6, int(rend[1:]))) if rend[1:].isdecimal() else 2


def _metas(page: "HtmlElement", names: tuple[str, ...]) -> list[str]:
    """Return what the page's <meta> elements say under these names, in the order of the names."""
    metas = [
        ((m.get("name") or m.get("property") or m.get("itemprop") or "").lower(), m.get("content", ""))
        for m in page.iter("meta")
    ]
    return [one_line(content) for wanted in names for name, content in metas if name == wanted]


def _texts(page: "HtmlElement", tag: str) -> list[str]:
    return [one_line(element.text_content()) for element in page.iter(tag)][:3]


def _times(page: "HtmlElement") -> list[str]:
    return [one_line(e.get("datetime") or e.text_content()) for e in page.iter("time")][:3]


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


def _said(data: list[dict[str, Any]], name: str) -> list[str]:
    """Return what the JSON-LD says under this name: words, or the names of persons and organisations."""
    found = [entry.get(name) for entry in data]
    values = [value for one in found for value in (one if isinstance(one, list) else [one])]
    said = [value.get("name") if isinstance(value, dict) else value for value in values]
    return [one_line(value) for value in said if isinstance(value, str)]


def _needs_script(page: "HtmlElement") -> bool:
    """Tell whether the page is an empty frame that a script would fill."""
    frames = [e for e in page.iter("div", *_FRAME_TAGS) if e.tag != "div" or e.get("id") in _FRAME_IDS]
    return any(len(frame.text_content().split()) < _MANY_WORDS for frame in frames)


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
