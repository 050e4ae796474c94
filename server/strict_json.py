"""Read JSON bodies as RFC 8259 means them: UTF-8, no NaN or Infinity, no name twice."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute


class StrictRequest(Request):
    """A request whose `json` refuses what Python's parser lets pass."""

    async def json(self) -> Any:
        """Return the body; raise JSONDecodeError where it is not JSON."""
        return parse(await self.body())


class StrictRoute(APIRoute):
    """A route whose requests are strict."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, given a strict request."""
        serve = super().get_route_handler()

        async def serve_strictly(request: Request) -> Response:
            return await serve(StrictRequest(request.scope, request.receive))

        return serve_strictly


def parse(body: bytes) -> Any:
    """Return what the bytes say; raise JSONDecodeError where they are not JSON."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (UnicodeDecodeError, RecursionError):
        raise json.JSONDecodeError("not JSON text", "", 0) from None


def require_json(request: Request) -> None:
    """Raise 415 unless the body is declared as application/json."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise json.JSONDecodeError("a name is there twice", "", 0)
    return fields


def _refuse(constant: str) -> float:
    raise json.JSONDecodeError("not a JSON number", constant, 0)
