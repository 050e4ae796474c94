"""Take copies of sources that were obtained by hand, from a file or a folder of files called by their numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.domain import Reference
from index.errors import FootnoteError
from index.fetching.domain import NotObtained, Received
from index.fetching.limits import Limits
from index.fetching.obtaining import Obtained, Outcome, checked, read
from index.ledger import Try

BY_HAND = "by hand"
MEDIA_TYPES = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".pdf": "application/pdf",
    ".txt": "text/plain", ".md": "text/markdown",
}  # fmt: skip


class BadCopy(FootnoteError):
    """A file given by hand cannot be brought to a reference; the message says which and why."""


def copies(path: Path, wanted: Sequence[Reference], *, named: bool) -> list[tuple[Reference, Path]]:
    """Return the files with the references that they are copies of.

    `wanted` are the references that may be meant, and `named` tells whether the user named them. Raises BadCopy where
    a file belongs to none of them, to more than one, or is of a kind that cannot be read.
    """
    if not path.exists():
        raise BadCopy(f"{path}: there is no such file or folder.")
    if path.is_file():
        return [(_of_file(path, wanted, named=named), _readable(path))]
    files = [p for p in sorted(path.iterdir()) if p.is_file() and p.stem.isdecimal() and p.suffix.lower() in MEDIA_TYPES]
    if not files:
        raise BadCopy(f"{path}: no file in it is called by a reference's number, like 12.html or 12.pdf.")
    if named:
        files = [p for p in files if int(p.stem) in {r.number for r in wanted}]
    found = [(_of_number(p, wanted), p) for p in files]
    for number in {int(p.stem) for p in files}:
        if sum(int(p.stem) == number for p in files) > 1:
            raise BadCopy(f"{path}: there are two copies of reference {number}; keep one.")
    return found


def take(reference: Reference, path: Path, *, trust: bool, now: Callable[[], str]) -> Outcome:
    """Return the text of the copy, checked as one that was fetched unless it is trusted, or the reason against it."""
    at = now()
    media_type = MEDIA_TYPES[path.suffix.lower()]
    received = Received(
        asked=path.name, final=path.name, at=at, status=0, media_type=media_type, charset=None, content=_start_of(path)
    )
    try:
        if len(received.content) > Limits().body_bytes:
            raise NotObtained(f"more than {Limits().body_bytes // 1_000_000} MB")
        text = read(received) if trust else checked(received, reference, asked=path.name)
    except NotObtained as reason:
        said = f"the copy given: {reason}"
        return Outcome(reference, None, said, at, (Try(path.name, str(reason), at, BY_HAND),))
    obtained = Obtained(received, text, file=path.name, trusted=trust)
    return Outcome(reference, obtained, None, at, (Try(path.name, "obtained", at, BY_HAND),))


def _of_file(path: Path, wanted: Sequence[Reference], *, named: bool) -> Reference:
    if named and len(wanted) == 1:
        return wanted[0]
    if path.stem.isdecimal():
        return _of_number(path, wanted)
    raise BadCopy(f"{path}: say of which reference this is a copy, with --only and one number.")


def _of_number(path: Path, wanted: Sequence[Reference]) -> Reference:
    found = [r for r in wanted if r.number == int(path.stem)]
    if not found:
        raise BadCopy(f"{path}: there is no reference {int(path.stem)} to take it for.")
    if len(found) > 1:
        names = " or ".join(f"{r.article}:{r.number}" for r in found)
        raise BadCopy(f"{path}: more than one article has a reference {int(path.stem)}; say --only {names}.")
    return found[0]


def _readable(path: Path) -> Path:
    if path.suffix.lower() not in MEDIA_TYPES:
        raise BadCopy(f"{path}: a copy is read from {', '.join(MEDIA_TYPES)}.")
    return path


def _start_of(path: Path) -> bytes:
    """Return the file, or where it is longer than may be read one byte more than that."""
    with path.open("rb") as file:
        return file.read(Limits().body_bytes + 1)
