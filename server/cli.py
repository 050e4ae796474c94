"""The command line: build, serve, ask, import, evaluate, questions. Each command does one thing the library offers."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from index.errors import FootnoteError
from index.limits import MOST_PASSAGES
from server.options import CorpusOption, IndexOption, JsonOption, QuestionSetOption, print_json
from server.progress import progress_bars
from server.questions_cli import questions

if TYPE_CHECKING:
    from server.settings import Settings

app = typer.Typer(
    help="Answers questions about an article in the article's own words.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

app.add_typer(questions, name="questions")


def main() -> None:
    """Run the command line: exit 0 done, 1 something was found wrong, 2 and one sentence on a user's mistake."""
    try:
        raise SystemExit(app(standalone_mode=False))
    except typer.TyperException as error:
        _exit_with(error.format_message())
    except FootnoteError as error:
        _exit_with(str(error))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        if error.filename is None:
            raise
        _exit_with(f"{error.filename}: {error.strerror}.")


@app.command("build")
def build_command(corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Make the index, or bring it up to date."""
    from index.build import build
    from index.encoder import open_encoder

    settings = _settings(corpus=corpus, index=index)
    with progress_bars() as progress:
        built = build(settings.corpus, settings.index, open_encoder(settings.encoder), progress=progress)
    if as_json:
        print_json(built)
    elif built.changed:
        print(f"Index {built.fingerprint[:12]}: {built.passages} passages, {built.questions} indexed questions;")
        print(f"{built.encoded} texts encoded. It is in {settings.index}.")
    else:
        print(f"Index {built.fingerprint[:12]} is up to date: {built.passages} passages.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_PASSAGES, help="How many passages at most.")] = 5,
    previous: Annotated[list[str] | None, typer.Option(help="A question asked before; repeat, oldest first.")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Neither complete a follow-up nor mend spelling.")] = False,
    style: Annotated[str | None, typer.Option(help="The citation style: chicago, apa, mla or nlm.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    explained: Annotated[bool, typer.Option("--explain", help="Show how the answer came about.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the article one question."""
    from index.explanation import explain
    from server.printing import answer_lines

    settings = _settings(corpus=corpus, index=index, style=style)
    with _searcher(settings) as searcher:
        answer = searcher.ask(question, k=k, previous=tuple(previous or ()), as_typed=as_typed, style=settings.style)
        explanation = explain(searcher, answer) if explained else None
    if as_json:
        print_json({"answer": answer, "explanation": explanation} if explanation else answer)
    else:
        print("\n".join(answer_lines(answer, explanation)))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Serve the page and the JSON; the index is built first where it is missing or stale."""
    from server.running import run

    run(_settings(host=host, port=port, corpus=corpus, index=index))


@app.command("evaluate")
def evaluate_command(
    question_set: QuestionSetOption = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="dev, test or all.")] = "dev",
    ways: Annotated[str | None, typer.Option(help="Rankings side by side: bm25,dense,fused,late,full.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="An evaluation saved by --json to compare with.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page with tables, plots and failures.")] = None,
    run: Annotated[Path | None, typer.Option(help="Write a TREC run file, and its qrels beside it.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit the confidence on the dev split; then build again.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how good the answers are, on a question set; exit 1 on a significant loss against the baseline."""
    from rich.console import Console

    from index.evaluation.comparison import compare, read_evaluation, to_json
    from index.evaluation.sheets import sheet_of_comparison, sheets_of, sheets_of_ways
    from index.evaluation.tables import print_sheets
    from server import evaluating

    settings = _settings(corpus=corpus, index=index)
    path = question_set or settings.corpus / "questions.jsonl"
    earlier = read_evaluation(baseline) if baseline else None
    chosen = evaluating.parse_ways(ways) if ways else ()
    with _searcher(settings) as searcher, progress_bars() as progress:
        if fit:
            evaluating.fit_confidence(
                searcher, evaluating.questions_of(searcher, path, "dev"), settings.corpus / "calibration.json"
            )
            print(f"Wrote {settings.corpus / 'calibration.json'}; run 'footnote build' to take it up.")
            return
        asked = evaluating.questions_of(searcher, path, split)
        side = evaluating.run_ways(searcher, asked, chosen, progress=progress) if chosen else None
        evaluation = side.evaluations[-1] if side else evaluating.run_one(searcher, asked, progress=progress)
    comparison = compare(earlier, evaluation) if earlier else None
    evaluating.write_files(evaluation, comparison=comparison, ways=side, report=report, run=run)
    if as_json:
        print(to_json(side or evaluation))
    else:
        sheets = (
            *(sheets_of_ways(side) if side else sheets_of(evaluation)),
            *([sheet_of_comparison(comparison)] if comparison else []),
        )
        print_sheets(sheets, Console(width=None if sys.stdout.isatty() else 160))
    if comparison and comparison.significant_loss:
        raise typer.Exit(1)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="The article as plain text with superscript note numbers.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; else it is printed.")] = None,
    license: Annotated[str, typer.Option(help="Whose text it is, for the front matter.")] = "",
) -> None:
    """Turn an article supplied as plain text into Markdown with notes."""
    from index.corpus import read_text
    from index.errors import CorpusError
    from index.importing import to_markdown

    if not file.is_file():
        raise CorpusError(f"{file}: there is no such file.")
    markdown = to_markdown(read_text(file), license=license, file=file.name)
    if output is None:
        print(markdown, end="")
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(markdown, encoding="utf-8")


def _exit_with(message: str) -> NoReturn:
    """Say what the user's mistake is, or show the help where nothing was asked for, and exit 2."""
    is_help = message.startswith("Usage:")
    print(message if is_help else f"footnote: {message.rstrip('.')}.", file=sys.stderr)
    raise SystemExit(2) from None


def _settings(**given: Any) -> "Settings":
    from server.settings import read_settings

    return read_settings(**given)


@contextmanager
def _searcher(settings: "Settings") -> Iterator[Any]:
    from index.build import require_fresh
    from index.encoder import open_encoder
    from index.searcher import Searcher

    encoder = open_encoder(settings.encoder)
    require_fresh(settings.corpus, settings.index, encoder)
    searcher = Searcher.open(settings.index, encoder)
    try:
        yield searcher
    finally:
        searcher.close()
