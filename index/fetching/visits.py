"""One visit: an address, asked again where that may help, and where it leads to, on one clock and with its own cookies."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import httpx2
import stamina

from index.fetching.bodies import CODINGS
from index.fetching.domain import NotObtained
from index.fetching.failures import retry_after_seconds, told
from index.fetching.hosts import AddressGuard
from index.fetching.limits import Clock, Limits
from index.fetching.media import ACCEPT
from index.fetching.reasons import BadStatus, Broken, TooManyRedirects
from index.fetching.transport import GuardedTransport

T = TypeVar("T")
Read = Callable[[httpx2.Response], T]
Before = Callable[[httpx2.URL], None]

WHOLE = {200, 203}
REDIRECTS = {301, 302, 303, 307, 308}
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Way:
    """How connections are made: what is admitted, what is borne, whose certificates are trusted, by what name we ask."""

    guard: AddressGuard
    limits: Limits
    tls: ssl.SSLContext
    user_agent: str


class Visit:
    """Ask for one address and follow where it leads; a context, at whose end all connections are closed."""

    def __init__(self, way: Way) -> None:
        self._guard = way.guard
        self.limits = way.limits
        self.clock = Clock(way.limits.total_seconds)
        self._client = httpx2.Client(
            transport=GuardedTransport(way.guard, self.clock, way.tls),
            headers={"User-Agent": way.user_agent, "Accept": ACCEPT, "Accept-Encoding": CODINGS},
            timeout=httpx2.Timeout(way.limits.read_seconds, connect=way.limits.connect_seconds),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def follow(self, url: httpx2.URL, read: Read[T], before: Before) -> T:
        """Read what stands at an address or where it leads to; `before` may refuse any address on the way."""
        for _ in range(self.limits.redirects + 1):
            self._guard.check(url)
            before(url)
            found = self._patiently(url, read)
            if not isinstance(found, httpx2.URL):
                return found
            if url.scheme == "https" and found.scheme == "http" and not self._guard.downgrade:
                raise NotObtained("refused: redirected from https to http")
            url = found
        raise TooManyRedirects(self.limits.redirects)

    def _patiently(self, url: httpx2.URL, read: Read[T]) -> T | httpx2.URL:
        """Ask, and ask again after a failure that may pass."""
        for attempt in stamina.retry_context(
            on=self._is_worth_another_try,
            attempts=self.limits.retries + 1,
            timeout=self.limits.total_seconds,
            wait_initial=FIRST_PAUSE_SECONDS,
            wait_max=LONGEST_PAUSE_SECONDS,
        ):
            with attempt:
                return self._once(url, read)
        raise AssertionError("a last attempt returns or raises")

    def _is_worth_another_try(self, error: Exception) -> bool | float:
        """Tell stamina whether to go on, or how many seconds the server wants us to wait."""
        if isinstance(error, BadStatus) and error.wait_seconds is not None:
            wait = error.wait_seconds
            return error.passing and wait <= self.limits.wait_seconds and self.clock.allows(wait) and wait
        passing = isinstance(error, Broken) or (isinstance(error, BadStatus) and error.passing)
        return passing and self.clock.allows(LONGEST_PAUSE_SECONDS)

    def _once(self, url: httpx2.URL, read: Read[T]) -> T | httpx2.URL:
        with told(self.limits, self.clock), self._client.stream("GET", url) as response:
            if sum(len(name) + len(value) for name, value in response.headers.raw) > self.limits.header_bytes:
                raise NotObtained(f"headers of more than {self.limits.header_bytes / 1e3:g} kB")
            if response.status_code in REDIRECTS:
                return _target(url, response.headers.get("location", ""))
            if response.status_code not in WHOLE:
                raise BadStatus(response.status_code, retry_after_seconds(response.headers.get("retry-after")))
            return read(response)


def _target(url: httpx2.URL, location: str) -> httpx2.URL:
    """Return where a redirect leads, without the fragment."""
    try:
        return url.join(location.strip()).copy_with(fragment=None) if location.strip() else _nowhere()
    except (httpx2.InvalidURL, ValueError):
        return _nowhere()


def _nowhere() -> httpx2.URL:
    raise NotObtained("redirected to what is no web address")
