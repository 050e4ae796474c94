"""Run the evaluation for the command line: ask the question set, print or write what came of it, fit the confidence."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Literal

from index.confidence import features
from index.domain import Answer
from index.encoded_texts import Progress
from index.errors import CorpusError
from index.evaluation.domain import Question, Split
from index.evaluation.figures import Comparison, Evaluation, Ways
from index.evaluation.fitting import Example, fit
from index.evaluation.judging import relevant_passages
from index.evaluation.measures import DEPTH
from index.evaluation.question_set import check_quotes, of_split, read_question_set, split_digest
from index.evaluation.report import write_report
from index.evaluation.run import Ask, Companions, evaluate, evaluate_ways
from index.evaluation.trec import write_qrels, write_run
from index.ranking import WAYS, Way
from index.searcher import Searcher


def questions_of(searcher: Searcher, path: Path, split: Split | Literal["all"]) -> tuple[Question, ...]:
    """Return the questions of a split, `all` for every one, their quotes checked against the corpus."""
    questions = read_question_set(path)
    check_quotes(questions, searcher.corpus.documents, file=path.name)
    return questions if split == "all" else of_split(questions, split)


def parse_ways(ways: str) -> tuple[Way, ...]:
    """Return the ways named in a comma-separated list; raise CorpusError for one that there is not."""
    named = [name.strip() for name in ways.split(",")]
    unknown = [name for name in named if name not in WAYS]
    if unknown:
        raise CorpusError(f"--ways: there is no way {unknown[0]!r}; the ways are {', '.join(WAYS)}.")
    return tuple(way for name in named for way in WAYS if way == name)


def run_one(searcher: Searcher, questions: tuple[Question, ...], *, progress: Progress) -> Evaluation:
    """Return the evaluation of the searcher as it serves."""
    return evaluate(questions, _ask(searcher, "full"), companions=_companions(searcher), progress=progress)


def run_ways(searcher: Searcher, questions: tuple[Question, ...], ways: Iterable[Way], *, progress: Progress) -> Ways:
    """Return the evaluations of several ways, each compared with the one before."""
    asks: dict[str, Ask] = {way: _ask(searcher, way) for way in ways}
    return evaluate_ways(questions, asks, companions=_companions(searcher), progress=progress)


def write_files(
    evaluation: Evaluation, *, comparison: Comparison | None, ways: Ways | None, report: Path | None, run: Path | None
) -> None:
    """Write the report and the TREC run, with its qrels beside it, where asked for."""
    if report:
        write_report(report, evaluation, comparison=comparison, ways=ways)
    if run:
        write_run(run, evaluation)
        write_qrels(run.with_suffix(".qrels"), evaluation)


def fit_confidence(searcher: Searcher, questions: tuple[Question, ...], path: Path) -> None:
    """Fit the confidence on these questions and write it beside the fit that stays; the next build takes it up."""
    examples = [_example(searcher, q) for q in questions if q.answerable != "partly"]
    partly = [_example(searcher, q).features for q in questions if q.answerable == "partly"]
    titles = [d.title for d in searcher.corpus.documents if d.kind == "article"]
    fitted = fit(examples, digest=split_digest(questions), today=date.today(), partly=partly, articles=titles)
    kind = "with_question_index" if searcher.index.questions else "without_question_index"
    replace(searcher.index.calibration, **{kind: fitted}).write(path)


def _example(searcher: Searcher, question: Question) -> Example:
    found, hits = searcher.find(searcher.complete(question.question, question.previous))
    return Example(features(hits, found.neighbours), question.answerable == "yes")


def _ask(searcher: Searcher, way: Way) -> Ask:
    def ask(question: str, previous: tuple[str, ...]) -> Answer:
        return searcher.ask(question, k=DEPTH, previous=previous, way=way)

    return ask


def _companions(searcher: Searcher) -> Companions:
    """Return what may be known beside the answers, found once for a question and not once for each way."""
    return Companions(
        relevant=relevant_passages(searcher.corpus.documents, searcher.index.passages),
        nearness=cache(partial(_nearness, searcher)),
        explain=cache(partial(_explain, searcher)),
    )


def _nearness(searcher: Searcher, question: str, previous: tuple[str, ...]) -> float | None:
    return searcher.nearest_indexed(searcher.complete(question, previous).text)


def _explain(searcher: Searcher, question: str, previous: tuple[str, ...]) -> dict[str, float]:
    _, hits = searcher.find(searcher.complete(question, previous))
    return hits[0].parts if hits else {}
