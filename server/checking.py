"""Check quotations for programs: the JSON endpoints, and the one function behind them and the page."""

from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from index.quotations.domain import CheckedDraft
from server.api import ready
from server.envelope import timed
from server.line import in_line
from server.problems import PROBLEM_RESPONSES
from server.strict_json import StrictRoute, require_json

if TYPE_CHECKING:
    from index.quotations.checking import Checker
    from index.searcher import Searcher

_CHECKED = TypeAdapter(CheckedDraft)

router = APIRouter(route_class=StrictRoute, responses=PROBLEM_RESPONSES)


def without_nul(text: str) -> str:
    """Return the text; raise ValueError where it is none."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("A draft is text; it cannot hold NUL or halves of characters.")
    return text


Draft = Annotated[str, AfterValidator(without_nul), Field(description="A quotation, or a draft with quotations in it.")]
Claimed = Annotated[str | None, Field(description="The id of the document that they are claimed from, where that is known.")]


class CheckQuery(BaseModel):
    """A draft as an address gives it."""

    model_config = ConfigDict(extra="forbid")

    text: Draft
    document: Claimed = None


class CheckBody(BaseModel):
    """A draft as a JSON body gives it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Draft
    document: Claimed = None


class Checkers:
    """Keeps the checker of the open index, made once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: tuple[Searcher, Checker] | None = None

    def of(self, searcher: "Searcher") -> "Checker":
        """Return the checker of this index's documents."""
        from index.quotations.checking import Checker

        with self._lock:
            if self._made is None or self._made[0] is not searcher:
                self._made = searcher, Checker(searcher.corpus.documents, searcher.corpus.references)
            return self._made[1]


def check(request: Request, text: str, document: str | None) -> CheckedDraft:
    """Return every quotation of the draft with its verdict."""
    checker = request.app.state.checkers.of(ready(request))
    with timed(request, "check"):
        checked: CheckedDraft = checker.check(text, document or None)
        return checked


def _json(request: Request, checked: CheckedDraft) -> Response:
    with timed(request, "serialise"):
        return Response(_CHECKED.dump_json(checked), media_type="application/json")


@router.get("/check.json", summary="Check quotations", response_model=CheckedDraft)
@in_line
def get_check(request: Request, query: Annotated[CheckQuery, Query()]) -> Response:
    """Tell of every quotation of three or more words whether it stands in the documents word for word, and where."""
    return _json(request, check(request, query.text, query.document))


@router.post("/check.json", summary="Check quotations", response_model=CheckedDraft, dependencies=[Depends(require_json)])
@in_line
def post_check(request: Request, body: CheckBody) -> Response:
    """Tell of every quotation of three or more words whether it stands in the documents word for word, and where."""
    return _json(request, check(request, body.text, body.document))
