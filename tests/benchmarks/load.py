"""Measure a server under load: `python -m tests.benchmarks.load [URL]`; without an address it starts one of its own.

Closed loop: so many askers, each asking again as soon as it is answered. Open loop: questions come at a fixed rate whether
or not the server keeps up, and time counts from when a question was due, so that a stall is not hidden by askers who wait.
The same development questions come round again only after more others than the server keeps answers of; `--repeat` asks
ten questions again and again, which shows what the kept ones are worth.
"""

import argparse
import http.client
import itertools
import json
import shlex
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import numpy as np

from tests.benchmarks.serving import Memory, Served, machine, memory, served, table
from tests.conftest import ROOT

CONCURRENT = (1, 2, 4, 8, 16, 32, 64)
SHARES = (0.5, 0.8, 1.5)
"""Of the best closed-loop throughput: rates of the open loop; the last is more than the server can answer."""
ASKERS = 256
"""Of the open loop; a question that is due while all of them wait counts from when it was due all the same."""
REPEATED = 10
SECONDS = 30


@dataclass
class Tally:
    """What came back."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    kept: int = 0
    seconds: float = 0.0

    def row(self, name: str, held: Memory | None) -> dict[str, str]:
        """Return a row of the table."""
        p50, p95, p99 = np.percentile(self.milliseconds, (50, 95, 99)) if self.milliseconds else (float("nan"),) * 3
        answered = self.statuses[200]
        others = sum(n for status, n in self.statuses.items() if status not in (200, 503))
        return {
            "load": name, "answers/s": f"{answered / self.seconds:.1f}", "p50 ms": f"{p50:.1f}", "p95 ms": f"{p95:.1f}",
            "p99 ms": f"{p99:.1f}", "answered": str(answered), "503": str(self.statuses[503]), "errors": str(others),
            "kept answers": f"{self.kept / max(answered, 1):.2f}",
            "RSS MB": f"{held.resident:.0f}" if held else "–", "PSS MB": f"{held.proportional:.0f}" if held else "–",
        }  # fmt: skip


def addresses(*, repeat: bool) -> Iterator[str]:
    """Yield addresses to ask, for ever: of 6,000 and more in turn, or of a few."""
    lines = (json.loads(line) for line in (ROOT / "corpus" / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    questions = [line["question"] for line in lines if line["split"] == "dev" and not line.get("previous")]
    ways = list(itertools.product((5, 4, 6), ("chicago", "apa", "mla", "nlm"), questions))
    asked = [f"/ask.json?{urlencode({'q': q, 'k': k, 'style': style})}" for k, style, q in ways]
    return itertools.cycle(asked[:REPEATED] if repeat else asked)


class Askers:
    """Ask from threads, each over a connection of its own, and tally what comes back."""

    def __init__(self, address: str, asked: Iterator[str]) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port
        self._asked = asked
        self._lock = threading.Lock()

    def closed(self, askers: int, seconds: float) -> Tally:
        """Let so many ask one question after another."""
        ends = time.perf_counter() + seconds

        def due() -> float | None:
            now = time.perf_counter()
            return now if now < ends else None

        return self._run(askers, due)

    def open(self, rate: float, seconds: float) -> Tally:
        """Let questions come at this rate, in questions a second."""
        started, numbers = time.perf_counter(), itertools.count()

        def due() -> float | None:
            at = started + next(numbers) / rate
            if at >= started + seconds:
                return None
            time.sleep(max(0.0, at - time.perf_counter()))
            return at

        return self._run(ASKERS, due)

    def _run(self, askers: int, due: Callable[[], float | None]) -> Tally:
        tally, started = Tally(), time.perf_counter()
        threads = [threading.Thread(target=self._ask, args=(due, tally)) for _ in range(askers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tally.seconds = time.perf_counter() - started
        return tally

    def _ask(self, due: Callable[[], float | None], tally: Tally) -> None:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        while (at := due()) is not None:
            with self._lock:
                address = next(self._asked)
            try:
                connection.request("GET", address)
                response = connection.getresponse()
                response.read()
                status, timing = response.status, response.headers.get("server-timing", "")
            except (OSError, http.client.HTTPException):
                connection.close()
                status, timing = 0, ""
            spent = (time.perf_counter() - at) * 1000
            with self._lock:
                tally.statuses[status] += 1
                if status == 200:
                    tally.milliseconds.append(spent)
                    tally.kept += "encode" not in timing
        connection.close()


def measure(server: Served | None, address: str, options: argparse.Namespace) -> list[dict[str, str]]:
    """Return the rows of the table."""
    askers, rows, best = Askers(address, addresses(repeat=options.repeat)), [], 0.0
    held = (lambda: memory(server.pid)) if server else (lambda: None)
    askers.closed(2, 2)  # so that all is warm
    for concurrent in options.concurrent:
        tally = askers.closed(concurrent, options.seconds)
        best = max(best, tally.statuses[200] / tally.seconds)
        rows.append(tally.row(f"closed, {concurrent}", held()))
    for rate in options.rates or [share * best for share in SHARES]:
        rows.append(askers.open(rate, options.seconds).row(f"open, {rate:.0f}/s", held()))
    for minute in range(1, options.minutes + 1):
        rows.append(askers.closed(8, 60).row(f"closed, 8, minute {minute}", held()))
    return rows


def main() -> None:
    """Print the table, with the machine and the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="a server that answers already; its memory is not measured")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server that is started")
    parser.add_argument("--seconds", type=float, default=10, help="of each load")
    parser.add_argument("--concurrent", type=int, nargs="*", default=CONCURRENT, help="askers in the closed loop")
    parser.add_argument("--rates", type=float, nargs="*", help="questions a second in the open loop")
    parser.add_argument("--minutes", type=int, default=0, help="of a long run with 8 askers, a row each minute")
    parser.add_argument("--repeat", action="store_true", help="ask the same few questions again and again")
    options = parser.parse_args()
    said = machine()
    starting = nullcontext() if options.url else served("--workers", str(options.workers))
    with starting as server:
        rows = measure(server, options.url or server.address, options)
    print(f"`python -m tests.benchmarks.load {shlex.join(sys.argv[1:])}`; {said}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
