"""List the addresses at which a cited source may stand: as cited, as printed, mended, and as the web archive keeps it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from index.domain import Reference
from index.fetching.domain import NotObtained

ARCHIVE = "https://web.archive.org/web/"
_PRINTED = re.compile(r"https?://[^\s<>\"”’]+", re.IGNORECASE)
_LEFTOVER = re.compile(r"(?:%7B|%7D|\{|\}|%24|\$|%3C%25|<%).*$", re.IGNORECASE)
_STORY_NUMBER = re.compile(r"^(?P<before>/(?:[a-z-]+/)*)(?P<id>\d{4,})(?:/[^/]+)/?$")
_MOST = 2048


@dataclass(frozen=True, slots=True)
class Address:
    """An address to ask, and how it was come by where it is not the one cited."""

    url: str
    repair: str | None = None

    @property
    def is_archived(self) -> bool:
        """Tell whether the web archive would answer it."""
        return self.url.startswith(ARCHIVE)


def addresses(reference: Reference) -> tuple[Address, ...]:
    """Return the addresses in the order in which they are worth asking, each once."""
    found: dict[str, Address] = {}
    for address in _addresses(reference):
        found.setdefault(address.url, address)
    return tuple(found.values())


def check_address(url: str) -> str:
    """Return the host; raise NotObtained, with what is wrong, where this is no address of a page."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise NotObtained("the address is malformed") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise NotObtained(f"not a web address: {parts.scheme or url[:40]}")
    if not host or re.search(r"\s", url) or len(url) > _MOST:
        raise NotObtained("the address is malformed")
    return host


def is_address(url: str) -> bool:
    """Tell whether this is the address of a page."""
    try:
        return bool(check_address(url))
    except NotObtained:
        return False


def host_of(url: str) -> str:
    """Return the host of the address, or nothing where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _addresses(reference: Reference) -> Iterator[Address]:
    cited = [str(reference.url)] if reference.url else []
    printed = [url.rstrip(".,;:)]") for url in _PRINTED.findall(reference.printed)]
    given = [Address(url) for url in cited] + [Address(url, "as printed" if cited else None) for url in printed]
    yield from given
    for address in filter(lambda a: is_address(a.url), given):
        yield from _mended(address.url)
    issued = archive_date(reference.csl)
    for address in given:
        if is_address(address.url):
            yield Address(f"{ARCHIVE}{issued}id_/{without_leftovers(address.url)}", "the web archive's copy")


def _mended(url: str) -> Iterator[Address]:
    clean = without_leftovers(url)
    if clean != url:
        yield Address(clean, "without what a template left in it")
    for variant in slug_variants(clean):
        yield Address(variant, "another form of its last part")


def without_leftovers(url: str) -> str:
    """Return the address without what a page's template left in its path, such as `/%7B%7B`."""
    parts = urlsplit(url)
    path = _LEFTOVER.sub("", parts.path)
    if path == parts.path and not re.search(r"\{\{|%7B%7B", unquote(parts.query)):
        return url
    query = "" if "{{" in unquote(parts.query) else parts.query
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/") if path != parts.path else path, query, ""))


def slug_variants(url: str) -> tuple[str, ...]:
    """Return the address with and without a slash at its end, and with the story's number alone."""
    parts = urlsplit(url)
    if parts.query or re.search(r"\.[a-z]{2,5}$", parts.path, re.IGNORECASE) or parts.path in ("", "/"):
        return ()
    number = _STORY_NUMBER.match(parts.path)
    paths = [parts.path.rstrip("/") if parts.path.endswith("/") else f"{parts.path}/"]
    paths += [f"{number['before']}{number['id']}"] if number else []
    return tuple(urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in paths)


def archive_date(csl: dict[str, Any]) -> str:
    """Return the date of publication as the web archive writes it, in the middle of what is known only in part.

    Without a date it is the end of the archive's calendar, which means its newest copy.
    """
    try:
        parts = [int(part) for part in csl["issued"]["date-parts"][0]]
        year, month, day = (*parts, *((7, 1) if len(parts) == 1 else (15,)))[:3]
        return date(year, month, day).strftime("%Y%m%d").zfill(8)
    except (KeyError, IndexError, TypeError, ValueError):
        return "99991231"
