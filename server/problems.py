"""Tell people what went wrong: a problem body (RFC 9457) for programs, a page for browsers; never what was sent."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.templating import Jinja2Templates
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index.errors import BadDraft, BadQuestion, BrokenPromise, MissingIndex, StaleIndex

MEDIA_TYPE = "application/problem+json"
BEING_OPENED = "The index is being opened. Try again in a few seconds."
BUSY = "Too many questions are waiting. Ask again in a few seconds."

_SENTENCES = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The request is too large; 512 KiB is the most.",
    415: "The body must be sent as application/json.",
    500: "Something went wrong here; it is not your doing.",
    503: BEING_OPENED,
}
_SECONDS_TO_OPEN = 3
_SECONDS_TO_WAIT = {BEING_OPENED: _SECONDS_TO_OPEN, BUSY: 5}
_SECONDS_TO_MEND = 60
"""What a server that needs a person's hand asks programs to wait."""

_FOR_ERRORS: dict[type[Exception], tuple[int, str]] = {
    BrokenPromise: (500, "The answer is not shown, because its words were not found where they should stand."),
    MissingIndex: (503, "There is no index yet. Build it with: footnote build"),
    StaleIndex: (503, "The index does not belong to this corpus. Build it again with: footnote build"),
}
_DATA = (".json", ".jsonld", ".bib", ".ris", ".md")
_PROGRAMS_ONLY = {"/health", "/ready", "/metrics"}
_log = logging.getLogger("footnote")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem body as RFC 9457 has it, with the id under which the log tells of the request."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": TypeAdapter(Problem).json_schema()}},
    }
    for status in (400, 404, 413, 415, 422, 429, 500, 503)
}


def problem_response(
    request: Request, status: int, detail: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    """Return the problem as the client can read it."""
    id = request.state.request_id
    sentence = detail or _SENTENCES.get(status) or HTTPStatus(status).phrase + "."
    problem = Problem("about:blank", HTTPStatus(status).phrase, status, sentence, f"urn:uuid:{id}", id)
    headers = {**(headers or {}), "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = str(_SECONDS_TO_WAIT.get(sentence, _SECONDS_TO_MEND))
    if wants_page(request):
        templates: Jinja2Templates = request.app.state.templates
        opening = sentence == BEING_OPENED and request.method != "POST"  # which a browser would not send again
        refresh = _SECONDS_TO_OPEN if opening else None
        context = {"problem": problem, "refresh": refresh, "busy": sentence == BUSY}
        return templates.TemplateResponse(request, "error.html", context, status, headers)
    return JSONResponse(asdict(problem), status, headers, media_type=MEDIA_TYPE)


def wants_page(request: Request) -> bool:
    """Tell whether a browser asks for a page, not a program for data."""
    path = request.url.path
    if path.endswith(_DATA) or path in _PROGRAMS_ONLY:
        return False
    return "text/html" in request.headers.get("accept", "")


def install_problems(app: FastAPI) -> None:
    """Translate every error of the application at this one place."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(BadQuestion, _on_bad_question)
    app.add_exception_handler(BadDraft, _on_bad_question)
    for kind in _FOR_ERRORS:
        app.add_exception_handler(kind, _on_index)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said_by_us = error.detail != HTTPStatus(error.status_code).phrase
    detail = error.detail if said_by_us and error.status_code not in (400, 413) else None
    return problem_response(request, error.status_code, detail, dict(error.headers or {}))


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    status = 400 if any(e["type"] == "json_invalid" for e in error.errors()) else 422
    return problem_response(request, status, _sentence(error.errors()))


async def _on_bad_question(request: Request, error: Exception) -> Response:
    return problem_response(request, 422, str(error))


async def _on_index(request: Request, error: Exception) -> Response:
    _log.error("request %s: %s", request.state.request_id, error)
    return problem_response(request, *next(said for kind, said in _FOR_ERRORS.items() if isinstance(error, kind)))


async def _on_unexpected(request: Request, error: Exception) -> Response:
    _log.error("request %s: unexpected %s", request.state.request_id, type(error).__name__)
    return problem_response(request, 500)


def _sentence(errors: Sequence[Any]) -> str:
    """Return the first complaint as a sentence; of what was sent it holds only names that are ours."""
    first = errors[0]
    field = next((str(part) for part in first["loc"][1:2] if isinstance(part, str)), "")
    match first["type"]:
        case "json_invalid":
            return "The body is not JSON."
        case "extra_forbidden":
            return "A field was sent that is not known here."
        case "missing":
            return f"'{field}' is missing." if field else "A JSON object is expected."
        case "value_error":
            return str(first["msg"]).removeprefix("Value error, ")
        case "model_attributes_type" | "dict_type":
            return "A JSON object is expected."
        case "string_unicode":
            return f"'{field}' is not Unicode text."
        case _:
            return f"'{field}': {first['msg'][0].lower()}{first['msg'][1:]}."
