"""Several processes answer alike on one socket, replace each other, and leave nobody behind; tried on the real thing."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from index.build import build
from tests.conftest import ROOT, ToyEncoder, silent, write_toy_corpus

SECONDS = 90
SERVE = """
import sys
import index.encoder, index.query_encoder
from pathlib import Path
from tests.conftest import ToyEncoder
import server.running, server.workers
for module in (server.running, server.workers):
    module.open_query_encoder = lambda folder, name: ToyEncoder()
from server.settings import Settings
if __name__ == "__main__":
    server.running.run(Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2]), encoder="toy", port=0, workers=2))
"""


class Serving:
    """A server with two processes, and what it has said."""

    def __init__(self, folder: Path) -> None:
        script = folder / "serve.py"
        script.write_text(SERVE, encoding="utf-8")
        self.log = folder / "log.txt"
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "OMP_NUM_THREADS": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, script, folder / "corpus", folder / "index"],
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        assert until(lambda: "Footnote answers at" in self.said or self.process.poll() is not None)
        self.address = re.findall(r"answers at (http://[\d.:]+)/", self.said)[0]

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def workers(self) -> set[int]:
        """Return the processes that the server has started and that still run, its resource tracker apart."""
        found = set()
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
                command = (status.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z" and b"spawn_main" in command:
                found.add(int(status.parent.name))
        return found

    def ask(self) -> bytes:
        return httpx2.get(f"{self.address}/ask.json?q=What+fuel+did+the+lamp+burn", timeout=SECONDS).raise_for_status().content


def until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the toy corpus and its index."""
    folder = tmp_path_factory.mktemp("workers")
    build(write_toy_corpus(folder / "corpus"), folder / "index", ToyEncoder(), progress=silent)
    return folder


@pytest.fixture
def serving(made: Path) -> Iterator[Serving]:
    """Return a server, ended after the test whatever happens."""
    serving = Serving(made)
    workers = serving.workers
    yield serving
    for pid in [serving.process.pid, *workers, *serving.workers]:
        if runs(pid):
            os.kill(pid, signal.SIGKILL)
    serving.process.wait(SECONDS)


def test_killed_worker_is_replaced_and_all_answer_alike(serving: Serving) -> None:
    """Two processes answer with the same bytes; one is killed, the other answers on, and another takes its place."""
    before = serving.workers
    answers = {serving.ask() for _ in range(20)}
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    answers |= {serving.ask() for _ in range(20)}
    replaced = until(lambda: len(serving.workers) == 2 and killed not in serving.workers)
    survivor = max(before)
    fresh = (serving.workers - before).pop()
    os.kill(survivor, signal.SIGSTOP)  # so that only the new one can answer
    answers.add(serving.ask())
    os.kill(survivor, signal.SIGCONT)

    assert len(before) == 2
    assert replaced
    assert fresh not in before
    assert len(answers) == 1
    assert json.loads(answers.pop())["question"] == "What fuel did the lamp burn"


def test_forwarded_headers_are_not_believed(serving: Serving) -> None:
    """Who connects is counted by the address that connects and told its own scheme, whatever a header says."""
    forged = {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https"}
    described = httpx2.get(f"{serving.address}/opensearch.xml", headers=forged, timeout=SECONDS).text

    assert f"{serving.address}/?q=" in described
    assert "https://127.0.0.1" not in described


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_all_end_together(serving: Serving, ending: signal.Signals) -> None:
    """Told to end, the server ends with all its processes, in time, with exit code 0 and nothing to complain of."""
    workers = serving.workers
    serving.ask()
    started = time.monotonic()
    if ending == signal.SIGINT:
        os.killpg(serving.process.pid, ending)  # as a terminal does it
    else:
        serving.process.send_signal(ending)
    code = serving.process.wait(SECONDS)

    assert time.monotonic() - started < 20
    assert code == 0
    assert not [pid for pid in workers if runs(pid)]
    assert "Traceback" not in serving.said
    port = int(serving.address.rpartition(":")[2])
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


def test_nobody_outlives_a_killed_parent(serving: Serving) -> None:
    """Where the parent is killed its processes end by themselves."""
    workers = serving.workers
    serving.process.kill()
    serving.process.wait(SECONDS)

    assert until(lambda: not [pid for pid in workers if runs(pid)])
