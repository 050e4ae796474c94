"""Show people the sources, and send browsers what they ask for beside the pages."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.templating import Jinja2Templates

from server.api import Listed, OneSource, ready
from server.assets import IMMUTABLE
from server.rendering import render
from server.settings import Style

router = APIRouter(include_in_schema=False)


@router.get("/sources")
def show_sources(request: Request, sources: Listed, style: Style | None = None) -> Response:
    """Show the list of sources."""
    return render(request, "sources.html", {"sources": sources.sources}, style)


@router.get("/sources/{number}")
def show_source(request: Request, source: OneSource, style: Style | None = None) -> Response:
    """Show one source."""
    return render(request, "source.html", {"source": source}, style)


@router.get("/static/{name}")
async def send_asset(request: Request, name: str) -> Response:
    """Send a static file; its name holds its hash, so it may be kept for ever."""
    try:
        asset = request.app.state.assets.named(name)
    except KeyError:
        raise HTTPException(404) from None
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": IMMUTABLE})


@router.get("/favicon.ico")
def send_icon(request: Request) -> Response:
    """Send the icon to browsers that ask without being told where it is."""
    icon = request.app.state.assets.file("icon.svg")
    return Response(icon.content, media_type=icon.media_type, headers={"Cache-Control": "public, max-age=86400"})


@router.get("/opensearch.xml")
def send_search_description(request: Request) -> Response:
    """Describe `/?q=` to browsers, so that a reader can ask from the address bar."""
    titles = [document.title for document in ready(request).corpus.documents if document.kind == "article"]
    description = f"Ask {titles[0]}" if len(titles) == 1 else "Ask the articles"
    context = {"base": str(request.base_url).rstrip("/"), "description": description}
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(request, "opensearch.xml", context, media_type="application/opensearchdescription+xml")


@router.get("/robots.txt")
def send_robots() -> Response:
    """Let crawlers read, but not ask: there are more questions than they can count."""
    return PlainTextResponse("User-agent: *\nDisallow: /ask\nDisallow: /ask.json\nDisallow: /check\nDisallow: /check.json\n")
