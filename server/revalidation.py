"""Let readers keep what they were sent: a tag on every page and its twins, and 304 where it would be the same again.

A tag is made of the index, of this edition of the program and of what is asked for, not of what is sent, so that asking
again for something that has not changed costs nothing. It is a weak one, as the same page is also sent compressed.
"""

import hashlib
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ROOT = Path(__file__).resolve().parents[1]
_EDITION = ("index/**/*.py", "server/**/*.py", "templates/**/*")
_TAGGED = ("/ask", "/check", "/documents/", "/sources")
"""How the addresses begin whose content depends on the index, the settings and the address alone; so does `/`."""


class Revalidation:
    """Tag what may be kept, and answer 304 to who has it already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        edition()  # what is changed under a running server is no part of what it sends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        tag = _tag(scope) if _may_be_kept(scope) else None
        if tag is None:
            await self.app(scope, receive, send)
            return

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200 and tag == _tag(scope):
                MutableHeaders(scope=message)["ETag"] = tag
            await send(message)

        if _has(scope, tag):
            headers = [(b"etag", tag.encode()), (b"vary", b"Accept-Encoding")]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send_tagged)


def _may_be_kept(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    return path == "/" or path.startswith(_TAGGED)


def _tag(scope: Scope) -> str | None:
    """Return the tag of what would be sent; None while there is no index."""
    state = scope["app"].state
    if state.searcher is None:
        return None
    settings, host = state.settings, Headers(scope=scope).get("host", "")
    searcher = state.searcher
    parts = (
        edition(), searcher.identity.fingerprint, searcher.without_server, settings.style, settings.private_use,
        scope["scheme"], host, scope.get("root_path", ""), scope["path"], scope["query_string"],
    )  # fmt: skip
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _has(scope: Scope, tag: str) -> bool:
    """Tell whether the client says that it holds this; a tag is compared as RFC 9110, 8.8.3.2, says for weak ones."""
    held = ",".join(Headers(scope=scope).getlist("if-none-match")).split(",")
    return any(one.strip().removeprefix("W/") == tag.removeprefix("W/") for one in held)


@cache
def edition() -> str:
    """Return a digest of the program and its templates, which changes with anything that may change a page."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _EDITION for path in _ROOT.glob(pattern) if path.is_file()):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
