"""The command that checks quotations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json

if TYPE_CHECKING:
    from index.domain import Corpus
    from server.settings import Settings


def check(
    file: Annotated[Path | None, typer.Argument(help="The draft, as UTF-8 text; - reads it from standard input.")] = None,
    text: Annotated[str | None, typer.Option(help="The quotation or draft itself.")] = None,
    document: Annotated[str | None, typer.Option(help="The id of the document that they are claimed from.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check every quotation of a draft against everything that is known; exit 1 where one is not exact."""
    from index.quotations.checking import Checker
    from server.commands.check_lines import check_lines
    from server.settings import read_settings

    draft = _draft(file, text)
    known = _known(read_settings(corpus=corpus, index=index))
    checked = Checker(known.documents, known.references).check(draft, document)
    if as_json:
        print_json(checked)
    else:
        print("\n".join(check_lines(checked)))
    if any(quotation.verdict != "exact" for quotation in checked.quotations):
        raise typer.Exit(1)


def _draft(file: Path | None, text: str | None) -> str:
    """Return what is to be checked; raise FootnoteError where it is not given, given twice, or not text."""
    from index.corpus_files import read_text
    from index.errors import BadDraft

    if (file is None) == (text is None):
        raise BadDraft("Name a file to check, - for standard input, or give the words with --text.")
    if text is not None:
        return text
    assert file is not None
    if str(file) == "-":
        return _from_standard_input()
    if not file.is_file():
        raise BadDraft(f"{file}: there is no such file.")
    return read_text(file, file=str(file))


def _from_standard_input() -> str:
    from index.errors import BadDraft

    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise BadDraft("The standard input is not UTF-8 text.") from None
    if "\0" in text:
        raise BadDraft("The standard input is not text: it holds a NUL byte.")
    return text


def _known(settings: "Settings") -> "Corpus":
    """Return the corpus of the index; the encoder is not needed for it, and not opened."""
    from index.freshness import require_same_corpus
    from index.stored import read_corpus_of

    known, inputs = read_corpus_of(settings.index)
    require_same_corpus(settings.corpus, inputs)
    return known
