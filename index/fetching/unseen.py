"""Take out of a page what a reader does not see, and the note numbers that are not its words."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:text-indent|left|top|right|bottom|margin-left)\s*:\s*-(?:999|\d{4,})|clip\s*:\s*rect\(\s*[01]",
    re.IGNORECASE,
)
"""Not `opacity: 0`, with which many sites fade in their own text."""
_OFF_SCREEN = re.compile(r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader-?text|offscreen|off-screen)(?:$|\s)", re.I)
_NOT_TEXT = "script", "style", "template", "noscript", "object", "embed", "applet", "iframe"
_NOTE_NUMBER = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z*†‡§]{1,2}|note \d+)(?:\s*[,–-]\s*\d{1,3})*\s*[\])]?", re.IGNORECASE)
_NOTE_CLASS = re.compile(r"(?:^|\s)(?:reference|footnote-ref|footnoteref|noteref|fn-ref|fnref|endnote-ref)(?:$|\s)", re.I)
_ORDINAL = {"st", "nd", "rd", "th"}
_RAISED = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def without_unseen(page: "HtmlElement") -> "HtmlElement":
    """Return the page without its hidden elements; it is changed in place."""
    for element in list(page.iter()):
        if element is not page and (not isinstance(element.tag, str) or element.tag in _NOT_TEXT or _is_hidden(element)):
            _drop(element)
    return page


def without_note_numbers(page: "HtmlElement") -> "HtmlElement":
    """Return the page without the superscript numbers that point to its notes; it is changed in place.

    An exponent stays and is written as one: 10⁶ and not 106.
    """
    for element in list(page.iter("sup", "a", "span")):
        if _is_note_number(element):
            _drop(element)
        elif element.tag == "sup" and element.text and _is_exponent(element):
            element.text = element.text.translate(_RAISED)
    return page


def _is_hidden(element: "HtmlElement") -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDING.search(element.get("style", "")))
        or bool(_OFF_SCREEN.search(element.get("class", "")))
    )


def _is_note_number(element: "HtmlElement") -> bool:
    said = " ".join(element.text_content().split())
    if _NOTE_CLASS.search(element.get("class", "")) and len(said) < 8:
        return True
    if element.tag != "sup" or not _NOTE_NUMBER.fullmatch(said) or said.lower() in _ORDINAL:
        return False
    is_marked = element.find(".//a") is not None or said[0] in "[("
    return is_marked or (not _is_exponent(element) and not said.isalpha())


def _is_exponent(element: "HtmlElement") -> bool:
    """Tell whether the number stands on a digit or a unit, as in 10⁶ or km²."""
    before = element.getprevious()
    parent = element.getparent()
    stands_on = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return bool(re.search(r"\d$|(?:^|[\s\d])(?:[kcmd]?m|s|mi|ft)$", stands_on))


def _drop(element: "HtmlElement") -> None:
    """Remove the element and all in it, and keep what follows."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
