"""Run the web server: up at once, answering as soon as the index is built and open."""

import logging

import uvicorn

from index.build import build, require_fresh
from index.encoder import SentenceTransformersEncoder
from index.errors import MissingIndex, StaleIndex
from index.searcher import Searcher
from server.app import create_app
from server.progress import progress_bars
from server.settings import Settings

_log = logging.getLogger("footnote")


def run(settings: Settings) -> None:
    """Serve until interrupted; the index is built first where it is missing or stale."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    app = create_app(settings, open_searcher=lambda: open_searcher(settings))
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", server_header=False)


def open_searcher(settings: Settings) -> Searcher:
    """Return a searcher over a fresh index, building it where it is missing or stale, ready for the first question."""
    encoder = SentenceTransformersEncoder(settings.encoder)
    try:
        require_fresh(settings.corpus, settings.index, settings.encoder)
    except (MissingIndex, StaleIndex) as reason:
        _log.info("Building the index: %s", reason)
        with progress_bars() as progress:
            build(settings.corpus, settings.index, encoder, progress=progress)
    searcher = Searcher.open(settings.index, encoder)
    searcher.find("ready?")
    _log.info("Footnote answers at http://%s:%s/", settings.host, settings.port)
    return searcher
