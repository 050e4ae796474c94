"""How likely the first passages answer: a logistic over a handful of named features, calibrated on questions."""

import math
from collections.abc import Sequence

import numpy as np

from index.calibration import Fitted, Kind
from index.domain import Hit, Status
from index.encoder import Floats
from index.followups import content_words
from index.neighbours import NONE, SHARPNESS, Neighbours
from index.opened import OpenedIndex

_NEIGHBOURHOOD = 15
KNOWN_WISH = 0.61
"""Nearness of an indexed question from which one without content words is understood; «ok» has 0.50, «summary» 0.64."""


def kind_of(neighbours: Neighbours) -> Kind:
    """Tell which of the two fits applies."""
    return "with_question_index" if len(neighbours.answered.rows) else "without_question_index"


def judged_by(index: OpenedIndex, hits: Sequence[Hit], neighbours: Neighbours) -> Neighbours:
    """Return the neighbours that judge whether the first passage answers: of a source the question index knows nothing."""
    from_source = bool(hits) and index.passages[hits[0].passage].role == "source"
    return NONE if from_source else neighbours


def features(hits: list[Hit], neighbours: Neighbours) -> dict[str, float]:
    """Return the named features of a ranking: of the question index where there is one, else of the passages alone."""
    found = _of_questions(hits, neighbours) if len(neighbours.answered.rows) else _of_passages(hits)
    return {name: round(value, 6) for name, value in found.items()}


def _of_passages(hits: list[Hit]) -> dict[str, float]:
    """Return how well the first passage meets the question, and how far it stands out."""
    first = hits[0].parts
    others = [h.parts["late_interaction"] for h in hits[1:6]] or [0.0]
    return {
        "late_interaction": first["late_interaction"],
        "sentence": first["sentence"],
        "dense": first["dense"],
        "bm25": first["bm25"],
        "lead": first["late_interaction"] - float(np.mean(others)),
    }


def _of_questions(hits: list[Hit], neighbours: Neighbours) -> dict[str, float]:
    """Return how near answered questions and gaps are, and whether the first passage is where they lead."""
    answered, gaps = neighbours.answered, neighbours.gaps
    return {
        "answered_coverage": float(answered.coverage.max()),
        "gap": gaps.best,
        "gap_share": _gap_share(answered.nearness, gaps.nearness),
        "question_index": hits[0].parts["question_index"],
        "sentence": hits[0].parts["sentence"],
    }


def _gap_share(answered: Floats, gaps: Floats) -> float:
    """Return the share of gaps among the nearest indexed questions, weighted by exp(sharpness times nearness)."""
    nearness = np.concatenate([answered, gaps])
    is_gap = np.concatenate([np.zeros(len(answered)), np.ones(len(gaps))])
    nearest = np.argsort(-nearness, kind="stable")[:_NEIGHBOURHOOD]
    weights = np.exp(SHARPNESS * nearness[nearest])
    return float((weights * is_gap[nearest]).sum() / weights.sum())


def asks_something(question: str, neighbours: Neighbours) -> bool:
    """Tell whether there is a content word to answer, or the wish is known without one («what is it about»)."""
    return bool(content_words(question)) or neighbours.answered.best >= KNOWN_WISH


def asks_one_thing(question: str, neighbours: Neighbours) -> bool:
    """Tell whether the question is more than a single word that could be asked about in many ways."""
    return len(content_words(question)) > 1 or not len(neighbours.answered.rows) or neighbours.answered.best >= KNOWN_WISH


def probability(values: dict[str, float], fitted: Fitted) -> float:
    """Return the calibrated probability that the first passages answer, in [0, 1], to four decimals."""
    weights = fitted.coefficients
    logit = weights["intercept"] + sum(weight * values[name] for name, weight in weights.items() if name != "intercept")
    return round(1 / (1 + math.exp(-max(min(logit, 30.0), -30.0))), 4)


def status(confidence: float, fitted: Fitted, *, may_claim: bool) -> Status:
    """Return the state of an answer; without a passage of an article or a source nothing is claimed."""
    if confidence < fitted.not_found_below:
        return "not_found"
    return "answered" if may_claim and confidence >= fitted.claimed_above else "related"
