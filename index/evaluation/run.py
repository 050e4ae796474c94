"""Ask a system every question of a set and judge what it answers; or several systems, each against the one before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from time import perf_counter

from index.domain import Answer
from index.errors import BadQuestion, CorpusError
from index.evaluation.comparison import compare
from index.evaluation.domain import Failure, Gold, Outcome, Question
from index.evaluation.failures import failure_of, reasons
from index.evaluation.figures import Evaluation, Ways
from index.evaluation.groups import groups_of, latency_of, silence_of
from index.evaluation.judging import Relevant, completed_at, is_marked, judge, passage_id
from index.evaluation.measures import CORRECTED, DEPTH, MARKED, Judged, ranking_measures
from index.evaluation.question_set import split_digest

Ask = Callable[[str, tuple[str, ...]], Answer]
"""Answers a question after its previous ones, with up to DEPTH passages."""

Nearness = Callable[[str, tuple[str, ...]], float | None]
Explain = Callable[[str, tuple[str, ...]], dict[str, float]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Companions:
    """What may be known beside the answers.

    `relevant` names the index's passages that are hits; without it nDCG knows only the hits that were found.
    `nearness` gives the cosine of the nearest indexed question, `explain` the parts of the first passage's score.
    """

    relevant: Relevant | None = None
    nearness: Nearness | None = None
    explain: Explain | None = None


ALONE = Companions()


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    answer: Answer
    latency_ms: float


def evaluate(
    questions: Sequence[Question], ask: Ask, *, system: str = "full", companions: Companions = ALONE,
    progress: Progress | None = None,
) -> Evaluation:  # fmt: skip
    """Ask each question once, in order, and return every figure; a question with no result scores zero.

    Raises CorpusError where there is no question or one of them cannot be searched.
    """
    if not questions:
        raise CorpusError("There is no question to evaluate; does the question set have this split?")
    asked = []
    for number, question in enumerate(questions, start=1):
        asked.append(_ask(question, ask))
        if progress:
            progress(f"asking {system}", number, len(questions))
    outcomes = _outcomes(asked, companions)
    return Evaluation(
        system=system, split="+".join(sorted({q.split for q in questions})), digest=split_digest(questions),
        index=asked[0].answer.index, groups=groups_of(outcomes), silence=silence_of(outcomes),
        latency=latency_of(outcomes), outcomes=outcomes, failures=_failures(asked, outcomes, companions),
    )  # fmt: skip


def evaluate_ways(
    questions: Sequence[Question], ways: Mapping[str, Ask], *, companions: Companions = ALONE,
    progress: Progress | None = None,
) -> Ways:  # fmt: skip
    """Evaluate several named systems on the same questions and compare each with the one before."""
    evaluations = tuple(
        evaluate(questions, ask, system=name, companions=companions, progress=progress) for name, ask in ways.items()
    )
    return Ways(evaluations, tuple(compare(before, after) for before, after in pairwise(evaluations)))


def _ask(question: Question, ask: Ask) -> _Asked:
    begin = perf_counter()
    try:
        answer = ask(question.question, question.previous)
    except BadQuestion as error:
        raise CorpusError(f"question {question.id} on line {question.line}: {error}") from error
    return _Asked(question, answer, (perf_counter() - begin) * 1000)


def _outcomes(asked: Sequence[_Asked], companions: Companions) -> tuple[Outcome, ...]:
    judged = [_judged(a.question, a.answer, companions.relevant) for a in asked]
    measures = ranking_measures([j for a, j in zip(asked, judged, strict=True) if a.question.answerable != "no"])
    return tuple(_outcome(a, j, measures.get(j.id, {}), companions) for a, j in zip(asked, judged, strict=True))


def _outcome(asked: _Asked, judged: Judged, measures: dict[str, float], companions: Companions) -> Outcome:
    question, answer, nearness = asked.question, asked.answer, companions.nearness
    return Outcome(
        id=question.id, question=question.question, kind=question.kind, origin=question.origin,
        answerable=question.answerable, previous=question.previous, dependent=question.dependent,
        status=answer.status, confidence=answer.confidence, latency_ms=asked.latency_ms,
        measures=measures | _own_measures(question, answer), ranking=judged.ranking, relevant=judged.relevant,
        nearest_indexed=nearness(question.question, question.previous) if nearness else None,
    )  # fmt: skip


def _judged(question: Question, answer: Answer, relevant: Relevant | None) -> Judged:
    ranking = (answer.passages or answer.nearest)[:DEPTH]
    judgements = [judge(question, passage) for passage in ranking]
    ids = tuple(passage_id(p.document.id, p.start, p.end) for p in ranking)
    hits = [id for id, judgement in zip(ids, judgements, strict=True) if judgement.hit]
    return Judged(
        question.id, ids, tuple(dict.fromkeys([*hits, *(relevant(question) if relevant else ())])),
        completed_at(question, judgements),
    )  # fmt: skip


def _own_measures(question: Question, answer: Answer) -> dict[str, float]:
    """Return what no ranking measure knows: whether the right words are marked, whether a premise is corrected."""
    ranking = (answer.passages or answer.nearest)[:DEPTH]
    if question.answerable != "no":
        first = next((p for p in ranking if judge(question, p).hit), None)
        return {MARKED: float(first is not None and is_marked(question, first))}
    if question.corrects:
        correction = replace(question, answers=(Gold(question.corrects),))
        return {CORRECTED: float(any(judge(correction, p).hit for p in ranking[:3]))}
    return {}


def _failures(asked: Sequence[_Asked], outcomes: Sequence[Outcome], companions: Companions) -> tuple[Failure, ...]:
    explain = companions.explain or (lambda question, previous: {})
    return tuple(
        failure_of(outcome, a.question, a.answer, explain(a.question.question, a.question.previous))
        for a, outcome in zip(asked, outcomes, strict=True)
        if reasons(outcome)
    )
