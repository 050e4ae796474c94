"""Send answers, sources and articles as files for reference managers, text processors and other programs."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from index.addresses import FIRST
from index.domain import Citation
from index.exports.forms import ANSWER_FORMS, MARKDOWN, SOURCE_FORMS, WORK_FORMS, Form, answer_in, works_in
from index.exports.markdown import citation, citation_list
from index.exports.works import works
from index.sources import SourceView
from server.addresses import answer_export_address
from server.api import AskQuery, ask, list_sources, open_document, open_source, ready
from server.line import in_line
from server.problems import PROBLEM_RESPONSES
from server.settings import Style

LONGEST_FILE_NAME = 60

router = APIRouter(responses=PROBLEM_RESPONSES)


def _answer_route(form: Form) -> Callable[..., Response]:
    @in_line
    def export_answer(request: Request, query: Annotated[AskQuery, Query()]) -> Response:
        answer = ask(request, query.q, query)
        address = answer_export_address(form.suffix, query.q, query.previous, **query.choices)
        content = answer_in(form, answer, ready(request).corpus, address=address, base=str(request.base_url))
        return _file(content, form, query.q)

    return export_answer


def _sources_route(form: Form) -> Callable[..., Response]:
    def export_sources(request: Request, style: Style | None = None, article: str | None = None) -> Response:
        corpus = ready(request).corpus
        if article is not None and article not in corpus.articles:
            raise HTTPException(404, "There is no article with this id.")
        if form is MARKDOWN:
            listed = [s for s in list_sources(request, style).sources if article in (None, s.article)]
            return _file(citation_list(map(_citation, listed)) + "\n", form, "sources")
        known = works(corpus)
        chosen = [known[r.article, r.number] for r in corpus.references if article in (None, r.article)]
        return _file(works_in(form, chosen), form, "sources")

    return export_sources


def _source_route(form: Form) -> Callable[..., Response]:
    def export_source(request: Request, number: str, style: Style | None = None, article: str | None = None) -> Response:
        source = open_source(request, number, style, article)
        name = f"source-{number}" if source.article == FIRST else f"{source.article}-source-{number}"
        if form is MARKDOWN:
            return _file(citation(source.citation, source.url) + "\n", form, name)
        return _file(works_in(form, [works(ready(request).corpus)[source.article, source.number]]), form, name)

    return export_source


def _article_route(form: Form) -> Callable[..., Response]:
    def export_article(request: Request, id: str) -> Response:
        if open_document(request, id).kind != "article":
            raise HTTPException(404, "There is no article with this id.")
        return _file(works_in(form, [works(ready(request).corpus)[id, None]]), form, id)

    return export_article


def _citation(s: SourceView) -> Citation:
    return Citation(s.article, s.number, s.printed, s.citation, s.url, s.status, s.editor_notes)


def _file(content: str, form: Form, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name(name)}.{form.suffix}"'}
    return Response(content, media_type=form.media_type, headers=headers)


def file_name(text: str) -> str:
    """Return a name for a file that every system takes: small plain letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_FILE_NAME].strip("-") or "footnote"


def _add(path: str, form: Form, summary: str, route: Callable[..., Response]) -> None:
    """Route the address of an export; a HEAD request is answered too, as download managers send it first."""
    sent = {200: {"description": f"{form.title}, to be saved.", "content": {form.media_type: {"schema": {"type": "string"}}}}}
    address = f"{path}.{form.suffix}"
    router.head(address, include_in_schema=False)(route)
    router.get(address, response_class=Response, responses=sent, summary=f"{summary} as {form.title}")(route)  # type: ignore[arg-type]


for _form in ANSWER_FORMS:
    _add("/ask", _form, "An answer", _answer_route(_form))
for _form in SOURCE_FORMS:
    _add("/sources", _form, "The sources", _sources_route(_form))
    _add("/sources/{number}", _form, "A source", _source_route(_form))
for _form in WORK_FORMS:
    _add("/documents/{id}", _form, "An article", _article_route(_form))
