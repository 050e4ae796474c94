"""Show people the page on which quotations are checked; it works by GET for a quotation and by POST for a draft."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError

from index.domain import Corpus, Document
from index.limits import LONGEST_DRAFT
from index.quotations.domain import CheckedDraft
from server.api import ready
from server.checking import Claimed, Draft, check
from server.rendering import render

LONGEST_ADDRESS = 1500
"""Characters of a draft that a link may carry, so that every browser and proxy takes it."""

_FORM = "application/x-www-form-urlencoded"

_GROUPS = {
    "article": "Articles",
    "metadata": "Articles",
    "references": "Articles",
    "source": "Cited sources",
    "annotation": "What the editors of these pages wrote about the cited sources",
}

router = APIRouter(include_in_schema=False)


class CheckFields(BaseModel):
    """What the form sends; a link may carry what is none of our business."""

    model_config = ConfigDict(extra="ignore")

    text: Draft | None = None
    document: Claimed = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the draft; `number` is that of the quotation it is, `verdict` what was found of it."""

    text: str
    number: int | None = None
    verdict: str | None = None


async def read_form(request: Request) -> CheckFields:
    """Return the form that a browser has sent; raise 415 or 422 where it is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"The form must be sent as {_FORM}.")
    try:
        fields = dict(parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, errors="strict"))
        return CheckFields.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from None
    except ValueError:
        raise HTTPException(422, "The form is not UTF-8 text.") from None


@router.get("/check")
def show_check(request: Request, query: Annotated[CheckFields, Query()]) -> Response:
    """Show the form, and what was found where the address carries a quotation."""
    return _page(request, query)


@router.post("/check")
def show_checked_draft(request: Request, fields: Annotated[CheckFields, Depends(read_form)]) -> Response:
    """Show what was found of the draft that the form sent."""
    return _page(request, fields)


def _page(request: Request, fields: CheckFields) -> Response:
    text, document = fields.text or "", fields.document or None
    checked = check(request, text, document) if text.strip() else None
    query = urlencode({"text": text} | ({"document": document} if document else {}))
    linked = checked is not None and len(text) <= LONGEST_ADDRESS
    corpus = ready(request).corpus
    context = {
        "checked": checked,
        "stretches": tuple(stretches(text, checked)) if checked else (),
        "draft": text,
        "claimed": document,
        "counts": Counter(q.verdict for q in checked.quotations) if checked else {},
        "twin": f"/check.json?{query}" if linked else None,
        "link": f"/check?{query}" if linked else None,
        "longest": LONGEST_DRAFT,
        "titles": titles_of(corpus),
        "groups": groups(corpus),
    }
    return render(request, "check.html", context)


def stretches(draft: str, checked: CheckedDraft) -> Iterable[Stretch]:
    """Yield the draft in stretches, each quotation with its number."""
    at = 0
    for number, quotation in enumerate(checked.quotations, start=1):
        if at < quotation.start:
            yield Stretch(draft[at : quotation.start])
        yield Stretch(draft[quotation.start : quotation.end], number, quotation.verdict)
        at = quotation.end
    if at < len(draft):
        yield Stretch(draft[at:])


def groups(corpus: Corpus) -> dict[str, list[str]]:
    """Return the ids of the documents, by whose words they hold; a group without any is left out."""
    found: dict[str, list[str]] = {name: [] for name in dict.fromkeys(_GROUPS.values())}
    for document in corpus.documents:
        found[_GROUPS[document.kind]].append(document.id)
    return {name: ids for name, ids in found.items() if ids}


def titles_of(corpus: Corpus) -> dict[str, str]:
    """Return how each document is called in a list of them, by its id: whose words it holds, and its title."""
    titles = {document.id: document.title for document in corpus.documents}
    return {document.id: _called(document, titles) for document in corpus.documents}


def _called(document: Document, titles: dict[str, str]) -> str:
    match document.kind:
        case "article":
            return document.title
        case "metadata":
            return f"Title page of {titles[document.article]}"
        case "references":
            return f"List of references of {titles[document.article]}"
        case "source":
            return f"Source {document.reference}: {document.title}"
        case _:
            return f"Editors’ words on source {document.reference}"
