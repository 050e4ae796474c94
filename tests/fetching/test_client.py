import gzip
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.client import Fetcher
from index.fetching.domain import NotObtained
from index.fetching.hosts import ALWAYS_THERE, AddressGuard
from tests.fetching.web import (
    HTML,
    OK,
    QUICK,
    TEXT,
    Page,
    Registered,
    Server,
    bomb,
    fetcher,
    moved,
    packed,
    raw,
    reason_of,
    streamed,
    trusting,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
NAMES = {"news.example": "127.0.0.1", "other.example": "127.0.0.1"}


def hops(count: int) -> dict[str, Registered]:
    """Make a chain of so many redirects that ends in a page."""
    return {"/": moved("/1"), **{f"/{at}": moved(f"{at + 1}") for at in range(1, count)}, f"/{count}": OK}


def page(headers: dict[str, str], body: bytes = TEXT, status: int = 200) -> dict[str, Registered]:
    return {"/": (status, headers, body)}


OBTAINED: dict[str, dict[str, Registered]] = {
    "a page": {"/": OK},
    "packed by gzip": {"/": packed(TEXT)},
    "no length": {"/": streamed(lambda: iter([TEXT]))},
    "in chunks": {"/": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(TEXT), TEXT))},
    "more than its length": {"/": raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(TEXT) + TEXT + b"and more")},
    "one redirect": hops(1),
    "five redirects": hops(5),
    "permanent redirect": {"/": moved("/end", 308), "/end": OK},
    "redirect with spaces": {"/": moved("  /end  "), "/end": OK},
    "403 for robots.txt": {"/robots.txt": (403, HTML, b""), "/": OK},
    "503, then a page": {"/": [(503, HTML, b""), OK]},
    "429 with Retry-After, then a page": {"/": [(429, {"Retry-After": "1"}, b""), OK]},
    "broken off, then a page": {"/": [(200, HTML | {"Content-Length": "9999"}, TEXT), OK]},
    "no answer, then a page": {"/": [raw(), raw(), OK]},
}
REFUSED: dict[str, tuple[dict[str, Registered], str]] = {
    "no such page": ({}, "HTTP 404"),
    "gone": (page(HTML, status=410), "HTTP 410"),
    "forbidden": (page(HTML, status=403), "HTTP 403"),
    "no content": (page({}, b"", status=204), "HTTP 204"),
    "accepted": (page(HTML, status=202), "HTTP 202"),
    "not there, whatever it asks": (page({"Retry-After": "5"}, status=404), "HTTP 404"),
    "server error": (page(HTML, status=500), "HTTP 500"),
    "out of service": (page(HTML, status=503), "HTTP 503"),
    "out of service for an hour": (page({"Retry-After": "3600"}, status=503), "HTTP 503: asks to come back in 3600 s"),
    "too many requests": (page({"Retry-After": "3600"}, status=429), "HTTP 429: asks to come back in 3600 s"),
    "still too many requests": (page({"Retry-After": "2"}, status=429), "HTTP 429: asks to come back in 2 s"),
    "sometime": (page({"Retry-After": "soon"}, status=429), "HTTP 429"),
    "six redirects": (hops(6), "redirected more than 5 times"),
    "a loop": ({"/": moved("/back"), "/back": moved("/")}, "redirected more than 5 times"),
    "redirect to itself": ({"/": moved("/")}, "redirected more than 5 times"),
    "redirect to nowhere": (page({}, b"", status=302), "redirected to what is no web address"),
    "redirect to nonsense": ({"/": moved("http://news.example:port/")}, "redirected to what is no web address"),
    "redirect to no host": ({"/": moved("http://[nonsense")}, "not a web address"),
    "redirect to a private address": ({"/": moved("http://10.0.0.1/")}, "refused: private address"),
    "redirect to a metadata server": ({"/": moved("http://169.254.169.254/latest/")}, "refused: private address"),
    "redirect to a file": ({"/": moved("file:///etc/passwd")}, "refused: file: is not http or https"),
    "an image": (page({"Content-Type": "image/png"}), "not a text that can be read: image/png"),
    "an image called a page": (page(HTML, b"\x89PNG\r\n\x1a\n\x00"), "not a text that can be read: image/png"),
    "binary called a page": (page(HTML, bytes(range(200))), "not a text that can be read: binary data"),
    "empty": (page(HTML, b""), "empty"),
    "robots disallow": ({"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /"), "/": OK}, "robots.txt disallows it"),
    "robots out of service": ({"/robots.txt": (503, {}, b""), "/": OK}, "robots.txt cannot be read: HTTP 503"),
    "slow headers": ({"/": raw(b"HTTP/1.1 200 OK\r\n", HEAD, pause_seconds=0.8)}, "timed out after 0.4 s"),
    "dripping headers": ({"/": raw(*itertools.repeat(b"X-Drip: 1\r\n"[:1], 50), pause_seconds=0.1)}, "timed out after 1.5 s"),
    "dripping body": ({"/": streamed(lambda: itertools.repeat(b"a"), pause_seconds=0.1)}, "timed out after 1.5 s"),
    "stalled body": ({"/": streamed(lambda: iter([TEXT, TEXT]), pause_seconds=0.8)}, "timed out after 0.4 s"),
    "endless body": ({"/": streamed(lambda: itertools.repeat(b"a" * 10_000))}, "more than 0.2 MB"),
    "long body": (page(HTML, bytes(200_001)), "more than 0.2 MB"),
    "gzip bomb": (page(HTML | {"Content-Encoding": "gzip"}, bomb(10)), "unpacks to more than 200 times its size"),
    "half of gzip": (page(HTML | {"Content-Encoding": "gzip"}, gzip.compress(TEXT)[:-9]), "broke off before its end"),
    "less than its length": (page(HTML | {"Content-Length": "9999"}), "broke off before its end"),
    "no answer": ({"/": raw()}, "closed the connection without an answer"),
    "no HTTP": ({"/": raw(b"220 mail.example ESMTP\r\n\r\n")}, "no valid HTTP"),
    "large headers": (page(HTML | {f"X-{at}": "a" * 1000 for at in range(70)}), "headers of more than 64 kB"),
    "boundless headers": ({"/": raw(HEAD, b"X-Long: " + b"a" * 300_000)}, "no valid HTTP"),
}
NASTY = {
    "negative length": HEAD + b"Content-Length: -5\r\n\r\n" + TEXT,
    "immense length": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n" + TEXT,
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + TEXT,
    "length of letters": HEAD + b"Content-Length: five\r\n\r\n" + TEXT,
    "chunks of no size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + TEXT,
    "immense chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 19 + b"\r\n" + TEXT,
    "unknown transfer": HEAD + b"Transfer-Encoding: gzip\r\n\r\n" + TEXT,
    "no colon": HEAD + b"nonsense\r\n\r\n" + TEXT,
    "NUL in a header": HEAD + b"X-Nul: a\0b\r\n\r\n" + TEXT,
    "no reason phrase": b"HTTP/1.1 200\r\n\r\n",
    "status 999": b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
    "status 42": b"HTTP/1.1 42 Early\r\n\r\n",
    "switching protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
    "many early answers": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5000,
    "HTTP/2": b"HTTP/2 200 OK\r\n\r\n" + TEXT,
    "TLS": bytes.fromhex("15030100020228"),
    "only a page": TEXT,
    "redirect in Latin-1": b"HTTP/1.1 302 Found\r\nLocation: /stra\xdfe\r\nContent-Length: 0\r\n\r\n",
    "redirect with a NUL": b"HTTP/1.1 302 Found\r\nLocation: /%00\x7f\r\nContent-Length: 0\r\n\r\n",
    "type in Latin-1": b"HTTP/1.1 200 OK\r\nContent-Type: text/h\xfcml\r\nContent-Length: 1\r\n\r\na",
    "type of parameters": b"HTTP/1.1 200 OK\r\nContent-Type: ;;;=\r\nContent-Length: 1\r\n\r\na",
}
LIMITS = replace(QUICK, read_seconds=0.4, total_seconds=1.5)
PATIENT = replace(QUICK, total_seconds=60)


@pytest.mark.parametrize("part", OBTAINED)
def test_obtained(part: str, site: Server) -> None:
    """A page is obtained in every form that servers give it, and after a failure that passes."""
    site.pages |= OBTAINED[part]

    with fetcher(site, limits=PATIENT) as client:
        received = client.get(site.url("/#part"))

    assert (received.content, received.status, received.media_type) == (TEXT, 200, "text/html")
    assert received.asked == site.url("/#part")


@pytest.mark.parametrize("part", REFUSED)
def test_not_obtained(part: str, site: Server) -> None:
    """Everything else has its reason, in a few words, in time."""
    pages, reason = REFUSED[part]
    site.pages |= pages
    started = time.monotonic()

    with fetcher(site, limits=LIMITS) as client, pytest.raises(NotObtained) as caught:
        client.get(site.url("/"))

    assert str(caught.value) == reason
    assert time.monotonic() - started < LIMITS.total_seconds + 2


@pytest.mark.parametrize("part", NASTY)
def test_nonsense_is_told_like_any_failure(part: str, site: Server) -> None:
    """Whatever a server sends instead of HTTP, there is a reason or a body, and no other error."""
    site.pages["/"] = raw(NASTY[part])

    with fetcher(site, limits=LIMITS) as client, suppress(NotObtained):
        client.get(site.url("/"))

    assert "/" in site.requests


@given(st.one_of(st.text(), st.from_regex(r"https?://[^/]{1,30}(/.{0,20})?", fullmatch=True)))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    """No text makes anything but a reason, where there is no network."""
    guard = AddressGuard(resolve=lambda host, port: ())

    with Fetcher(guard=guard, tls=trusting()) as client, pytest.raises(NotObtained) as caught:
        client.get(text)

    assert 0 < len(str(caught.value)) < 200


def test_received_says_whence_and_when(site: Server) -> None:
    """What came carries the address it came from after redirects, the time in UTC, and the charset as it was named."""
    site.pages |= {"/old": moved("/new?a=1"), "/new?a=1": (200, {"Content-Type": "text/html; charset=KOI8-R"}, TEXT)}
    before = datetime.now(UTC).replace(microsecond=0)

    with fetcher(site, names=NAMES) as client:
        received = client.get(site.url("/old", "news.example"))

    assert received.final == site.url("/new?a=1", "news.example")
    assert received.charset == "koi8-r"
    assert before <= datetime.fromisoformat(received.at) <= datetime.now(UTC)
    assert received.at.endswith("+00:00")


def test_request_says_who_asks(site: Server) -> None:
    """A server can see who asks and what for, and no more: no cookies of another visit, no referrer."""
    site.pages["/"] = (200, HTML | {"Set-Cookie": "seen=1"}, TEXT)

    with fetcher(site) as client:
        client.get(site.url("/"))
        client.get(site.url("/"))

    assert all(heard["User-Agent"].startswith("Footnote/") for heard in site.heard)
    assert {heard["Accept-Encoding"] for heard in site.heard} == {"gzip, deflate"}
    assert not any({"Cookie", "Referer", "Authorization"} & set(heard) for heard in site.heard)


@pytest.mark.parametrize("retried", [(503, {}, b""), (429, {"Retry-After": "1"}, b"")], ids=["503", "429"])
def test_failure_that_may_pass_is_tried_three_times(retried: Page, site: Server) -> None:
    """There are two tries more, and no third."""
    site.pages["/"] = retried

    with fetcher(site, limits=PATIENT) as client, pytest.raises(NotObtained, match=rf"HTTP {retried[0]}"):
        client.get(site.url("/"))

    assert site.requests == ["/robots.txt", "/", "/", "/"]


@pytest.mark.parametrize(
    "final", [(404, {}, b""), (503, {"Retry-After": "11"}, b""), (200, {}, b"")], ids=["404", "503", "empty"]
)
def test_failure_that_stays_is_not_tried_again(final: Page, site: Server) -> None:
    """A page that is not there is asked for once, and so is one whose server wants more time than we give."""
    site.pages["/"] = final

    with fetcher(site, limits=PATIENT) as client, pytest.raises(NotObtained):
        client.get(site.url("/"))

    assert site.requests == ["/robots.txt", "/"]


def test_server_is_given_the_time_it_asks_for(site: Server) -> None:
    """Retry-After is waited for, and the page is then asked for again."""
    later = (429, {"Retry-After": "1"}, b"")
    site.pages["/"] = [later, OK]
    stamina.set_testing(False)
    started = time.monotonic()

    with fetcher(site, limits=PATIENT) as client:
        client.get(site.url("/"))

    assert 1 <= time.monotonic() - started < 10
    assert site.requests == ["/robots.txt", "/", "/"]


def test_threads_do_not_wait_for_each_other() -> None:
    """Slow hosts are asked side by side, and robots.txt of each but once."""
    slow = {"/": streamed(lambda: iter([TEXT, b" "]), pause_seconds=0.3)}
    started = time.monotonic()

    with ExitStack() as open_sites, ThreadPoolExecutor(6) as pool:
        sites = [open_sites.enter_context(Server(slow)) for _ in range(6)]
        client = open_sites.enter_context(fetcher(*sites))
        statuses = [received.status for received in pool.map(lambda site: client.get(site.url("/")), sites)]
    elapsed = time.monotonic() - started

    assert statuses == [200] * 6
    assert [site.requests for site in sites] == [["/robots.txt", "/"]] * 6
    assert elapsed < 6 * 0.6


def test_without_network_every_host_says_so_at_once() -> None:
    """Where no name is known there is no network, which every host reports in these words, and the resolver is asked once."""
    looked_up = []

    def offline(host: str, port: int) -> tuple[str, ...]:
        looked_up.append(host)
        raise OSError("no resolver")

    with Fetcher(guard=AddressGuard(resolve=offline), tls=trusting()) as client:
        reasons = {reason_of(client, f"https://host-{at}.example/") for at in range(30)}

    assert reasons == {"no network"}
    assert looked_up == ["host-0.example", ALWAYS_THERE]


def test_network_that_comes_back_is_used(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """That there was no network is neither held against a host nor remembered for long."""
    monkeypatch.setattr("index.fetching.client.OFFLINE_SECONDS", 0)
    site.pages["/"] = OK
    answers = [(), (), ("127.0.0.1",), ("127.0.0.1",)]
    guard = AddressGuard(frozenset({site.port}), lambda host, port: answers.pop(0))

    with Fetcher(limits=QUICK, guard=guard, tls=trusting()) as client:
        assert reason_of(client, site.url("/", "news.example")) == "no network"
        assert client.get(site.url("/", "news.example")).status == 200
