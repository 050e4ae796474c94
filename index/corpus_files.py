"""Which files of a folder hold a corpus, and how they are read as text."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from index.addresses import FIRST
from index.digests import files_digest
from index.errors import CorpusError
from index.ledger import LEDGER


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Raise CorpusError, naming the file, where one cannot be read: it is gone meanwhile, or not ours to read."""
    try:
        yield
    except OSError as error:
        raise CorpusError(f"{error.filename or 'the corpus'}: the file cannot be read: {error.strerror}.") from None


def corpus_files(folder: Path) -> list[Path]:
    """Return the files that hold what can be quoted, in a stable order."""
    patterns = ("*.md", "*references.json", "*sources/*.md", "question_index.jsonl", "calibration.json")
    return sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})


@reading()
def corpus_digest(folder: Path) -> str:
    """Return the sha256 over the names and bytes of the files that hold what can be quoted."""
    return files_digest(folder, corpus_files(folder))


@reading()
def ledger_digest(folder: Path) -> str:
    """Return the sha256 over the ledgers: `build` takes them up, but they make no index stale."""
    return files_digest(folder, sorted(folder.glob(f"*sources/{LEDGER}")))


def sources_folder(folder: Path, article: str) -> Path:
    """Return the folder that holds the texts of the article's sources."""
    return folder / ("sources" if article == FIRST else f"{article}.sources")


def read_text(path: Path, *, file: str | None = None) -> str:
    """Return the file's text; raise CorpusError, calling it `file`, where it is not UTF-8 or holds NUL bytes."""
    return text_of(path.read_bytes(), file=file or path.name)


def text_of(content: bytes, *, file: str, line: int = 1) -> str:
    """Return as text what begins at this line of a file; raise CorpusError where it is not UTF-8 or holds NUL bytes."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line += content[: error.start].count(b"\n")
        raise CorpusError(f"{file}:{line}: the file is not UTF-8 text.") from None
    if "\0" in text:
        line += text[: text.index("\0")].count("\n")
        raise CorpusError(f"{file}:{line}: the file is not text: it holds a NUL byte.")
    return text
