"""Put every response, an error's too, into its envelope: security headers, request id, timing, size limit."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problems import problem_response

MAX_BODY_BYTES = 512 * 1024
"""Room for the longest draft, 50,000 characters of nine bytes, as a form writes Chinese."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Envelope:
    """Wrap the whole application, so that no response leaves without what every response carries.

    HEAD is answered as GET is, and the body kept back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = uuid.uuid4().hex
        state["milliseconds"] = {}
        started = time.perf_counter()

        only_head = scope["method"] == "HEAD"

        async def send_in_envelope(message: Message) -> None:
            if only_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                state["milliseconds"]["total"] = (time.perf_counter() - started) * 1000
                _address(MutableHeaders(scope=message), state)
            await send(message)

        if only_head:
            scope = {**scope, "method": "GET"}
        if _declared_length(scope) > MAX_BODY_BYTES:
            await problem_response(Request(scope), 413)(scope, receive, send_in_envelope)
            return
        await self.app(scope, receive, send_in_envelope)


@contextmanager
def timed(request: Request, part: str) -> Iterator[None]:
    """Measure a part of the work; it is told in the Server-Timing header and nowhere else."""
    started = time.perf_counter()
    try:
        yield
    finally:
        spent = request.state.milliseconds
        spent[part] = spent.get(part, 0.0) + (time.perf_counter() - started) * 1000


def _address(headers: MutableHeaders, state: dict[str, object]) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-cache")
    headers["X-Request-ID"] = str(state["request_id"])
    spent = state["milliseconds"]
    assert isinstance(spent, dict)
    headers["Server-Timing"] = ", ".join(f"{part};dur={ms:.3f}" for part, ms in spent.items())


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0
