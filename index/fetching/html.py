"""Read a page: its headings, paragraphs and quotations."""

import copy
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from index.fetching.charsets import decoded
from index.fetching.domain import NotObtained
from index.fetching.extracted import Block, Extracted, one_line
from index.fetching.metadata import dates, names, paper, titles
from index.fetching.unseen import without_note_numbers, without_unseen

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_BYTES = 5_000_000
"""A page of text is a hundredth of that; what is larger costs minutes to read."""
_FRAME_IDS = {"root", "app", "__next", "___gatsby", "__nuxt", "main-app", "ember-app"}
_FRAME_TAGS = {"app-root", "prm-explore", "primo-explore"}
"""What the usual frameworks fill by a script; the last two are a library catalogue's."""
_MANY_WORDS = 80


def read_html(content: bytes, charset: str | None = None) -> Extracted:
    """Return what a reader sees of the page; raise NotObtained where it cannot be read."""
    if len(content) > MOST_BYTES:
        raise NotObtained(f"a page of more than {MOST_BYTES // 1_000_000} MB")
    page = _parsed(decoded(content, charset))
    notices = one_line(" ".join(e.text_content() for e in page.iter("noscript")))
    needs_script = _needs_script(page)
    titled, named, dated = titles(page), names(page), dates(page)
    without_note_numbers(without_unseen(page))
    return Extracted(
        blocks=tuple(_blocks(page)),
        extractor=f"trafilatura {version('trafilatura')}",
        form="html",
        titles=titled,
        names=named,
        dates=dated,
        notices=notices,
        needs_script=needs_script,
        paper=paper(page),
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


def _needs_script(page: "HtmlElement") -> bool:
    """Tell whether the page is an empty frame that a script would fill."""
    frames = [e for e in page.iter("div", *_FRAME_TAGS) if e.tag != "div" or e.get("id") in _FRAME_IDS]
    return any(len(frame.text_content().split()) < _MANY_WORDS for frame in frames)
