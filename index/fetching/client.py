"""Fetch one address politely and safely: what may be asked, within limits, or the reason that it was not obtained."""

import ssl
import time
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx2
import stamina

from index.fetching.bodies import whole
from index.fetching.domain import NotObtained, Received
from index.fetching.hosts import AddressGuard
from index.fetching.limits import Limits
from index.fetching.media import called, sniffed
from index.fetching.reasons import NoNetwork
from index.fetching.robots import AGENT, Robots
from index.fetching.visits import Visit, Way

PURPOSE = "+citation checking; fetches only what a reader asks for"
OFFLINE_SECONDS = 10.0
"""How long no other host is tried after one showed that there is no network; a lookup in vain can take that long."""
DEFAULT_LIMITS = Limits()
DEFAULT_GUARD = AddressGuard()


class Fetcher:
    """Fetch addresses, one visit each, from as many threads as there are hosts; robots.txt is asked for once a host.

    `tls` says whose certificates are trusted; the system's, unless a test plays a server of its own.
    """

    def __init__(
        self, *, limits: Limits = DEFAULT_LIMITS, guard: AddressGuard = DEFAULT_GUARD, tls: ssl.SSLContext | None = None
    ) -> None:
        stamina.instrumentation.set_on_retry_hooks(())
        agent = f"{AGENT}/{version('footnote-qa')} ({PURPOSE})"
        self._way = Way(guard, limits, tls or httpx2.create_ssl_context(trust_env=False), agent)
        self._robots = Robots()
        self._offline_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Forget what hosts said; a visit closes its own connections."""
        self._robots = Robots()

    def get(self, url: str) -> Received:
        """Return the body that stands at an address or where it leads to; raise NotObtained with the reason."""
        start = _parsed(url)
        visited: set[bytes] = set()

        def before(step: httpx2.URL) -> None:
            if time.monotonic() < self._offline_until:
                raise NoNetwork
            self._robots.check(step, visit)
            if step.netloc not in visited:
                self._robots.wait(step, visit)
            visited.add(step.netloc)

        with Visit(self._way) as visit:
            try:
                return visit.follow(start, lambda response: self._received(url, response), before)
            except NoNetwork:
                self._offline_until = time.monotonic() + OFFLINE_SECONDS
                raise

    def _received(self, asked: str, response: httpx2.Response) -> Received:
        name, charset = called(response.headers.get("content-type", ""))
        content = whole(response, self._way.limits)
        return Received(
            asked=asked,
            final=str(response.url),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            status=response.status_code,
            media_type=sniffed(name, charset, content),
            charset=charset,
            content=content,
        )


def _parsed(url: str) -> httpx2.URL:
    try:
        return httpx2.URL(url.strip()).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise NotObtained("not a web address") from error
