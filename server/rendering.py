"""Render pages: the templates, the functions they may call, and what every page shows."""

from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from index.addresses import document_address, web_address
from index.limits import LONGEST_QUESTION
from server.addresses import ask_address, passage_anchor, quotation_anchor, source_address, source_export_address, with_way_back
from server.api import ready
from server.articles import read_articles
from server.assets import Assets
from server.citing import findings_beside, list_of_references, markers
from server.export_links import STYLE_TITLES, answer_exports, article_exports, source_exports, styled
from server.footnotes import apparatus
from server.marking import marked_words, runs
from server.settings import Style

FOLDER = Path(__file__).resolve().parents[1] / "templates"


def make_templates(assets: Assets) -> Jinja2Templates:
    """Return the templates with the functions they may call; everything they print is escaped.

    They are read once, as a page's tag is made of what they are now.
    """
    sources = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.*ml")}
    env = jinja2.Environment(
        loader=jinja2.DictLoader(sources), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    functions = (
        answer_exports, apparatus, article_exports, ask_address, document_address, findings_beside, list_of_references,
        marked_words, markers, passage_anchor, quotation_anchor, runs, source_address, source_export_address,
        source_exports, styled, web_address, with_way_back,
    )  # fmt: skip
    env.globals |= {function.__name__: function for function in functions}
    env.globals |= {"asset": assets.address, "style_titles": STYLE_TITLES, "longest_question": LONGEST_QUESTION}
    return Jinja2Templates(env=env)


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
