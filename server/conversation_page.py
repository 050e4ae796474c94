"""Show the first page and the conversation: the turns before, folded, and the newest answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ConfigDict, Field

from index.domain import Answer, Quotation
from index.limits import LONGEST_QUESTION, MOST_PASSAGES
from server.addresses import MOST_PREVIOUS, Choices, ask_address
from server.api import AskQuery, Question, ask, ask_again, ready
from server.check_page import LONGEST_ADDRESS
from server.context import MOST, Context, context_of
from server.line import in_line
from server.rendering import render

router = APIRouter(include_in_schema=False)


class AskPageQuery(AskQuery):
    """A question as the page asks it: a link may carry what is none of our business."""

    model_config = ConfigDict(extra="ignore")

    q: Question | None = None  # type: ignore[assignment]
    context: int = Field(0, ge=0, le=MOST)
    around: int | None = Field(None, ge=1, le=MOST_PASSAGES)

    @property
    def choices_before(self) -> Choices:
        """Return what holds for the questions before as well: all but that this one is searched as typed."""
        return self.before(0).choices

    @property
    def page_choices(self) -> Choices:
        """Return what the way back to this page carries: the context shown is no part of the answer itself."""
        return self.with_context(self.context, self.around)

    def with_context(self, context: int, passage: int | None) -> Choices:
        """Return what the page carries that shows so many sentences around this passage, or around each."""
        around: Choices = {"around": passage} if passage else {}
        return self.choices | {"context": context} | around if context else self.choices

    def context_of(self, passage: int) -> int:
        """Return how many sentences are shown before and after this passage."""
        return self.context if self.around in (None, passage) else 0

    def before(self, turn: int) -> "AskPageQuery":
        """Return how a question before is asked that follows as many others as `turn` says."""
        return self.model_copy(update={"previous": self.previous[:turn], "as_typed": False, "context": 0})


@router.get("/")
def show_home(
    request: Request, q: str | None = None, draft: Annotated[str, Query(max_length=LONGEST_QUESTION)] = ""
) -> Response:
    """Show the article and the question box, with a draft in it if there is one; a question in the address is asked."""
    if q is not None:
        return RedirectResponse(ask_address(q), 303)
    return render(request, "home.html", {"starters": ready(request).starters, "draft": draft})


@router.get("/ask")
@in_line
def show_answer(request: Request, query: Annotated[AskPageQuery, Query()]) -> Response:
    """Show a conversation: the turns before, folded, and the newest answer."""
    if query.q is None:
        return RedirectResponse("/", 303)
    earlier = tuple(_earlier(request, query, at) for at in range(len(query.previous)))
    answer = ask(request, query.q, query)
    previous = [*query.previous, query.q][-MOST_PREVIOUS:]
    searcher = ready(request)
    private = request.app.state.settings.private_use

    def around(passage: Quotation) -> Context:
        return context_of(searcher.corpus, passage, query.context_of(passage.number), private_use=private)

    context = {
        "answer": answer, "earlier": earlier, "query": query, "previous": previous, "level_of": searcher.level,
        "around": around, "longest_address": LONGEST_ADDRESS,
    }  # fmt: skip
    return render(request, "ask.html", context, query.style)


def _earlier(request: Request, query: AskPageQuery, at: int) -> Answer:
    return ask_again(request, query.previous[at], query.before(at))
