"""A real Chroma server for tests, `chroma run` in a folder of its own on a free port."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from tests.ports import free_port

DEADLINE_SECONDS = 60


class RunningChroma:
    """A server that can be stopped and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = Path(sys.executable).with_name("chroma")
        self._process = subprocess.Popen(
            [command, "run", "--host", "127.0.0.1", "--port", str(self._port), "--path", self._folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "chroma run has ended"
            assert time.monotonic() < deadline, "chroma run does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill the server and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/v2/heartbeat", timeout=2) as answer:
                return bool(json.load(answer))
        except OSError:
            return False
