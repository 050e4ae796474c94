"""A web of our own on loopback for tests: pages registered by path, and hosts that misbehave in one way each."""

import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from index.fetching.client import Fetcher
from index.fetching.domain import NotObtained
from index.fetching.hosts import AddressGuard
from index.fetching.limits import Limits

Headers = Mapping[str, str]
Page = tuple[int, Headers, bytes]
Part = Callable[[BaseHTTPRequestHandler], None]
Registered = Page | list[Page] | Part

CERTIFICATE = Path(__file__).with_name("news.example.pem")
HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = b"<!DOCTYPE html><html><head><title>The Lamp</title></head><body><p>A keeper lit the lamp.</p></body></html>"
OK: Page = (200, HTML, TEXT)
QUICK = Limits(connect_seconds=2, read_seconds=0.5, total_seconds=2, body_bytes=200_000, unpacked_bytes=3_000_000)


class Server:
    """Serve pages on a port of this machine; unregistered paths are 404, and so is robots.txt.

    A page is what is always answered, or a sequence of which the last is kept, or a function that does as it likes
    with the request. `requests` are the paths asked for, in order; `heard` are the headers that came with each.
    """

    def __init__(
        self, pages: Mapping[str, Page | list[Page] | Part] | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.pages: dict[str, Page | list[Page] | Part] = dict(pages or {})
        self.requests: list[str] = []
        self.heard: list[dict[str, str]] = []
        self._http = _Quiet(("127.0.0.1", 0), _answering(self))
        self.port: int = self._http.server_port
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path, under any host name that the fetcher's resolver knows."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def page_of(self, path: str) -> Page | Part:
        """Return what is to be answered now."""
        page = self.pages.get(path, (404, HTML, b"<h1>Not here</h1>"))
        if isinstance(page, list):
            return page.pop(0) if len(page) > 1 else page[0]
        return page


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Take it that a client went away, as one does that mistrusts our certificate."""


def _answering(server: Server) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.requests.append(self.path)
            server.heard.append(dict(self.headers.items()))
            page = server.page_of(self.path)
            self.close_connection = True
            try:
                _send(self, page) if isinstance(page, tuple) else page(self)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            return

    return Answer


def _send(request: BaseHTTPRequestHandler, page: Page) -> None:
    status, headers, body = page
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def fetcher(
    *servers: Server, limits: Limits = QUICK, names: Mapping[str, str] | None = None, downgrade: bool = False
) -> Fetcher:
    """Return a fetcher that may reach these servers, looks names up in `names` alone, and trusts `CERTIFICATE`."""

    def resolve(host: str, port: int) -> tuple[str, ...]:
        return ((names or {}).get(host, host),)

    guard = AddressGuard(frozenset(server.port for server in servers), resolve, downgrade=downgrade)
    return Fetcher(limits=limits, guard=guard, tls=trusting())


@cache
def trusting() -> ssl.SSLContext:
    """Return what a client needs to trust news.example and nobody else."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def secured() -> ssl.SSLContext:
    """Return what a server needs to be news.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def moved(to: str, status: int = 302) -> Page:
    """Return a redirect."""
    return status, {"Location": to}, b""


def robots(text: str) -> Page:
    """Return a robots.txt."""
    return 200, {"Content-Type": "text/plain"}, text.encode()


def packed(body: bytes, **headers: str) -> Page:
    """Return a page packed by gzip."""
    return 200, {**HTML, "Content-Encoding": "gzip", **headers}, gzip.compress(body)


def bomb(megabytes: int) -> bytes:
    """Pack zeros as tightly as they go."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(megabytes)), packer.flush()])


def streamed(pieces: Callable[[], Iterator[bytes]], *, pause_seconds: float = 0, content_type: str = "text/html") -> Part:
    """Return a page whose body comes piece by piece and ends with the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", content_type)
        request.send_header("Connection", "close")
        request.end_headers()
        for piece in pieces():
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(pause_seconds)

    return answer


def raw(*sent: bytes, pause_seconds: float = 0) -> Part:
    """Return an answer of just these bytes, with a pause after each."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        for piece in sent:
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(pause_seconds)

    return answer


def reason_of(client: Fetcher, url: str) -> str:
    """Return why an address was not obtained, and nothing if it was."""
    try:
        client.get(url)
    except NotObtained as reason:
        return str(reason)
    return ""
