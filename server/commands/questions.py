"""The commands about the question index: check it, and see what it does not reach."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from server.commands.options import CorpusOption, IndexOption, JsonOption, QuestionSetOption, print_json

if TYPE_CHECKING:
    from index.encoder import Floats

questions = typer.Typer(
    help="Check and grow the index of questions.", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)


@questions.command("check")
def check_command(
    by_words: Annotated[bool, typer.Option("--by-words", help="Compare questions by their words alone.")] = False,
    question_set: QuestionSetOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List everything that is wrong with the index of questions; exit 1 where something is."""
    from index.corpus import read_corpus
    from index.encoder import open_encoder
    from index.evaluation.question_set import read_question_set
    from index.question_checks import check_question_index, question_vectors
    from server.commands.printing import checked_lines
    from server.progress import progress_bars
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index)
    path = question_set or settings.corpus / "questions.jsonl"

    def by_vector(texts: Sequence[str]) -> "Floats":
        with progress_bars() as progress:
            encoder = open_encoder(settings.encoder)
            return question_vectors(texts, encoder, settings.index, progress=progress)

    checked = check_question_index(
        settings.corpus / "question_index.jsonl",
        read_corpus(settings.corpus),
        evaluated=read_question_set(path) if question_set or path.is_file() else (),
        vectors=None if by_words else by_vector,
    )
    if as_json:
        print_json(checked)
    else:
        print("\n".join(checked_lines(checked)))
    if checked.problems:
        raise typer.Exit(1)


@questions.command("coverage")
def coverage_command(corpus: CorpusOption = None, as_json: JsonOption = False) -> None:
    """List the sentences of the article that no indexed question reaches."""
    from index.corpus import read_corpus
    from index.question_coverage import cover
    from server.commands.printing import coverage_lines
    from server.settings import read_settings

    folder = read_settings(corpus=corpus).corpus
    coverage = cover(folder / "question_index.jsonl", read_corpus(folder))
    if as_json:
        print_json(coverage)
    else:
        print("\n".join(coverage_lines(coverage)))
