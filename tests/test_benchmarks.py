"""What the load benchmark reports is what was asked: stalls are counted from when a question was due, failures as such."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice

import pytest

from server.answer_cache import MOST_KEPT
from tests.benchmarks.load import Askers, addresses

STALL_SECONDS = 0.02
_one = threading.Lock()


class Stalling(BaseHTTPRequestHandler):
    """Answers one request after another, each in its time, and one address not at all."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with _one:
            time.sleep(STALL_SECONDS)
        self.send_response(503 if self.path == "/busy" else 200)
        self.send_header("content-length", "0")
        if self.path == "/searched":
            self.send_header("server-timing", "encode;dur=1")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server that is soon overloaded."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Stalling) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_open_loop_counts_from_when_a_question_was_due(address: str) -> None:
    """At twice the rate that the server can answer every question is asked all the same, and waiting is counted."""
    tally = Askers(address, cycle(["/searched"])).open(2 / STALL_SECONDS, 0.5)

    assert tally.statuses == {200: 50}
    assert max(tally.milliseconds) > 400
    assert tally.kept == 0


def test_closed_loop_waits_for_answers(address: str) -> None:
    """One asker has one question under way, and its time is that of the answer alone."""
    tally = Askers(address, cycle(["/kept"])).closed(1, 0.3)

    assert min(tally.milliseconds) >= STALL_SECONDS * 1000
    assert tally.statuses[200] <= 0.3 / STALL_SECONDS + 1
    assert tally.kept == tally.statuses[200]


def test_refusals_are_no_answers(address: str) -> None:
    """A 503 and a server that is not there are counted apart, and their time is no answer's."""
    refused = Askers(address, cycle(["/busy"])).closed(2, 0.1).row("busy", None)
    gone = Askers("http://127.0.0.1:1", cycle(["/"])).closed(1, 0.05).row("gone", None)

    assert (refused["answered"], refused["errors"], refused["answers/s"]) == ("0", "0", "0.0")
    assert int(refused["503"]) > 0
    assert int(gone["errors"]) > 0


def test_no_question_comes_again_while_it_is_kept() -> None:
    """Between two times that the same is asked there are more others than answers are kept, unless repeats are wanted."""
    asked = list(islice(addresses(repeat=False), 3 * MOST_KEPT))

    assert len(set(asked)) == len(asked)
    assert len(set(islice(addresses(repeat=True), 100))) == 10
