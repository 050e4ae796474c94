"""Ask each host by its robots.txt whether and how often we may come: RFC 9309, remembered for a run."""

import threading
import time
from dataclasses import dataclass, field

import httpx2
from protego import Protego

from index.fetching.bodies import pieces
from index.fetching.domain import NotObtained
from index.fetching.limits import Limits
from index.fetching.reasons import BadStatus, NoNetwork, TooManyRedirects
from index.fetching.visits import Visit

AGENT = "Footnote"


@dataclass(slots=True)
class _Host:
    """What one host lets us do, and when it may be asked again."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | str | None = None
    """A string is the reason why the host cannot be asked for anything."""
    free_at: float = 0.0


class Robots:
    """Hold the rules of the hosts that were asked; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    def check(self, url: httpx2.URL, visit: Visit) -> None:
        """Raise NotObtained where the host's rules forbid the address, or where nothing can be had from the host."""
        host = self._host(url)
        with host.lock:
            rules = host.rules or self._asked(host, url, visit)
        if isinstance(rules, str):
            raise NotObtained(rules)
        if not rules.can_fetch(str(url), AGENT):
            raise NotObtained("robots.txt disallows it")

    def wait(self, url: httpx2.URL, visit: Visit) -> None:
        """Wait as long as the host wants between two visits, at most `wait_seconds`."""
        host = self._host(url)
        with host.lock:
            asked = host.rules.crawl_delay(AGENT) if isinstance(host.rules, Protego) else None
            delay = min(asked or 0.0, visit.limits.wait_seconds)
            pause = max(0.0, host.free_at - time.monotonic())
            host.free_at = time.monotonic() + pause + delay
        time.sleep(min(pause, visit.clock.left()))

    def _host(self, url: httpx2.URL) -> _Host:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            return self._hosts.setdefault(origin, _Host())

    def _asked(self, host: _Host, url: httpx2.URL, visit: Visit) -> Protego | str:
        """Ask for the rules and remember them, or why there are none; no network or no time left says nothing of it."""
        try:
            host.rules = _rules(url, visit)
        except NoNetwork:
            raise
        except NotObtained as reason:
            visit.clock.left()
            host.rules = str(reason)
        return host.rules


def _rules(url: httpx2.URL, visit: Visit) -> Protego:
    try:
        text = visit.follow(url.join("/robots.txt"), lambda response: _text(response, visit.limits), before=lambda url: None)
    except TooManyRedirects:
        text = ""
    except BadStatus as error:
        if error.status >= 500:
            raise NotObtained(f"robots.txt cannot be read: {error}") from None
        text = ""
    return Protego.parse(text)


def _text(response: httpx2.Response, limits: Limits) -> str:
    """Read no more than is parsed."""
    content = bytearray()
    for piece in pieces(response, limits):
        content += piece
        if len(content) >= limits.robots_bytes:
            break
    return bytes(content[: limits.robots_bytes]).decode("utf-8-sig", errors="replace")
