"""The figures of the confidence against numbers worked out by hand."""

import numpy as np
import pytest

from index.evaluation.figures import Claims
from index.evaluation.silence import (
    aurc,
    auroc,
    auroc_estimate,
    calibration_error,
    claims,
    reliability,
    risk_coverage,
    weighted_auroc,
)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.8, 0.4], [0.6, 0.2], 0.75),
        ([0.8, 0.4], [0.4, 0.2], 0.875),
    ],
)
def test_auroc_by_hand(positive: list[float], negative: list[float], expected: float) -> None:
    """AUROC is the share of pairs in which the positive is above, ties counting half."""
    assert auroc(positive, negative) == pytest.approx(expected)


def test_auroc_wants_both_kinds() -> None:
    """Without positives or without negatives there is no AUROC, rather than a made-up one."""
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None
    assert auroc_estimate([0.5], []) is None


def test_auroc_agrees_with_scikit_learn() -> None:
    """On rounded random scores, full of ties, and with weights, ours is scikit-learn's to 1e-9."""
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    scores, is_positive = rng.random(300).round(1), rng.integers(0, 2, 300).astype(float)
    weights = rng.integers(0, 4, (5, 300)).astype(float)

    ours = weighted_auroc(scores, is_positive, weights)

    theirs = [metrics.roc_auc_score(is_positive, scores, sample_weight=w) for w in weights]
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_the_interval_of_an_auroc_is_around_it() -> None:
    """The interval holds the figure, and is as wide as Hanley and McNeil's standard error makes it."""
    rng = np.random.default_rng(4)
    positive, negative = rng.normal(1, 1, 100).tolist(), rng.normal(0, 1, 100).tolist()

    estimate = auroc_estimate(positive, negative)

    assert estimate is not None
    assert estimate.low < estimate.value < estimate.high
    a = estimate.value
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    error = ((a * (1 - a) + 99 * (q1 - a * a) + 99 * (q2 - a * a)) / 10_000) ** 0.5
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * error, rel=0.2)


def test_a_confidence_that_knows_nothing_of_small_classes_still_has_an_interval() -> None:
    """With one of each, the resamples that miss a class are left out."""
    estimate = auroc_estimate([0.9], [0.1])

    assert estimate is not None
    assert (estimate.low, estimate.value, estimate.high) == (1, 1, 1)


def test_risk_and_coverage_by_hand() -> None:
    """The surest first: right, wrong, right, wrong gives risks 0, ½, ⅓, ½ and their mean as area."""
    curve = risk_coverage([0.2, 0.9, 0.7, 0.5], [False, True, False, True])

    assert [coverage for coverage, _ in curve] == [0.25, 0.5, 0.75, 1]
    assert [risk for _, risk in curve] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(curve) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_ties_share_their_errors() -> None:
    """Questions of one confidence cannot be put in an order, so their order must not matter."""
    one = risk_coverage([0.9, 0.5, 0.5], [True, True, False])
    other = risk_coverage([0.9, 0.5, 0.5], [True, False, True])

    assert one == other
    assert [risk for _, risk in one] == pytest.approx([0, 0.25, 1 / 3])


def test_nothing_has_no_curve() -> None:
    """Without questions there is neither curve nor area."""
    assert risk_coverage([], []) == ()
    assert aurc(()) is None


def test_reliability_by_hand() -> None:
    """Bins are a tenth wide, closed below, the last one above too; the error weighs them by their questions."""
    bins = reliability([0.0, 0.1, 0.15, 0.7, 1.0], [False, False, True, True, True])

    assert [(b.low, b.questions) for b in bins if b.questions] == [(0.0, 1), (0.1, 2), (0.7, 1), (0.9, 1)]
    assert (bins[1].confidence, bins[1].right) == pytest.approx((0.125, 0.5))
    assert (bins[2].confidence, bins[2].right) == (None, None)
    assert calibration_error(bins) == pytest.approx((0 + 2 * 0.375 + 0.3 + 0) / 5)
    assert calibration_error(reliability([], [])) is None


def test_claims_by_hand() -> None:
    """With ten unanswerable, one false claim is a tenth: the threshold goes down to just above the second."""
    answerable, unanswerable = [0.95, 0.9, 0.8, 0.6, 0.3], [0.85, 0.7, *[0.1] * 8]

    assert claims(answerable, unanswerable, 0.1) == Claims(0.1, 0.8, 0.6)
    assert claims(answerable, unanswerable, 0.05) == Claims(0.05, 0.9, 0.4)
    assert claims([0.5, 0.5], [0.5], 0.1) == Claims(0.1, None, 0.0)
