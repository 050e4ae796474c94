"""Run the web server: up at once, answering as soon as the index is built and open."""

import logging
import socket
import time
from contextlib import closing, suppress

import uvicorn

from index.build import build
from index.corpus import CorpusReader
from index.encoder import Encoder, open_encoder
from index.errors import BuildBusy, CorpusError, FootnoteError, MissingIndex, StaleIndex
from index.freshness import require_fresh
from index.generations import current, read_manifest
from index.query_encoder import open_query_encoder
from index.searcher import Searcher
from server.addresses import server_address
from server.app import create_app
from server.progress import progress_bars
from server.settings import Settings

_log = logging.getLogger("footnote")
_LOOK_AGAIN_SECONDS = 1.0


def run(settings: Settings) -> None:
    """Serve until interrupted; the index is built first where it is missing or stale.

    Raises CorpusError where there is no corpus, or a malformed one and no index made before, and FootnoteError
    where the server cannot listen at the address.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    _log.setLevel(logging.INFO)
    _require_corpus(settings)
    with closing(_listen(settings)) as listener:
        address = server_address(settings.host, listener.getsockname()[1])
        if settings.workers > 1:
            from server.workers import run_workers

            make_fresh(settings)
            run_workers(settings, listener, address)
            return
        app = create_app(settings, open_searcher=lambda: open_searcher(settings, address))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False, proxy_headers=False))
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def open_searcher(settings: Settings, address: str) -> Searcher:
    """Return a searcher over a fresh index, building it where it is missing or stale, ready for the first question.

    Where the corpus is malformed and a sound older index is there, it is that one.
    """
    searcher = open_warm(settings, make_fresh(settings))
    _log.info("Footnote answers at %s", address)
    return searcher


def make_fresh(settings: Settings) -> Encoder:
    """Return the encoder of a fresh index, which is built first where it is missing or stale."""
    try:
        encoder = open_query_encoder(settings.index, settings.encoder)
        require_fresh(settings.corpus, settings.index, encoder)
        return encoder
    except (MissingIndex, StaleIndex) as reason:
        _log.info("Building the index: %s", reason)
        _build_or_wait(settings, open_encoder(settings.encoder))
        return open_query_encoder(settings.index, settings.encoder)


def open_warm(settings: Settings, encoder: Encoder) -> Searcher:
    """Return a searcher that has answered a question, so that no reader waits for what is loaded on use."""
    searcher = Searcher.open(settings.index, encoder, settings.chroma)
    searcher.ask(next(iter(searcher.starters), "ready?"))
    return searcher


def _require_corpus(settings: Settings) -> None:
    """Raise CorpusError where there is nothing to serve; where there is an index, a large corpus is not read for it."""
    if settings.corpus.is_dir():
        with suppress(MissingIndex):
            current(settings.index)
            return
    for _ in CorpusReader(settings.corpus).documents():
        pass  # one that is malformed says so


def _build_or_wait(settings: Settings, encoder: Encoder) -> None:
    """Build, or where another build is at work wait for it to end; what it leaves may be what is wanted."""
    waiting = False
    while True:
        try:
            return _build(settings, encoder)
        except BuildBusy as busy:
            if not waiting:
                _log.info("Waiting: %s", busy)
            waiting = True
            time.sleep(_LOOK_AGAIN_SECONDS)


def _build(settings: Settings, encoder: Encoder) -> None:
    try:
        with progress_bars() as progress:
            build(
                settings.corpus, settings.index, encoder, progress=progress, server=settings.chroma,
                disk_budget_mb=settings.disk_budget_mb,
            )  # fmt: skip
    except CorpusError as error:
        if not _made_with(settings, encoder):
            raise
        _log.warning("The corpus cannot be read: %s Answers come from the older index in %s.", error, settings.index)


def _made_with(settings: Settings, encoder: Encoder) -> bool:
    """Tell whether there is an index that this encoder can ask."""
    try:
        inputs = read_manifest(current(settings.index))["inputs"]
    except (MissingIndex, StaleIndex):
        return False
    return bool((inputs["encoder"], inputs["weights_sha256"]) == (encoder.name, encoder.weights_sha256))


def _listen(settings: Settings) -> socket.socket:
    """Return a socket that listens already, so that a busy port is told before anything is opened or built."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # Python adds the address again in brackets.
        raise FootnoteError(
            f"cannot listen on {settings.host}, port {settings.port}: {reason}; choose another --host or --port."
        ) from None
