"""Show a document to read, with the way back to the answer it was opened from."""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from index.addresses import document_address
from index.limits import MOST_PASSAGES
from server import finding
from server.addresses import ask_address, check_address, passage_anchor, quotation_anchor
from server.api import Opened, ready
from server.check_page import LONGEST_ADDRESS
from server.checking import Draft
from server.citing import citation_of
from server.conversation_page import AskPageQuery
from server.documents import DocumentView, is_withheld
from server.finding import LONGEST_FIND
from server.marking import Block, blocks
from server.rendering import render

router = APIRouter(include_in_schema=False)


class DocumentPageQuery(AskPageQuery):
    """The passage, or the quotation of a check, from which a document was opened, for the way back."""

    passage: int = Field(1, ge=1, le=MOST_PASSAGES)
    check: Annotated[Draft, Field(max_length=LONGEST_ADDRESS)] | None = None
    claimed: str | None = None
    quotation: int = Field(1, ge=1, le=LONGEST_ADDRESS)

    @property
    def way_back(self) -> str | None:
        """Return the address of that passage or quotation."""
        if self.q is None:
            return (
                None if self.check is None else f"{check_address(self.check, self.claimed)}#{quotation_anchor(self.quotation)}"
            )
        return (
            f"{ask_address(self.q, self.previous, **self.page_choices)}#{passage_anchor(len(self.previous) + 1, self.passage)}"
        )


@router.get("/documents/{id}")
def show_document(
    request: Request,
    view: Opened,
    query: Annotated[DocumentPageQuery, Query()],
    start: int | None = None,
    end: int | None = None,
    find: Annotated[str, Query(max_length=LONGEST_FIND)] = "",
) -> Response:
    """Show a document to read, the words asked for or looked for marked, with the way back to the answer."""
    whole = not is_withheld(view.kind, private_use=request.app.state.settings.private_use)
    found = finding.find(view, request.query_params) if whole and find else None
    mark = None if start is None or end is None else (start, end)
    style = query.style or request.app.state.settings.style
    context = {
        "document": view, "blocks": _blocks(view, mark, found), "way_back": query.way_back,
        "back_to": "check" if query.q is None else "answer", "whole": whole, "found": found,
        "carried": finding.carried(request.query_params), "find": find, "cite": _cite(request, view, style),
        "twin": _twin(view.id, mark), "longest_find": LONGEST_FIND, "longest_address": LONGEST_ADDRESS,
    }  # fmt: skip
    return render(request, "document.html", context, query.style)


def _twin(id: str, mark: tuple[int, int] | None) -> str:
    """Return the address of the page's JSON, which holds the same stretch of a text that is not shown whole."""
    address = f"{document_address(id)}.json"
    return f"{address}?{urlencode({'start': mark[0], 'end': mark[1]})}" if mark else address


def _cite(request: Request, view: DocumentView, style: str) -> Callable[..., str]:
    return partial(citation_of, ready(request).citations, view, style)


def _blocks(view: DocumentView, mark: tuple[int, int] | None, found: finding.Found | None) -> tuple[Block, ...]:
    return blocks(
        view.text or "", offset=view.start, paragraphs=view.paragraphs, headings=view.headings, notes=view.notes,
        mark=mark if found is None else None, found=found.places if found else (),
    )  # fmt: skip
