"""Footnote asked over HTTP by the threads of a benchmark, each with a connection of its own."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.benchmarks.serving import served

_HEADERS = {"Content-Type": "application/json"}


class Asker:
    """Asks a server that runs already."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._local = threading.local()

    def ask(self, question: str) -> list[int]:
        """Ask a question and return the numbers of the passages that came; raise OSError where none is answered."""
        if not hasattr(self._local, "connection"):
            self._local.connection = HTTPConnection(self._host, timeout=60)
        self._local.connection.request("POST", "/ask.json", json.dumps({"question": question, "k": 10}), _HEADERS)
        response = self._local.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise OSError(f"the server says {response.status}")
        found = json.loads(answer)
        return [passage["number"] for passage in found["passages"] or found["nearest"]]


@contextmanager
def answering(warm_up: Sequence[str]) -> Iterator[Asker]:
    """Run `footnote serve` over the index that the settings name until the benchmark is done."""
    with served() as server:
        asker = Asker(server.address)
        for question in warm_up:
            asker.ask(question)
        yield asker
