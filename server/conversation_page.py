"""Show the first page and the conversation: the turns before, folded, and the newest answer."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ConfigDict, Field

from index.domain import Answer
from index.limits import LONGEST_QUESTION
from server.addresses import MOST_PREVIOUS, Choices, ask_address
from server.api import AskQuery, Question, ask, ask_again, ready
from server.context import MOST, context_of
from server.line import in_line
from server.rendering import METHODS, render

router = APIRouter(include_in_schema=False)


class AskPageQuery(AskQuery):
    """A question as the page asks it: a link may carry what is none of our business."""

    model_config = ConfigDict(extra="ignore")

    q: Question | None = None  # type: ignore[assignment]
    context: int = Field(0, ge=0, le=MOST)

    @property
    def choices_before(self) -> Choices:
        """Return what holds for the questions before as well: all but that this one is searched as typed."""
        return self.before(0).choices

    @property
    def page_choices(self) -> Choices:
        """Return what is carried on in addresses of pages: the context shown is no part of the answer itself."""
        return self.choices | {"context": self.context} if self.context else self.choices

    @property
    def page_choices_before(self) -> Choices:
        """Return what pages of the questions before carry on."""
        return self.before(0).page_choices

    def with_context(self, context: int) -> Choices:
        """Return what the page carries on that shows so many sentences around its passages."""
        return self.model_copy(update={"context": context}).page_choices

    def before(self, turn: int) -> "AskPageQuery":
        """Return how a question before is asked that follows as many others as `turn` says."""
        return self.model_copy(update={"previous": self.previous[:turn], "as_typed": False})


@router.api_route("/", methods=METHODS)
def show_home(
    request: Request, q: str | None = None, draft: Annotated[str, Query(max_length=LONGEST_QUESTION)] = ""
) -> Response:
    """Show the article and the question box, with a draft in it if there is one; a question in the address is asked."""
    if q is not None:
        return RedirectResponse(ask_address(q), 303)
    return render(request, "home.html", {"starters": ready(request).starters, "draft": draft})


@router.api_route("/ask", methods=METHODS)
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
    context = {
        "answer": answer, "earlier": earlier, "query": query, "previous": previous, "level_of": searcher.level,
        "around": partial(context_of, searcher.corpus, count=query.context, private_use=private),
    }  # fmt: skip
    return render(request, "ask.html", context, query.style)


def _earlier(request: Request, query: AskPageQuery, at: int) -> Answer:
    return ask_again(request, query.previous[at], query.before(at))
