"""How likely the first passages answer: a logistic over a handful of named features, calibrated on questions."""

import math
from typing import Literal

import numpy as np

from index.calibration import Calibration, Fit
from index.domain import Hit, Status
from index.encoder import Floats
from index.neighbours import Neighbours

Kind = Literal["with_question_index", "without_question_index"]


def kind_of(neighbours: Neighbours) -> Kind:
    """Tell which of the two fits applies."""
    return "with_question_index" if len(neighbours.answered.rows) else "without_question_index"


def features(hits: list[Hit], neighbours: Neighbours) -> dict[str, float]:
    """Return the named features of a ranking, those of the question index only where there is one."""
    first = hits[0].parts
    found: dict[str, float] = {
        "late_interaction": max(h.parts["late_interaction"] for h in hits),
        "sentence": max(h.parts["sentence"] for h in hits),
        "bm25_agrees": float(first["bm25"] == 1.0),
        "lead": first["late_interaction"] - float(np.mean([h.parts["late_interaction"] for h in hits[1:6]] or [0.0])),
    }
    if len(neighbours.answered.rows):
        found |= _question_index_features(hits, neighbours)
    return {name: round(value, 6) for name, value in found.items()}


def _question_index_features(hits: list[Hit], neighbours: Neighbours) -> dict[str, float]:
    answered, gaps = neighbours.answered, neighbours.gaps
    best_late = max(hits, key=lambda h: h.parts["late_interaction"])
    return {
        "answered": answered.best,
        "answered_coverage": float(answered.coverage.max()),
        "gap": gaps.best,
        "gap_nearer": neighbours.gap_nearer_than_answer,
        "answered_ten": float(answered.nearness[:10].mean()),
        "gap_ten": float(gaps.nearness[:10].mean()) if len(gaps.rows) else 0.0,
        "gap_share": _gap_share(answered.nearness, gaps.nearness),
        "agreement": float(best_late.passage == max(hits, key=lambda h: h.parts["question_index"]).passage),
        "first_question_index": hits[0].parts["question_index"],
    }


def _gap_share(answered: Floats, gaps: Floats, *, count: int = 15, sharpness: float = 20.0) -> float:
    """Return the share of gaps among the nearest `count` indexed questions, each weighted by exp(sharpness x nearness)."""
    nearness = np.concatenate([answered, gaps])
    is_gap = np.concatenate([np.zeros(len(answered)), np.ones(len(gaps))])
    nearest = np.argsort(-nearness, kind="stable")[:count]
    weights = np.exp(sharpness * nearness[nearest])
    return float((weights * is_gap[nearest]).sum() / weights.sum())


def probability(values: dict[str, float], fit: Fit) -> float:
    """Return the calibrated probability that the first passages answer, in [0, 1], to four decimals."""
    logit = fit["intercept"] + sum(weight * values[name] for name, weight in fit.items() if name != "intercept")
    return round(1 / (1 + math.exp(-max(min(logit, 30.0), -30.0))), 4)


def status(confidence: float, calibration: Calibration, kind: Kind, *, may_claim: bool) -> Status:
    """Return the state of an answer; without a passage of an article or a source nothing is claimed."""
    if confidence < calibration.not_found_below[kind]:
        return "not_found"
    return "answered" if may_claim and confidence >= calibration.claimed_above[kind] else "related"
