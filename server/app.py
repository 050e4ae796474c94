"""Put the application together: its routes, its errors, and the index it asks."""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from index.errors import FootnoteError
from server import api, check_page, checking, conversation_page, document_page, exports, metrics, pages
from server.answer_cache import AnswerCache
from server.assets import Assets
from server.envelope import MAX_BODY_BYTES, Envelope
from server.line import Line, at_once
from server.problems import install_problems
from server.rate import RateLimited
from server.rendering import FOLDER, make_templates
from server.revalidation import Revalidation
from server.settings import Settings

if TYPE_CHECKING:
    from index.searcher import Searcher

_COMPRESSED_FROM_BYTES = 1000
_CANNOT_OPEN = "The index could not be opened; the server's log says why."
_log = logging.getLogger("footnote")


class Application(FastAPI):
    """A FastAPI application inside its envelope, which the framework's own error responses pass through too."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application in its envelope, each address held to its share."""
        stack, per_minute = super().build_middleware_stack(), self.state.settings.rate_per_minute
        return Envelope(RateLimited(stack, per_minute) if per_minute else stack)


def create_app(
    settings: Settings,
    searcher: "Searcher | None" = None,
    *,
    open_searcher: "Callable[[], Searcher] | None" = None,
) -> FastAPI:
    """Return the application over an open index, or over one that `open_searcher` opens or builds in the background.

    Until that is done, everything but `/health` and the static files answers 503. What the application opened
    it closes; a searcher handed in stays the caller's.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if open_searcher is not None:
            threading.Thread(target=_open, args=(app, open_searcher), name="open-index", daemon=True).start()
        yield
        if open_searcher is not None and app.state.searcher is not None:
            app.state.searcher.close()

    app = Application(
        title="Footnote", summary="Answers about an article, in the article's own words.", docs_url=None,
        redoc_url=None, redirect_slashes=False, max_body_size=MAX_BODY_BYTES, lifespan=lifespan,
    )  # fmt: skip
    app.state.settings = settings
    app.state.searcher = searcher
    app.state.trouble = None
    app.state.answers = AnswerCache()
    app.state.line = Line(at_once(settings.workers))
    app.state.metrics = metrics.Metrics()
    app.state.checkers = checking.Checkers()
    app.state.assets = Assets(FOLDER / "static")
    app.state.templates = make_templates(app.state.assets)
    app.add_middleware(Revalidation)
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM_BYTES)
    install_problems(app)
    app.include_router(exports.router)  # first, as `.csl.json` also ends in `.json`
    app.include_router(api.router)
    app.include_router(metrics.router)
    app.include_router(checking.router)
    app.include_router(conversation_page.router)
    app.include_router(document_page.router)
    app.include_router(pages.router)
    app.include_router(check_page.router)
    return app


def _open(app: FastAPI, open_searcher: "Callable[[], Searcher]") -> None:
    try:
        app.state.searcher = open_searcher()
    except FootnoteError as error:
        _log.error("%s", error)
        app.state.trouble = _CANNOT_OPEN
    except Exception:
        _log.exception("The index could not be opened.")
        app.state.trouble = _CANNOT_OPEN
