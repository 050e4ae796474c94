"""Answer programs: the JSON endpoints, and the one function behind each of them and its page."""

import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from index.domain import Answer, IndexIdentity
from index.limits import LONGEST_QUESTION, MOST_PASSAGES
from index.sources import SourceList, SourceView, UnknownSource
from index.stages import measured
from server.addresses import MOST_PREVIOUS, Choices
from server.answer_cache import AnswerCache, Asked
from server.documents import BadStretch, DocumentView, UnknownDocument, view_document
from server.envelope import timed
from server.line import in_line
from server.metrics import counted
from server.problems import BEING_OPENED, PROBLEM_RESPONSES
from server.settings import Style
from server.strict_json import StrictRoute, require_json

if TYPE_CHECKING:
    from index.searcher import Searcher

_ALLOWED_CONTROLS = "\t\n\r"
_ANSWER = TypeAdapter(Answer)

router = APIRouter(route_class=StrictRoute, responses=PROBLEM_RESPONSES)


def _printable(question: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _ALLOWED_CONTROLS for c in question):
        raise ValueError("A question is text; it cannot hold control characters or halves of characters.")
    return question


Question = Annotated[str, AfterValidator(_printable)]
Earlier = Annotated[str, Field(max_length=LONGEST_QUESTION), AfterValidator(_printable)]


class AskFields(BaseModel):
    """How to ask: everything but the question, each with its default."""

    k: int = Field(5, ge=1, le=MOST_PASSAGES, description="How many passages at most.")
    previous: list[Earlier] = Field([], max_length=MOST_PREVIOUS, description="The questions before, oldest first.")
    as_typed: bool = Field(False, description="Neither complete a follow-up from the questions before it nor mend spelling.")
    style: Style | None = Field(None, description="The citation style; the server's own where it is not named.")

    @property
    def choices(self) -> Choices:
        """Return what was chosen otherwise than usual, to be carried on in addresses."""
        return cast(Choices, self.model_dump(include={"k", "style", "as_typed"}, exclude_defaults=True))


class AskQuery(AskFields):
    """A question as an address asks it."""

    model_config = ConfigDict(extra="forbid")

    q: Question = Field(description="The question.")


class AskBody(AskFields):
    """A question as a JSON body asks it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Question = Field(description="The question.")


class Health(BaseModel):
    """The state of the server; `indexed_questions` is 0 where the corpus has no question index."""

    status: str
    index: IndexIdentity | None = None
    indexed_questions: int | None = None


def ready(request: Request) -> "Searcher":
    """Return the open index; raise 503 while there is none."""
    searcher: Searcher | None = request.app.state.searcher
    if searcher is None:
        raise HTTPException(503, request.app.state.trouble or BEING_OPENED)
    return searcher


@counted
def ask(request: Request, question: str, fields: AskFields) -> Answer:
    """Return the answer to one question."""
    return ask_again(request, question, fields)


def ask_again(request: Request, question: str, fields: AskFields) -> Answer:
    """Return the answer to a question of the conversation, which was counted when it was asked."""
    searcher = ready(request)
    style = fields.style or request.app.state.settings.style
    how: dict[str, Any] = {
        "k": fields.k, "previous": tuple(fields.previous), "as_typed": fields.as_typed, "style": style,
    }  # fmt: skip
    answers: AnswerCache = request.app.state.answers
    with timed(request, "ask"), measured(request.state.milliseconds):
        asked = Asked.of(searcher.identity.fingerprint, question, **how)
        return answers.get(asked, question, lambda: searcher.ask(question, **how))


def _json(request: Request, answer: Answer) -> Response:
    with timed(request, "serialise"):
        return Response(_ANSWER.dump_json(answer), media_type="application/json")


def open_document(request: Request, id: str, start: int | None = None, end: int | None = None) -> DocumentView:
    """Return the document, or as much of it as may be shown."""
    try:
        return view_document(ready(request).corpus, id, start, end, private_use=request.app.state.settings.private_use)
    except UnknownDocument:
        raise HTTPException(404, "There is no document with this id.") from None
    except BadStretch as error:
        raise HTTPException(422, str(error)) from None


def list_sources(request: Request, style: Style | None = None) -> SourceList:
    """Return every source with what is known of it."""
    return ready(request).ledger.sources(style or request.app.state.settings.style)


def open_source(request: Request, number: str, style: Style | None = None, article: str | None = None) -> SourceView:
    """Return one source with what is known of it."""
    try:
        return ready(request).ledger.source(number, style or request.app.state.settings.style, article=article)
    except UnknownSource:
        raise HTTPException(404, "There is no source with this number.") from None


Opened = Annotated[DocumentView, Depends(open_document)]
Listed = Annotated[SourceList, Depends(list_sources)]
OneSource = Annotated[SourceView, Depends(open_source)]


@router.get("/ask.json", summary="Ask a question", response_model=Answer)
@in_line
def get_answer(request: Request, query: Annotated[AskQuery, Query()]) -> Response:
    """Answer in the article's own words, each passage with its footnote, or say that the sources do not answer."""
    return _json(request, ask(request, query.q, query))


@router.post("/ask.json", summary="Ask a question", response_model=Answer, dependencies=[Depends(require_json)])
@in_line
def post_answer(request: Request, body: AskBody) -> Response:
    """Answer in the article's own words, each passage with its footnote, or say that the sources do not answer."""
    return _json(request, ask(request, body.question, body))


@router.get("/documents/{id}.json", summary="Read a document")
def get_document(view: Opened) -> DocumentView:
    """Return the canonical text that all offsets count in; of a publisher's text only the stretch asked for."""
    return view


@router.get("/sources.json", summary="List the sources")
def get_sources(sources: Listed) -> SourceList:
    """Return every reference with its status, what the editors know of it, and the sentences that cite it."""
    return sources


@router.get("/sources/{number}.json", summary="Read about one source")
def get_source(source: OneSource) -> SourceView:
    """Return one reference as `/sources.json` has it."""
    return source


@router.get("/health", summary="Is the server up?")
async def get_health() -> Health:
    """Tell that the server is up, whether or not its index is open."""
    return Health(status="up")


@router.get("/ready", summary="Can questions be asked?")
def get_ready(request: Request) -> Health:
    """Tell that questions can be asked, and of which index."""
    searcher = ready(request)
    return Health(status="ready", index=searcher.identity, indexed_questions=searcher.indexed_questions)
