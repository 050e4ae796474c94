"""The command that measures how good the answers are."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from server.commands.opening import open_index
from server.commands.options import CorpusOption, IndexOption, JsonOption, QuestionSetOption
from server.progress import progress_bars


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
    from server.commands import evaluation_runs
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index)
    path = question_set or settings.corpus / "questions.jsonl"
    earlier = read_evaluation(baseline) if baseline else None
    chosen = evaluation_runs.parse_ways(ways) if ways else ()
    with open_index(settings) as searcher, progress_bars() as progress:
        if fit:
            written = settings.corpus / "calibration.json"
            evaluation_runs.fit_confidence(searcher, evaluation_runs.questions_of(searcher, path, "dev"), written)
            said = f"Wrote {written}; run 'footnote build' to take it up."
            print(json.dumps({"calibration": str(written)}) if as_json else said)
            return
        asked = evaluation_runs.questions_of(searcher, path, split)
        side = evaluation_runs.run_ways(searcher, asked, chosen, progress=progress) if chosen else None
        evaluation = side.evaluations[-1] if side else evaluation_runs.run_one(searcher, asked, progress=progress)
    comparison = compare(earlier, evaluation) if earlier else None
    evaluation_runs.write_files(evaluation, comparison=comparison, ways=side, report=report, run=run)
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
