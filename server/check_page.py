"""Show people the page on which quotations are checked; it works by GET for a quotation and by POST for a draft."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, unquote_to_bytes

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from index.domain import Corpus
from index.errors import BadDraft
from index.limits import LONGEST_DRAFT
from index.quotations.domain import CheckedDraft
from server.addresses import check_address
from server.api import ready
from server.checked import Checked, shown, titles_of
from server.checking import check, without_nul
from server.line import in_line
from server.problems import wants_page
from server.rendering import render

LONGEST_ADDRESS = 1500
"""Characters of a draft that a link may carry, so that every browser and proxy takes it."""

MOST_SHOWN = 3
"""Places of a quotation that are seen at once; the others are folded below them."""

_NO_TEXT = "The form is not UTF-8 text."
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
    """What the form sends; a link may carry what is none of our business. What is wrong with it is said on the page."""

    model_config = ConfigDict(extra="ignore")

    text: str = ""
    document: str = ""


class FormFields(CheckFields):
    """What the form has sent, and what is wrong with it, where it could not be read."""

    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the draft; `number` is that of the quotation it is, `verdict` what was found of it."""

    text: str
    number: int | None = None
    verdict: str | None = None


async def read_form(request: Request) -> FormFields:
    """Return the form that a browser has sent; raise 415 where it is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"The form must be sent as {_FORM}.")
    body = await request.body()
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
    is_text = _is_utf8(unquote_to_bytes(body))
    return FormFields(
        text=fields.get("text", ""), document=fields.get("document", ""), trouble=None if is_text else _NO_TEXT
    )  # fmt: skip


def _is_utf8(sent: bytes) -> bool:
    try:
        sent.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


@router.get("/check")
async def show_check(request: Request, query: Annotated[CheckFields, Query()]) -> Response:
    """Show the form, and what was found where the address carries a quotation."""
    if query.text.strip():
        return await _page_in_line(request, FormFields(text=query.text, document=query.document))
    return await run_in_threadpool(_page, request, FormFields(document=query.document))


@router.post("/check")
async def show_checked_draft(request: Request, fields: Annotated[FormFields, Depends(read_form)]) -> Response:
    """Show what was found of the draft that the form sent, or why nothing was looked for, and the draft again."""
    return await _page_in_line(request, fields)


def _page(request: Request, fields: FormFields) -> Response:
    """Show the page; raise BadDraft where a program sent what cannot be checked, as it wants no page."""
    if not fields.text.strip():
        return _shown(request, fields, None) if fields.trouble is None else _refused(request, fields, fields.trouble)
    try:
        return _shown(request, fields, _checked(request, fields))
    except BadDraft as error:
        return _refused(request, fields, str(error))


async def _page_in_line(request: Request, fields: FormFields) -> Response:
    response: Response = await in_line(_page)(request, fields=fields)
    return response


def _checked(request: Request, fields: FormFields) -> CheckedDraft:
    try:
        text = without_nul(fields.text)
    except ValueError as error:
        raise BadDraft(str(error)) from None
    if fields.trouble:
        raise BadDraft(fields.trouble)
    return check(request, text, fields.document or None)


def _refused(request: Request, fields: FormFields, trouble: str) -> Response:
    if not wants_page(request):
        raise BadDraft(trouble)
    page = _shown(request, fields.model_copy(update={"trouble": trouble}), None)
    page.status_code = 422
    page.headers["Cache-Control"] = "no-store"
    return page


def _shown(request: Request, fields: FormFields, found: CheckedDraft | None) -> Response:
    text, document = fields.text, fields.document or None
    has_address = found is not None and len(text) <= LONGEST_ADDRESS
    corpus = ready(request).corpus
    context = {
        "checked": found,
        "stretches": tuple(stretches(text, found)) if found else (),
        "shown": shown(request, Checked(text, document, found, has_address)) if found else (),
        "draft": text.replace("\0", ""),
        "claimed": document,
        "trouble": fields.trouble,
        "counts": Counter(q.verdict for q in found.quotations) if found else {},
        "twin": check_address(text, document, json=True) if has_address else None,
        "link": check_address(text, document) if has_address else None,
        "longest": LONGEST_DRAFT,
        "most_shown": MOST_SHOWN,
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
