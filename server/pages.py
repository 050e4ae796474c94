"""Show people the pages: each renders the object that its JSON twin serialises."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import jinja2
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import ConfigDict, Field

from index.addresses import document_address, web_address
from index.domain import Answer
from index.limits import LONGEST_QUESTION, MOST_PASSAGES
from server import finding
from server.addresses import (
    MOST_PREVIOUS,
    Choices,
    ask_address,
    passage_anchor,
    source_address,
    with_way_back,
)
from server.api import AskQuery, Listed, OneSource, Opened, Question, ask, ready
from server.articles import read_articles
from server.assets import IMMUTABLE, Assets
from server.citing import citation_of, list_of_references, markers
from server.context import MOST, context_of
from server.documents import DocumentView, is_withheld
from server.export_links import STYLE_TITLES, answer_exports, article_exports, source_exports, styled
from server.finding import LONGEST_FIND
from server.footnotes import apparatus
from server.line import in_line
from server.marking import Block, blocks, runs
from server.settings import Style

FOLDER = Path(__file__).resolve().parents[1] / "templates"
METHODS = ["GET", "HEAD"]

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


class DocumentPageQuery(AskPageQuery):
    """The passage from which a document was opened, for the way back."""

    passage: int = Field(1, ge=1, le=MOST_PASSAGES)

    @property
    def way_back(self) -> str | None:
        """Return the address of that passage."""
        if self.q is None:
            return None
        return (
            f"{ask_address(self.q, self.previous, **self.page_choices)}#{passage_anchor(len(self.previous) + 1, self.passage)}"
        )


def make_templates(assets: Assets) -> Jinja2Templates:
    """Return the templates with the functions they may call; everything they print is escaped."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    functions = (
        answer_exports, apparatus, article_exports, ask_address, document_address, list_of_references, markers, passage_anchor,
        runs, source_address, source_exports, styled, web_address, with_way_back,
    )  # fmt: skip
    env.globals |= {function.__name__: function for function in functions}
    env.globals |= {"asset": assets.address, "style_titles": STYLE_TITLES}
    return Jinja2Templates(env=env)


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


@router.api_route("/documents/{id}", methods=METHODS)
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
        "document": view, "blocks": _blocks(view, mark, found), "way_back": query.way_back, "whole": whole, "found": found,
        "carried": finding.carried(request.query_params), "find": find, "cite": _cite(request, view, style),
    }  # fmt: skip
    return render(request, "document.html", context, query.style)


@router.api_route("/sources", methods=METHODS)
def show_sources(request: Request, sources: Listed, style: Style | None = None) -> Response:
    """Show the list of sources."""
    return render(request, "sources.html", {"sources": sources.sources}, style)


@router.api_route("/sources/{number}", methods=METHODS)
def show_source(request: Request, source: OneSource, style: Style | None = None) -> Response:
    """Show one source."""
    return render(request, "source.html", {"source": source}, style)


@router.api_route("/static/{name}", methods=METHODS)
async def send_asset(request: Request, name: str) -> Response:
    """Send a static file; its name holds its hash, so it may be kept for ever."""
    try:
        asset = request.app.state.assets.named(name)
    except KeyError:
        raise HTTPException(404) from None
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": IMMUTABLE})


@router.api_route("/favicon.ico", methods=METHODS)
def send_icon(request: Request) -> Response:
    """Send the icon to browsers that ask without being told where it is."""
    icon = request.app.state.assets.file("icon.svg")
    return Response(icon.content, media_type=icon.media_type, headers={"Cache-Control": "public, max-age=86400"})


@router.api_route("/opensearch.xml", methods=METHODS)
def send_search_description(request: Request) -> Response:
    """Describe `/?q=` to browsers, so that a reader can ask from the address bar."""
    titles = [document.title for document in ready(request).corpus.documents if document.kind == "article"]
    description = f"Ask {titles[0]}" if len(titles) == 1 else "Ask the articles"
    context = {"base": str(request.base_url).rstrip("/"), "description": description}
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(request, "opensearch.xml", context, media_type="application/opensearchdescription+xml")


@router.api_route("/robots.txt", methods=METHODS)
def send_robots() -> Response:
    """Let crawlers read, but not ask: there are more questions than they can count."""
    return PlainTextResponse("User-agent: *\nDisallow: /ask\nDisallow: /ask.json\nDisallow: /check\nDisallow: /check.json\n")


def render(request: Request, name: str, context: dict[str, Any], style: Style | None = None) -> Response:
    """Return the page with what every page shows."""
    searcher = ready(request)
    style = style or request.app.state.settings.style
    shared = {
        "articles": read_articles(searcher.corpus, searcher.citations, style),
        "corpus": searcher.corpus,
        "identity": searcher.identity,
        "style": style,
    }
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(request, name, shared | context)


def _earlier(request: Request, query: AskPageQuery, at: int) -> Answer:
    return ask(request, query.previous[at], query.before(at))


def _cite(request: Request, view: DocumentView, style: str) -> Callable[..., str]:
    return partial(citation_of, ready(request).citations, view, style)


def _blocks(view: DocumentView, mark: tuple[int, int] | None, found: finding.Found | None) -> tuple[Block, ...]:
    return blocks(
        view.text or "", offset=view.start, paragraphs=view.paragraphs, headings=view.headings, notes=view.notes,
        mark=mark if found is None else None, found=found.places if found else (),
    )  # fmt: skip
