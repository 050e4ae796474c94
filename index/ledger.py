"""Read and write a ledger: for each cited source what came of asking for it, and every try in order."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from index.errors import CorpusError

LEDGER = "ledger.json"
Result = Literal["obtained", "not_obtained"]


@dataclass(frozen=True, slots=True)
class Try:
    """An address that was asked, how it differs from the one cited where it does, and what came of it."""

    url: str
    outcome: str
    at: str
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What came of asking for a reference's text: `asked` is the address that counts, `at` UTC in ISO 8601."""

    reference: int
    result: Result
    at: str
    reason: str | None = None
    asked: str | None = None
    tries: tuple[Try, ...] = ()


_ENTRIES = TypeAdapter(tuple[LedgerEntry, ...])


def read_ledger(sources: Path) -> dict[int, LedgerEntry]:
    """Return the entries of the folder of sources by number, none where there is no ledger.

    Raises CorpusError, with the file, where the ledger is malformed.
    """
    path = sources / LEDGER
    file = f"{sources.name}/{LEDGER}"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        entries = _ENTRIES.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{file}: {f'{place}: ' if place else ''}{first['msg']}; delete it to begin anew.") from None
    return {entry.reference: entry for entry in entries}


def write_ledger(sources: Path, entries: dict[int, LedgerEntry]) -> None:
    """Write the entries in order of number, all of them or none."""
    listed: list[dict[str, Any]] = [asdict(entries[number]) for number in sorted(entries)]
    write_whole(sources / LEDGER, json.dumps(listed, ensure_ascii=False, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write the file aside and switch it in, so that it is never half written; make its folder where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
