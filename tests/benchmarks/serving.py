"""Start a server to be measured, and say on what machine."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.settings import CHECKOUT

FOOTNOTE = [sys.executable, "-c", "from server.cli import main; main()"]
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it answers, and the process that was started."""

    address: str
    pid: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What processes hold together, in MB: `resident` counts shared pages once for each, `proportional` once in all."""

    resident: float
    proportional: float


@contextmanager
def served(*options: str) -> Iterator[Served]:
    """Serve on a free port in a process of its own, and end it afterwards; the options are those of `footnote serve`."""
    started = subprocess.Popen(
        [*FOOTNOTE, "serve", "--port", "0", *options], cwd=CHECKOUT, env=os.environ | {"FOOTNOTE_RATE_PER_MINUTE": "0"},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert started.stderr
    try:
        for line in started.stderr:
            if found := re.search(r"answers at (http://\S+)/", line):
                yield Served(found[1], started.pid)
                return
        raise RuntimeError("the server has not started")
    finally:
        started.terminate()
        started.wait(SECONDS)
        started.stderr.close()


def processes(pid: int) -> list[int]:
    """Return the process and those below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in processes(int(child)))]


def memory(pid: int) -> Memory:
    """Return what the process and those below it hold."""
    rss = pss = 0
    for one in processes(pid):
        fields = dict(re.findall(r"^(\w+): +(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE))
        rss, pss = rss + int(fields["Rss"]), pss + int(fields["Pss"])
    return Memory(rss / 1024, pss / 1024)


def machine() -> str:
    """Return a line that says on what and when the figures were measured."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text()) if info.exists() else []
    name = names[0] if names else platform.processor()
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} × {name}, {platform.system()}, Python {platform.python_version()}, "
        f"{time.strftime('%Y-%m-%d')}; load before: {busy}"
    )


def table(rows: list[dict[str, str]]) -> str:
    """Return the rows as a Markdown table."""
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *([row[name] for name in head] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
