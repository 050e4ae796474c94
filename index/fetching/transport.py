"""The only place that opens connections: to addresses that the guard admits, and on the clock of the visit."""

import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from index.fetching.failures import is_offline
from index.fetching.hosts import AddressGuard
from index.fetching.limits import Clock


class GuardedTransport(httpx2.BaseTransport):
    """Carry requests; names stay in the Host header and in the certificate's check, addresses are the guard's."""

    def __init__(self, guard: AddressGuard, clock: Clock, tls: ssl.SSLContext) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=tls, network_backend=_GuardedNetwork(guard, clock))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return the response with its body unread."""
        url = httpcore2.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        sent = httpcore2.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        response = self._pool.handle_request(sent)
        assert isinstance(response.stream, Iterable)
        return httpx2.Response(response.status, headers=response.headers, stream=_Body(response.stream))

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class _GuardedNetwork(httpcore2.NetworkBackend):
    def __init__(self, guard: AddressGuard, clock: Clock) -> None:
        self._guard = guard
        self._clock = clock
        self._network = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of the host that answers; of the troubles, raise the one that is the host's own."""
        troubles: list[Exception] = []
        for address in self._guard.addresses(host, port):
            try:
                stream = self._network.connect_tcp(address, port, timeout=_sooner(timeout, self._clock))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                troubles.append(error)
            else:
                return _TimedStream(stream, self._clock)
        raise next((trouble for trouble in troubles if not is_offline(trouble)), troubles[0])


class _TimedStream(httpcore2.NetworkStream):
    """A stream each of whose steps ends with the visit, so that no drip by drip outlasts it."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _sooner(timeout, self._clock))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _sooner(timeout, self._clock))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        name = (server_hostname or "").rstrip(".")
        secured = self._stream.start_tls(ssl_context, name, _sooner(timeout, self._clock))
        return _TimedStream(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _sooner(seconds: float | None, clock: Clock) -> float:
    left = clock.left()
    return left if seconds is None else min(seconds, left)
