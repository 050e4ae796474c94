"""Keep one address from asking more than its share: a moving window of a minute, in memory, before anything is done."""

import ipaddress
import math
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.problems import problem_response

_UNCOUNTED = {"/health", "/ready", "/metrics", "/favicon.ico"}
_STATIC = "/static/"
_NETWORK_BITS = 64
"""Of an IPv6 address: what a provider gives to one customer at the least."""


class RateLimited:
    """Wrap the application, so that an address that asks too often is told when to come back."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self.app = app
        self._share = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say in how many seconds the next one is served."""
        key = client_key(scope) if scope["type"] == "http" and _is_counted(scope["path"]) else None
        if key is None or self._limiter.hit(self._share, key):
            await self.app(scope, receive, send)
            return
        seconds = self._seconds_to_wait(key)
        detail = f"Too many requests came from your address. The next is answered in {seconds} {_named(seconds)}."
        await problem_response(Request(scope), 429, detail, {"Retry-After": str(seconds)})(scope, receive, send)

    def _seconds_to_wait(self, key: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(self._share, key).reset_time - time.time()))


def client_key(scope: Scope) -> str | None:
    """Return whose share a request takes: the address that connected, of IPv6 its network; None where there is none.

    What a header says of other addresses is not believed, as whoever sends it can write what he likes.
    """
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0].partition("%")[0]) if client else None
    except ValueError:  # not from a network: a Unix socket, or a program that calls the application itself
        return None
    if not isinstance(address, ipaddress.IPv6Address):
        return str(address) if address else None
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))


def _is_counted(path: str) -> bool:
    return path not in _UNCOUNTED and not path.startswith(_STATIC)


def _named(seconds: int) -> str:
    return "second" if seconds == 1 else "seconds"
