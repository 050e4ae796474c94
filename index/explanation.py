"""Explain an answer to developers: the parts of each passage's score, the features of the confidence, the neighbours."""

from dataclasses import dataclass

from index.calibration import Kind
from index.confidence import features, judged_by, kind_of
from index.domain import Answer, Hit
from index.followups import Searched
from index.neighbours import Nearest
from index.opened import OpenedIndex
from index.searcher import Searcher

NOTICE = "For developers: how this came about. No part of the question index is an answer."
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """The parts of the score of the answer's passage with this number."""

    number: int
    score: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of the confidence: `contribution` is value times coefficient, a term of the logit."""

    name: str
    value: float
    coefficient: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An indexed question with how near it is, in [-1, 1], and how much of the asked one it covers."""

    question: str
    kind: str
    nearness: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about: the confidence is the logistic function of `logit`, intercept and contributions together.

    Of a question that the encoder does not read, or that asks nothing, the confidence is 0, whatever the logit.
    """

    notice: str
    searched: str
    passages: tuple[ScoredPassage, ...]
    fit: Kind
    intercept: float
    features: tuple[Feature, ...]
    logit: float
    claimed_above: float
    not_found_below: float
    answered: tuple[Neighbour, ...]
    gaps: tuple[Neighbour, ...]


def explain(searcher: Searcher, answer: Answer) -> Explanation:
    """Return how the searcher came to this answer, by finding again what it searched."""
    typed = searcher.complete(answer.question).text
    before = len(answer.searched) - len(typed) if answer.searched.endswith(typed) else 0
    asked, hits = searcher.find(Searched(answer.searched, before))
    index = searcher.index
    judging = judged_by(index, hits, asked.neighbours)
    kind = kind_of(judging)
    fitted = index.calibration.of(kind)
    weights = fitted.coefficients
    values = features(hits, judging) if hits else {}
    weighed = [Feature(name, value, weights.get(name, 0.0), value * weights.get(name, 0.0)) for name, value in values.items()]
    return Explanation(
        notice=NOTICE, searched=answer.searched, passages=_passages(index, answer, hits), fit=kind,
        intercept=weights["intercept"], features=tuple(sorted(weighed, key=lambda f: -abs(f.contribution))),
        logit=weights["intercept"] + sum(f.contribution for f in weighed),
        claimed_above=fitted.claimed_above, not_found_below=fitted.not_found_below,
        answered=_neighbours(index, asked.neighbours.answered), gaps=_neighbours(index, asked.neighbours.gaps),
    )  # fmt: skip


def _passages(index: OpenedIndex, answer: Answer, hits: list[Hit]) -> tuple[ScoredPassage, ...]:
    found = {(p.document, p.start, p.end): hit for hit in hits for p in [index.passages[hit.passage]]}
    places = [(q.number, (q.document.id, q.start, q.end)) for q in answer.passages or answer.nearest]
    return tuple(ScoredPassage(number, found[at].score, found[at].parts) for number, at in places if at in found)


def _neighbours(index: OpenedIndex, nearest: Nearest) -> tuple[Neighbour, ...]:
    rows = zip(nearest.rows[:NEIGHBOURS], nearest.nearness, nearest.coverage, strict=False)
    return tuple(
        Neighbour(index.questions[row].question, index.questions[row].kind, round(float(near), 6), round(float(covers), 6))
        for row, near, covers in rows
    )
