"""Gather the sources of a corpus: ask, write what came, keep the ledger, and say how each reference stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.corpus import read_corpus
from index.corpus_files import sources_folder
from index.domain import Corpus, Reference
from index.errors import FootnoteError
from index.fetching.asking import ask_all
from index.fetching.given import BY_HAND, copies, take
from index.fetching.obtaining import Getter, Outcome
from index.fetching.repairs import host_of
from index.fetching.writing import write_source
from index.ledger import LedgerEntry, Try, read_ledger, write_ledger

Progress = Callable[[str, int, int], None]
Wanted = tuple[str | None, int]
"""An article, or None for any, and the number of a reference."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a reference stands: held, or the reason why not; with a held one `reason` is why it could not be renewed."""

    article: str
    number: int
    result: Literal["held", "not_obtained"]
    reason: str | None
    words: int | None
    host: str | None
    at: str | None
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The references that were asked about, how many of them are held, and whether a text has come."""

    sources: tuple[SourceState, ...]
    obtained: int
    total: int
    changed: bool


class UnknownReference(FootnoteError):
    """There is no reference with this number; the message says which there are."""


def fetch(
    folder: Path, getter: Getter, *, only: Sequence[Wanted] = (), refresh: bool = False, progress: Progress
) -> Gathered:  # fmt: skip
    """Ask for the texts of the references, of those not held unless they are to be refreshed, and return how each stands.

    What has come is written at once, so that nothing of it is lost where the rest is broken off.
    """
    wanted = select(read_corpus(folder), only)
    asked = [r for r in wanted if refresh or r.status != "held"]
    return _gather(folder, wanted, ask_all(asked, getter, now=utc_now), len(asked), progress)


def take_copies(
    folder: Path, path: Path, *, only: Sequence[Wanted] = (), trust: bool = False, progress: Progress
) -> Gathered:  # fmt: skip
    """Take the copies obtained by hand, those that are what they are given for, and return how each reference stands."""
    wanted = select(read_corpus(folder), only)
    found = copies(path, wanted, named=bool(only))
    outcomes = (take(reference, file, trust=trust, now=utc_now) for reference, file in found)
    return _gather(folder, [reference for reference, _ in found], outcomes, len(found), progress)


def select(corpus: Corpus, only: Sequence[Wanted]) -> list[Reference]:
    """Return the references that are wanted, all where none is named; raise UnknownReference for one there is not."""
    every = list(corpus.references)
    for article, number in only:
        if not any(r.number == number and article in (None, r.article) for r in every):
            there_are = f"they are {every[0].number} to {every[-1].number}" if every else "the corpus has none"
            raise UnknownReference(f"there is no reference {f'{article}:' if article else ''}{number}; {there_are}.")
    return [r for r in every if not only or any(r.number == n and a in (None, r.article) for a, n in only)]


def utc_now() -> str:
    """Return the time, to the second, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _gather(
    folder: Path, wanted: Sequence[Reference], outcomes: Iterable[Outcome], count: int, progress: Progress
) -> Gathered:  # fmt: skip
    renewals: dict[tuple[str, int], Outcome] = {}
    changed = False
    for done, outcome in enumerate(outcomes, start=1):
        changed |= _keep(folder, outcome)
        renewals[outcome.reference.article, outcome.reference.number] = outcome
        progress("asking for sources", done, count)
    corpus = read_corpus(folder)
    numbers = {(r.article, r.number) for r in wanted}
    listed = [r for r in corpus.references if (r.article, r.number) in numbers]
    ledgers = {article: read_ledger(sources_folder(folder, article)) for article in {r.article for r in listed}}
    states = tuple(
        _state(corpus, r, ledgers[r.article].get(r.number), renewals.get((r.article, r.number))) for r in listed
    )  # fmt: skip
    return Gathered(states, sum(s.result == "held" for s in states), len(states), changed)


def _keep(folder: Path, outcome: Outcome) -> bool:
    """Write what came and the ledger; tell whether a text was written. What is held stays where nothing better came."""
    reference, obtained = outcome.reference, outcome.obtained
    if obtained is None and reference.status == "held":
        return False
    sources = sources_folder(folder, reference.article)
    if obtained:
        write_source(sources, reference, obtained)
    result: Literal["obtained", "not_obtained"] = "obtained" if obtained else "not_obtained"
    entry = LedgerEntry(reference.number, result, outcome.at, outcome.reason, _asked(outcome), outcome.tries)
    write_ledger(sources, read_ledger(sources) | {reference.number: entry})
    return obtained is not None


def _asked(outcome: Outcome) -> str | None:
    """Return the address that counts: the one that gave the text, or else the first; none for a copy by hand."""
    asked = [t.url for t in outcome.tries if t.repair != BY_HAND]
    return asked[-1 if outcome.obtained else 0] if asked else None


def _state(corpus: Corpus, reference: Reference, entry: LedgerEntry | None, outcome: Outcome | None) -> SourceState:
    reason = outcome.reason if outcome else entry.reason if entry else None
    at, tries = (outcome.at, outcome.tries) if outcome else (entry.at, entry.tries) if entry else (None, ())
    asked = entry.asked if entry else None
    if reference.status != "held":
        return SourceState(reference.article, reference.number, "not_obtained", reason, None, host_of(asked or "") or None,
                           at, tries)  # fmt: skip
    text = next(d.text for d in corpus.documents if d.kind == "source" and _belongs(d.article, d.reference, reference))
    host = host_of(asked or "") or "by hand"
    return SourceState(reference.article, reference.number, "held", reason if outcome else None, len(text.split()), host,
                       at, tries)  # fmt: skip


def _belongs(article: str, number: int | None, reference: Reference) -> bool:
    return (article, number) == (reference.article, reference.number)
