"""Judge whether a text is the cited one: by its title, its authors' names and its date."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from index.domain import Reference
from index.fetching.domain import NotObtained
from index.fetching.extracted import Extracted
from index.fetching.shells import shortened

SAME_TITLE = 88.0
"""From here on two titles differ in spelling, a comma or the site's name (rapidfuzz, 0 to 100)."""
LIKE_TITLE = 68.0
"""From here on they may be two headlines of one story: author and date must agree as well. Two papers' headlines for
one event are as alike (74 for our references 9 and 10, on one day), so that the date alone is not enough."""
MAIN_TITLE = 80.0
"""What a title without its subtitle counts."""
_SIGNIFICANT = 4
"""A title of fewer words than this, such as a press release's, is too common to be judged by alone."""
_DAYS_APART = 3
"""A story is dated by the print edition, the web page or another time zone."""
_DESCRIBES = {"archived", "page", "profile", "home", "website", "web", "untitled"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
    re.compile(rf"(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH}),?\s+(?P<y>\d{{4}})", re.IGNORECASE),
)
_HEAD_CHARACTERS = 3_000


def refuse_another(page: Extracted, reference: Reference) -> None:
    """Raise NotObtained, saying what was seen, where this is another text than the one cited."""
    title = str(reference.csl.get("title") or "")
    if title.startswith("[") or not title:
        is_cited = _is_described(page, reference, title)
    elif len(_words(title)) < _SIGNIFICANT:
        is_cited = _bears_numbers(page, title) and (names_agree(page, reference) or dates_agree(page, reference))
    else:
        likeness = max((title_likeness(title, seen) for seen in page.titles), default=0.0)
        is_supported = likeness >= LIKE_TITLE and names_agree(page, reference) and dates_agree(page, reference)
        is_cited = likeness >= SAME_TITLE or is_supported
    if not is_cited:
        seen = shortened(page.titles[0] if page.titles else page.text)
        raise NotObtained(f"another page: its title is ‘{seen}’" if page.titles else f"another page: it begins ‘{seen}’")


def title_likeness(cited: str, seen: str) -> float:
    """Return how alike two titles are, from 0 to 100; those with other numbers in them are not alike.

    What a site adds in front or behind (" | Dawn") does not count.
    """
    from rapidfuzz import fuzz

    wanted, found = _plain(cited), _plain(seen)
    if not set(re.findall(r"\d+", wanted)) <= set(re.findall(r"\d+", found)):
        return 0.0
    parts = [found, *map(_plain, re.split(r"\s+[|–—·»:-]+\s+", seen))]
    alike = max(float(fuzz.ratio(wanted, part)) for part in parts)
    main = _plain(re.split(r":|\s[–—-]\s", cited)[0])
    if len(main.split()) >= _SIGNIFICANT - 1 and main in parts:
        alike = max(alike, MAIN_TITLE)
    if len(found) > len(wanted):
        alike = max(alike, float(fuzz.partial_ratio(wanted, found)) if len(found) < 3 * len(wanted) + 40 else 0.0)
    return alike


def names_agree(page: Extracted, reference: Reference) -> bool:
    """Tell whether a cited author, or the body that stands for one, is named in the metadata or at the text's beginning."""
    place = f" {_plain(' '.join(page.names))} {_plain(page.text[:_HEAD_CHARACTERS])} {_plain(' '.join(page.titles))} "
    return any(f" {name} " in place for name in _cited_names(reference.csl))


def dates_agree(page: Extracted, reference: Reference) -> bool:
    """Tell whether a date in the metadata or at the text's beginning is the one cited, as exactly as that is known."""
    try:
        cited = tuple(int(part) for part in reference.csl["issued"]["date-parts"][0])
        whole = date(*cited) if len(cited) == 3 else None
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    places = (*page.dates, page.text[:_HEAD_CHARACTERS], *page.titles[:3])
    found = [seen for place in places for seen in _dates(place)]
    if whole:
        return any(abs((seen - whole).days) <= _DAYS_APART for seen in found)
    return any((seen.year, seen.month)[: len(cited)] == cited for seen in found)


def _is_described(page: Extracted, reference: Reference, title: str) -> bool:
    """Tell whether a page without a title of its own is the one described: it names its publisher, or all that it is about."""
    described = {word for word in _words(title) if not word.isdecimal()} - _DESCRIBES
    about = _plain(f"{' '.join(page.titles)} {page.text[:_HEAD_CHARACTERS]}").split()
    return names_agree(page, reference) or (bool(described) and described <= set(about))


def _bears_numbers(page: Extracted, title: str) -> bool:
    """Tell whether the text's beginning bears the title, or where that has a number, the number."""
    head = _plain(f"{' '.join(page.titles)} {page.text[:_HEAD_CHARACTERS]}")
    numbers = re.findall(r"\d+", title)
    return set(numbers) <= set(head.split()) if numbers else f" {_plain(title)} " in f" {head} "


def _cited_names(csl: dict[str, Any]) -> Iterable[str]:
    authors = csl.get("author") or []
    for author in authors if isinstance(authors, list) else []:
        name = author.get("family") or author.get("literal") if isinstance(author, dict) else author
        if name:
            yield _plain(str(name).replace("U.S.", "US"))


def _dates(text: str) -> Iterable[date]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            month = found["m"]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            try:
                yield date(int(found["y"]), number, int(found["d"]))
            except ValueError:
                continue


def _words(text: str) -> list[str]:
    return [word for word in _plain(text).split() if len(word) > 2 or word.isdecimal()]


def _plain(text: str) -> str:
    """Return lower-case letters and digits with single spaces, accents and marks away."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", re.sub(r"[’'‘`.]", "", bare)).split())
