"""The command that replays quotations against the corpus as it is."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json

if TYPE_CHECKING:
    from index.verifying import Verification

_LONGEST_SHOWN = 160


def verify_command(
    answer: Annotated[Path | None, typer.Argument(help="An answer saved from /ask.json; else the whole index.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay every quotation, word for word, against the corpus as it is; exit 1 where one no longer stands."""
    from index.corpus import read_corpus
    from index.corpus_files import read_text
    from index.errors import CorpusError
    from index.generations import check_files, current, read_manifest
    from index.opened import OpenedIndex
    from index.verifying import quoted_in_answer, quoted_in_index, verify
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index)
    if answer is None:
        generation = current(settings.index)
        check_files(generation, read_manifest(generation), whole=True)
        with closing(OpenedIndex.open(settings.index)) as opened:
            quoted = quoted_in_index(opened)
    elif answer.is_file():
        quoted = quoted_in_answer(read_text(answer), file=answer.name)
    else:
        raise CorpusError(f"{answer}: there is no such file.")
    verification = verify(quoted, read_corpus(settings.corpus))
    print_json(verification) if as_json else print("\n".join(_lines(verification)))
    if verification.failed:
        raise typer.Exit(1)


def _lines(verification: "Verification") -> list[str]:
    lines = []
    for v in verification.failed:
        now = f"; its words stand at {v.now_at[0]}–{v.now_at[1]} now" if v.now_at else "; its words are gone"
        words = v.text if len(v.text) <= _LONGEST_SHOWN else f"{v.text[:_LONGEST_SHOWN]}…"
        lines.append(f"{v.document}, {v.start}–{v.end}: {v.reason}{now}: “{words}”")
    moved = sum(v.state == "moved" for v in verification.failed)
    elsewhere = f", {moved} stand elsewhere, {len(verification.failed) - moved} are lost" if verification.failed else ""
    return [*lines, f"{verification.stand} of {verification.quotations} quotations stand word for word{elsewhere}."]
