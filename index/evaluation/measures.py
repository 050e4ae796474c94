"""Measure rankings by ir_measures (trec_eval's arithmetic), which is the only one that knows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DEPTH = 10
"""How many passages a system is asked for."""

RANKING = ("Success@1", "Success@3", "Success@5", "RR", "nDCG@10")
MARKED = "Marked"
"""Right words marked in the first passage that is a hit."""

CORRECTED = "Corrected@3"
"""A false premise whose correction stands among the first three passages."""

_NEVER_FOUND = "!"


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's ranking of passage ids, best first; all ids that are hits; the rank at which it is answered."""

    id: str
    ranking: tuple[str, ...]
    relevant: tuple[str, ...]
    completed_at: int | None


def ranking_measures(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return each question's Success@1/3/5, RR and nDCG@10 by its id; a question with no result has zeros.

    Success and RR look for the passage with which the question is answered (the last of its parts); nDCG gains
    by every passage that is a hit, and its ideal has as many as the index holds.
    """
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG

    run = [ScoredDoc(j.id, id, score) for j in judged for id, score in _scored(j.ranking)]
    answered = [Qrel(j.id, _completing(j), 1) for j in judged]
    gains = [Qrel(j.id, id, 1) for j in judged for id in j.relevant or (_NEVER_FOUND,)]
    figures: dict[str, dict[str, float]] = {j.id: {} for j in judged}
    for metric in iter_calc([Success @ 1, Success @ 3, Success @ 5, RR], answered, run) if judged else ():
        figures[metric.query_id][str(metric.measure)] = float(metric.value)
    for metric in iter_calc([nDCG @ 10], gains, run) if judged else ():
        figures[metric.query_id][str(metric.measure)] = float(metric.value)
    return {id: {name: values[name] for name in RANKING} for id, values in figures.items()}


def _scored(ranking: Sequence[str]) -> Iterable[tuple[str, float]]:
    """Score by rank: trec_eval orders by score and breaks ties by name."""
    return ((id, 1 / rank) for rank, id in enumerate(ranking, start=1))


def _completing(judged: Judged) -> str:
    return _NEVER_FOUND if judged.completed_at is None else judged.ranking[judged.completed_at - 1]
