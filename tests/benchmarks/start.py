"""Measure how long starting takes: `python -m tests.benchmarks.start`; each figure is the median of some runs.

`serve` counts from the start of the process to the first 200 of `/health` (up) and of `/ready` (the first question was
answered, index there). `--first-build` builds the shipped corpus into an empty folder as well, which takes a while.
"""

import argparse
import http.client
import shlex
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.benchmarks.serving import FOOTNOTE, SECONDS, machine, table
from tests.conftest import ROOT


def command(*words: str) -> float:
    """Return the seconds that a command takes."""
    started = time.perf_counter()
    subprocess.run([*FOOTNOTE, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def serve_until(path: str) -> float:
    """Return the seconds from starting the server to the first 200 of this path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = time.perf_counter()
    with subprocess.Popen([*FOOTNOTE, "serve", "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            while not _answers(port, path):
                if server.poll() is not None or time.perf_counter() - started > SECONDS:
                    raise RuntimeError("the server has not started")
                time.sleep(0.005)
            return time.perf_counter() - started
        finally:
            server.terminate()


def _answers(port: int, path: str) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status == 200
    except OSError:
        return False


def first_build() -> float:
    """Return the seconds that the first build of the shipped corpus takes."""
    with tempfile.TemporaryDirectory() as folder:
        return command("build", "--index", str(Path(folder) / "index"))


def main() -> None:
    """Print the table, with the machine and the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--first-build", action="store_true")
    options = parser.parse_args()
    said = machine()
    command("build")  # so that the index is there
    measured: dict[str, Callable[[], float]] = {
        "`footnote --help`": lambda: command("--help"),
        "`footnote serve` until /health": lambda: serve_until("/health"),
        "`footnote serve` until /ready": lambda: serve_until("/ready"),
        "`footnote build`, nothing changed": lambda: command("build"),
    }
    if options.first_build:
        measured["`footnote build`, the first"] = first_build
    rows = []
    for name, measure in measured.items():
        seconds = [measure() for _ in range(options.runs)]
        rows.append({
            "what": name, "median s": f"{statistics.median(seconds):.2f}", "fastest": f"{min(seconds):.2f}",
            "slowest": f"{max(seconds):.2f}", "runs": str(len(seconds)),
        })  # fmt: skip
    print(f"`python -m tests.benchmarks.start {shlex.join(sys.argv[1:])}`; {said}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
