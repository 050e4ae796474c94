"""The command that brings the texts of the cited sources, and the only one that goes to the network."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import FootnoteError
from server.commands.options import CorpusOption, JsonOption, print_json
from server.progress import progress_bars

if TYPE_CHECKING:
    from index.fetching.gathering import Gathered, Progress, SourceState, Wanted


_NUMBER = re.compile("[0-9]{1,9}")


class BadOption(FootnoteError):
    """An option has a value, or stands beside another, that makes no sense."""


def fetch(
    only: Annotated[str | None, typer.Option(help="The numbers of the references, like 3,12 (or name:3).")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again for the sources that are held.")] = False,
    given: Annotated[
        Path | None,
        typer.Option("--from", help="A copy obtained by hand (HTML, PDF, text, Markdown), or a folder of copies like 12.pdf."),
    ] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Take the copies of --from without checking what they are.")] = False,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the texts of the cited sources into the corpus, or say why one could not be had."""
    from index.fetching.gathering import take_copies
    from server.settings import read_settings

    if trust and given is None:
        raise BadOption("--trust is for copies given with --from.")
    if refresh and given is not None:
        raise BadOption("--refresh asks the network, --from takes a copy: give one of them.")
    folder, wanted = read_settings(corpus=corpus).corpus, wanted_numbers(only)
    with progress_bars() as progress:
        if given is not None:
            gathered = take_copies(folder, given, only=wanted, trust=trust, progress=progress)
        else:
            gathered = _from_network(folder, wanted, refresh, progress)
    if as_json:
        print_json(gathered)
    else:
        print("\n".join([*gathered_lines(gathered), *_insisting(gathered, may_insist=given is not None and not trust)]))


def wanted_numbers(only: str | None) -> "list[Wanted]":
    """Return the references that `--only` names; raise BadOption where it is not made of numbers."""
    found: list[Wanted] = []
    for part in (only or "").split(",") if only is not None else ():
        article, _, number = part.strip().rpartition(":")
        if not _NUMBER.fullmatch(number):
            raise BadOption(f"--only is {only!r}: expected numbers of references, like 3,12.")
        found.append((article or None, int(number)))
    return found


def gathered_lines(gathered: "Gathered") -> list[str]:
    """Return a line for each reference, how many are held, and what to do with what has come."""
    several = len({s.article for s in gathered.sources}) > 1
    names = [f"{s.article}:{s.number}" if several else str(s.number) for s in gathered.sources]
    width = max((len(name) for name in names), default=0)
    lines = [f"{name:>{max(width, 2)}}  {_said(s)}" for name, s in zip(names, gathered.sources, strict=True)]
    lines.append(f"{gathered.obtained} of {gathered.total} obtained.")
    return [*lines, "Run 'footnote build' to take them up."] if gathered.changed else lines


def _insisting(gathered: "Gathered", *, may_insist: bool) -> list[str]:
    """Return how to have a copy taken that was refused."""
    is_refused = may_insist and any(s.reason for s in gathered.sources)
    return ["If a copy is the source all the same, give it again with --trust."] if is_refused else []


def _said(source: "SourceState") -> str:
    if source.result == "not_obtained":
        return f"not obtained: {source.reason or 'not asked for yet'}"
    again = f" (kept: {source.reason})" if source.reason else ""
    return f"held {source.words or 0:>10,} words  {source.host}{again}"


def _from_network(folder: Path, wanted: "list[Wanted]", refresh: bool, progress: "Progress") -> "Gathered":
    from index.fetching.client import Fetcher
    from index.fetching.gathering import fetch as gather

    with Fetcher() as fetcher:
        return gather(folder, fetcher, only=wanted, refresh=refresh, progress=progress)
