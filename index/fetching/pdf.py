"""Read a PDF without trusting it: a child process with little memory and time takes it apart."""

import json
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from index.fetching.domain import NotObtained
from index.fetching.extracted import Extracted, one_line
from index.fetching.layout import blocks_of_pages

_ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 120.0
_HEAD_LINES = (15, 10)
"""A title stands high on the first page, or on the second behind a cover; further down others' titles are cited."""


def read_pdf(content: bytes) -> Extracted:
    """Return the text of the PDF with the page of each paragraph; raise NotObtained, with the reason, where there is none."""
    found = _taken_apart(content)
    pages = [str(page) for page in found["pages"]]
    blocks = blocks_of_pages(pages)
    if not blocks:
        raise NotObtained("a PDF without text: its pages are pictures")
    return Extracted(
        blocks=blocks,
        extractor=f"pypdf {version('pypdf')}",
        form="pdf",
        titles=tuple(t for t in (one_line(str(found["title"] or "")), *first_lines(pages)) if t),
        names=tuple(n for n in (one_line(str(found["author"] or "")),) if n),
    )


def first_lines(pages: list[str]) -> tuple[str, ...]:
    """Return what may be the title: the first lines of the first two pages, alone and up to three together."""
    heads = [[line for line in map(one_line, page.splitlines()) if line] for page in pages[:2]]
    lines = [line for head, most in zip(heads, _HEAD_LINES, strict=False) for line in head[:most]]
    return tuple(" ".join(lines[at : at + count]) for count in (1, 2, 3) for at in range(len(lines) - count + 1))


def _taken_apart(content: bytes) -> dict[str, Any]:
    with TemporaryFile() as given, TemporaryFile() as taken:
        given.write(content)
        given.seek(0)
        command = [sys.executable, "-m", "index.fetching.pdf_child"]
        try:
            done = subprocess.run(
                command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL, cwd=_ROOT, timeout=WALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise NotObtained(f"a PDF that takes more than {WALL_SECONDS:.0f} s to read") from None
        taken.seek(0)
        said = taken.read()
    return _said(done.returncode, said)


def _said(code: int, said: bytes) -> dict[str, Any]:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise NotObtained("a PDF that takes too long to read")
    if code == -signal.SIGXFSZ:
        raise NotObtained("a PDF that unpacks to too much")
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError:
        raise NotObtained("a damaged PDF") from None
    if "problem" in found:
        raise NotObtained(found["problem"])
    return found
