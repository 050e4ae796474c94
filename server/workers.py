"""Answer by several processes on one listening socket, each with the index opened for itself.

uvicorn's own supervisor starts them, replaces one that dies, and ends them with their parent. A process takes no connection
before its index is open and warm, so that a replacement is never asked too early; meanwhile the others answer.
"""

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from index.query_encoder import open_query_encoder
from server.app import create_app
from server.running import open_warm
from server.settings import Settings

GRACE_SECONDS = 10
"""That a process has to finish what it is answering."""
SILENCE_SECONDS = 60
"""After which a process that gives no sign of life is replaced; importing takes one a few on a busy machine."""
_log = logging.getLogger("footnote")


def run_workers(settings: Settings, listener: socket.socket, address: str) -> None:
    """Serve a fresh index until interrupted; the address is told once all processes answer."""
    config = uvicorn.Config(
        partial(make_worker, settings), factory=True, workers=settings.workers, log_level="warning", server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=GRACE_SECONDS, timeout_worker_healthcheck=SILENCE_SECONDS,
    )  # fmt: skip
    Workers(config, [listener], address).run()


class Workers(Multiprocess):
    """uvicorn's supervisor, which also tells when all are ready."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], address: str) -> None:
        super().__init__(config, sockets)
        self._address: str | None = address

    def keep_subprocess_alive(self) -> None:
        """Replace who died, and tell the address the first time that all answer."""
        super().keep_subprocess_alive()
        if self._address and not self.should_exit.is_set() and all(process.is_ready() for process in self.processes):
            _log.info("Footnote answers at %s", self._address)
            self._address = None


def make_worker(settings: Settings) -> FastAPI:
    """Return the application of one process, which opens the index before it takes a connection."""
    app = create_app(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
        app.state.searcher = open_warm(settings, open_query_encoder(settings.index, settings.encoder))
        yield
        app.state.searcher.close()

    app.router.lifespan_context = lifespan
    return app


def _end_with_parent() -> None:
    """End this process in order when its parent is gone without having ended it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
