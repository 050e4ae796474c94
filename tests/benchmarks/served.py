"""Footnote asked over HTTP by the threads of a benchmark, each with a connection of its own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException

from server.settings import CHECKOUT
from tests.ports import free_port

DEADLINE_SECONDS = 300


class Served:
    """A server that runs already."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._local = threading.local()

    def ask(self, question: str) -> list[int]:
        """Ask a question and return the numbers of the passages that came; raise OSError where none is answered."""
        body = json.dumps({"question": question, "k": 10})
        status, answer = self._request("POST", "/ask.json", body, {"Content-Type": "application/json"})
        if status != 200:
            raise OSError(f"the server says {status}")
        found = json.loads(answer)
        return [passage["number"] for passage in found["passages"] or found["nearest"]]

    def is_ready(self) -> bool:
        """Tell whether questions can be asked."""
        with suppress(OSError, HTTPException):
            return self._request("GET", "/ready")[0] == 200
        self._local = threading.local()
        return False

    def _request(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        if not hasattr(self._local, "connection"):
            self._local.connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        self._local.connection.request(method, path, body, headers or {})
        response = self._local.connection.getresponse()
        return response.status, response.read()


@contextmanager
def answering(warm_up: Sequence[str]) -> Iterator[Served]:
    """Run `footnote serve` over the index that the settings name until the benchmark is done."""
    port = free_port()
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port", str(port)]
    environment = os.environ | {"FOOTNOTE_RATE_PER_MINUTE": "0"}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
    try:
        served = Served(port)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not served.is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("footnote serve does not answer")
            time.sleep(0.2)
        for question in warm_up:
            served.ask(question)
        yield served
    finally:
        process.terminate()
        process.wait()
