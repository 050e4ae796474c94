"""Measure a confidence: does it tell an answer from none, is it as right as it says, what does silence cost.

Risk and coverage after El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification (JMLR 2010);
expected calibration error after Naeini, Cooper and Hauskrecht (AAAI 2015), with bins of equal width.
"""

from collections.abc import Sequence

import numpy as np

from index.evaluation.figures import Bin, Claims, Estimate
from index.evaluation.intervals import Floats, bootstrap

BINS = 10


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return how often a positive's score is above a negative's, ties counting half; None where either is missing."""
    if not positive or not negative:
        return None
    scores, is_positive = _stacked(positive, negative)
    return float(weighted_auroc(scores, is_positive, np.ones((1, len(scores))))[0])


def auroc_estimate(positive: Sequence[float], negative: Sequence[float]) -> Estimate | None:
    """Return the AUROC with its interval over resampled questions."""
    value = auroc(positive, negative)
    if value is None:
        return None
    scores, is_positive = _stacked(positive, negative)
    low, high = bootstrap(lambda counts: weighted_auroc(scores, is_positive, counts), len(scores))
    return Estimate(value, low, high, len(scores))


def weighted_auroc(scores: Floats, is_positive: Floats, weights: Floats) -> Floats:
    """Return one AUROC for each row of (rows, questions) weights; NaN where a row leaves out a whole class."""
    order = np.argsort(scores, kind="stable")
    levels = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))
    positives = np.add.reduceat((weights * is_positive)[:, order], levels, axis=1)
    negatives = np.add.reduceat((weights * (1 - is_positive))[:, order], levels, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((positives * (below + negatives / 2)).sum(axis=1) / pairs)


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """Return (coverage, risk) when the surest 1, 2, … questions are answered; ties share their errors evenly."""
    if not confidences:
        return ()
    scores, wrong = np.array(confidences), 1.0 - np.array(right, dtype=np.float64)
    levels, level, sizes = np.unique(-scores, return_inverse=True, return_counts=True)
    shared = (np.bincount(level, weights=wrong, minlength=len(levels)) / sizes)[np.sort(level)]
    answered = np.arange(1, len(scores) + 1)
    risks = np.cumsum(shared) / answered
    return tuple((float(a / len(scores)), float(risk)) for a, risk in zip(answered, risks, strict=True))


def aurc(curve: Sequence[tuple[float, float]]) -> float | None:
    """Return the area under a risk-coverage curve, the mean risk over its points; less is better."""
    return float(np.mean([risk for _, risk in curve])) if curve else None


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """Return ten bins of equal width: how sure the questions in it were, and how many of them were right."""
    scores, hits = np.array(confidences), np.array(right, dtype=np.float64)
    places = np.clip((scores * BINS + 1e-9).astype(int), 0, BINS - 1)
    return tuple(_bin(number, scores[places == number], hits[places == number]) for number in range(BINS))


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: how far bins are from the diagonal, weighted by their questions."""
    total = sum(b.questions for b in bins)
    if not total:
        return None
    gaps = (b.questions * abs(b.confidence - b.right) for b in bins if b.confidence is not None and b.right is not None)
    return sum(gaps) / total


def claims(answerable: Sequence[float], unanswerable: Sequence[float], false_share: float) -> Claims:
    """Return the most of the answerable that a threshold claims while it claims at most `false_share` of the others."""
    best = Claims(false_share, None, 0.0)
    for threshold in sorted(set(answerable), reverse=True):
        false = sum(c >= threshold for c in unanswerable)
        if false > false_share * len(unanswerable) + 1e-9:
            break
        best = Claims(false_share, threshold, sum(c >= threshold for c in answerable) / len(answerable))
    return best


def _bin(number: int, scores: Floats, hits: Floats) -> Bin:
    low, high = number / BINS, (number + 1) / BINS
    if not len(scores):
        return Bin(low, high, 0, None, None)
    return Bin(low, high, len(scores), float(scores.mean()), float(hits.mean()))


def _stacked(positive: Sequence[float], negative: Sequence[float]) -> tuple[Floats, Floats]:
    scores = np.array([*positive, *negative], dtype=np.float64)
    return scores, np.array([1.0] * len(positive) + [0.0] * len(negative))
