import time
from dataclasses import replace

import pytest

from tests.fetching.web import HTML, OK, QUICK, Page, Registered, Server, fetcher, moved, reason_of, robots, streamed

NAMES = {"news.example": "127.0.0.1", "other.example": "127.0.0.1"}
ALL_BUT_US = "User-agent: *\nDisallow: /\n\nUser-agent: Footnote\nDisallow: /private\nAllow: /private/press\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/page", True),
        ("User-agent: *\nDisallow: /", "/page", False),
        ("User-agent: *\nDisallow:", "/page", True),
        (ALL_BUT_US, "/page", True),
        (ALL_BUT_US, "/private/1", False),
        (ALL_BUT_US, "/private/press/1", True),
        ("User-agent: FOOTNOTE\nDisallow: /", "/page", False),
        ("\ufeffUser-agent: *\r\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x=1", True),
        ("User-agent: *\nDisallow: /*?", "/page?x=1", False),
        ("<html>not rules at all</html>", "/page", True),
        ("\x00\xff" * 1000, "/page", True),
    ],
)
def test_rules_decide(text: str, path: str, allowed: bool, site: Server) -> None:
    """The rules for us, or for all where none are for us, say which paths may be asked for; others are never requested."""
    site.pages |= {"/robots.txt": robots(text), path: OK}

    with fetcher(site) as client:
        reason = reason_of(client, site.url(path))

    assert reason == ("" if allowed else "robots.txt disallows it")
    assert (path in site.requests) == allowed


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, HTML, b""), ""),
        ((401, HTML, b""), ""),
        ((410, HTML, b""), ""),
        ((429, HTML, b""), ""),
        ((500, HTML, b""), "robots.txt cannot be read: HTTP 500"),
        ((503, {"Retry-After": "99"}, b""), "robots.txt cannot be read: HTTP 503: asks to come back in 99 s"),
        (moved("/robots.txt"), ""),
        (moved("/rules"), "robots.txt disallows it"),
    ],
    ids=str,
)
def test_status_of_the_rules_decides(answer: Page, reason: str, site: Server) -> None:
    """As in RFC 9309, 2.3.1: without rules all is allowed, redirects are followed, and a host that fails is left alone."""
    site.pages |= {"/robots.txt": answer, "/rules": robots("User-agent: *\nDisallow: /page"), "/page": OK}

    with fetcher(site) as client:
        assert reason_of(client, site.url("/page")) == reason
        assert reason_of(client, site.url("/page")) == reason


def test_rules_are_asked_for_once(site: Server) -> None:
    """However many pages of a host are asked for, its rules are asked for once a run; those of each host are its own."""
    site.pages |= {"/robots.txt": robots("User-agent: *\nDisallow: /no"), "/1": OK, "/2": OK}

    with fetcher(site, names=NAMES) as client:
        for path in ("/1", "/2", "/no"):
            reason_of(client, site.url(path, "news.example"))
        client.get(site.url("/1", "other.example"))

    assert site.requests == ["/robots.txt", "/1", "/2", "/robots.txt", "/1"]


def test_failing_rules_are_asked_for_once(site: Server) -> None:
    """A host whose rules cannot be read is not asked again for the next page."""
    site.pages["/robots.txt"] = (500, {}, b"")

    with fetcher(site) as client:
        reasons = {reason_of(client, site.url(f"/{at}")) for at in range(3)}

    assert reasons == {"robots.txt cannot be read: HTTP 500"}
    assert set(site.requests) == {"/robots.txt"}
    assert len(site.requests) <= 3


def test_rules_hold_where_a_redirect_leads(site: Server) -> None:
    """A page that leads to another host, or to a forbidden path, is followed only as far as that host's rules allow."""
    site.pages |= {"/": moved("/forbidden"), "/forbidden": OK, "/robots.txt": robots("User-agent: *\nDisallow: /forbidden")}

    with fetcher(site) as client:
        reason = reason_of(client, site.url("/"))

    assert reason == "robots.txt disallows it"
    assert site.requests == ["/robots.txt", "/"]


def test_long_rules_are_read_to_a_limit(site: Server) -> None:
    """Rules without an end are read as far as the limit, and what stands there holds."""
    limits = replace(QUICK, robots_bytes=20_000, body_bytes=10_000_000)
    start = b"User-agent: *\nDisallow: /page\n"
    endless: Registered = streamed(lambda: iter([start, *([b"# more\n" * 1000] * 1000)]))
    site.pages |= {"/robots.txt": endless, "/page": OK, "/other": OK}

    with fetcher(site, limits=limits) as client:
        assert reason_of(client, site.url("/page")) == "robots.txt disallows it"
        assert reason_of(client, site.url("/other")) == ""


def test_crawl_delay_is_kept(site: Server) -> None:
    """Between two visits to a host lies the time that it asks for; the first does not wait."""
    site.pages |= {"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.4"), "/": OK}
    started = time.monotonic()

    with fetcher(site) as client:
        client.get(site.url("/"))
        first = time.monotonic() - started
        client.get(site.url("/"))
        client.get(site.url("/"))

    assert first < 0.4
    assert time.monotonic() - started >= 0.8


def test_crawl_delay_has_a_limit(site: Server) -> None:
    """A host that asks for hours gets as much time as we wait for any host."""
    site.pages |= {"/robots.txt": robots("User-agent: *\nCrawl-delay: 86400"), "/": OK}
    started = time.monotonic()

    with fetcher(site, limits=replace(QUICK, wait_seconds=0.2)) as client:
        client.get(site.url("/"))
        client.get(site.url("/"))

    assert 0.2 <= time.monotonic() - started < 5
