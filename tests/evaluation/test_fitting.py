"""The fit of the confidence on questions whose answerability is known."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from index.calibration import Fitted
from index.confidence import probability, status
from index.errors import CorpusError
from index.evaluation.fitting import STRENGTH, Example, fit

TODAY = date(2026, 1, 2)


def separable(count: int = 40) -> list[Example]:
    """Make questions of which the answerable have `nearness` above 0.6 and the others below 0.4; `noise` tells nothing."""
    rng = np.random.default_rng(5)
    near, far, noise = 0.6 + 0.4 * rng.random(count), 0.4 * rng.random(count), rng.random(2 * count)
    nearness = [*((float(n), True) for n in near), *((float(n), False) for n in far)]
    return [Example({"nearness": n, "noise": float(m)}, yes) for (n, yes), m in zip(nearness, noise, strict=True)]


def overlapping(count: int = 100) -> list[Example]:
    """Make questions whose features tell answerable from unanswerable only most of the time."""
    rng = np.random.default_rng(6)
    return [
        Example({"b": float(rng.normal(yes, 1)), "a": float(rng.normal(-yes, 2)), "c": float(rng.random())}, yes)
        for yes in [True] * count + [False] * count
    ]


def confidences(fitted: Fitted, examples: Sequence[Example], *, answerable: bool) -> list[float]:
    return [probability(e.features, fitted) for e in examples if e.answerable == answerable]


def test_separable_questions_are_told_apart() -> None:
    """Where a feature tells all, AUROC is 1, every answerable question is claimed and no other is anything but silent."""
    examples = separable()
    fitted = fit(examples, digest="d1", today=TODAY)
    yes, no = (confidences(fitted, examples, answerable=answerable) for answerable in (True, False))

    assert (fitted.made["AUROC"], fitted.made["claimed"], fitted.made["silent"]) == (1, 1, 1)
    assert max(no) < fitted.not_found_below <= fitted.claimed_above <= min(yes)
    assert {status(c, fitted, may_claim=True) for c in yes} == {"answered"}
    assert {status(c, fitted, may_claim=True) for c in no} == {"not_found"}


def test_noise_has_no_weight_beside_what_tells() -> None:
    """The feature that tells has a large positive coefficient, the one that tells nothing next to none."""
    coefficients = fit(separable(), digest="d1", today=TODAY).coefficients

    assert coefficients["nearness"] > 5
    assert abs(coefficients["noise"]) < coefficients["nearness"] / 10


def test_coefficients_are_those_of_the_pipeline_on_raw_features() -> None:
    """The logistic over features as they are gives what standardising and scikit-learn give, to 1e-6."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    examples = overlapping()
    values = [[e.features[name] for name in ("a", "b", "c")] for e in examples]
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
    expected = pipeline.fit(values, [e.answerable for e in examples]).predict_proba(values)[:, 1]

    weights = fit(examples, digest="d1", today=TODAY).coefficients

    assert list(weights) == ["intercept", "a", "b", "c"]
    ours = [weights["intercept"] + weights["a"] * a + weights["b"] * b + weights["c"] * c for a, b, c in values]
    assert [1 / (1 + math.exp(-logit)) for logit in ours] == pytest.approx(expected, abs=1e-6)


def test_thresholds_keep_what_they_promise() -> None:
    """About one unanswerable question in ten is claimed and three answerable in a hundred are lost, silence below claims."""
    examples = overlapping(400)
    fitted = fit(examples, digest="d1", today=TODAY)
    yes, no = (np.array(confidences(fitted, examples, answerable=answerable)) for answerable in (True, False))

    assert np.mean(no >= fitted.claimed_above) == pytest.approx(0.10, abs=0.02)
    assert np.mean(yes < fitted.not_found_below) == pytest.approx(0.03, abs=0.01)
    assert np.mean(yes >= fitted.claimed_above) == pytest.approx(fitted.made["claimed"], abs=0.02)
    assert np.mean(no < fitted.not_found_below) == pytest.approx(fitted.made["silent"], abs=0.02)
    assert 0 < fitted.not_found_below < fitted.claimed_above < 1


def test_features_that_tell_nothing_claim_nothing_much() -> None:
    """Where unanswerable questions look like answerable ones, hardly anything is claimed and AUROC is no better than chance."""
    rng = np.random.default_rng(7)
    examples = [Example({"noise": float(rng.random())}, i % 2 == 0) for i in range(200)]
    made = fit(examples, digest="d1", today=TODAY).made

    assert made["AUROC"] < 0.6
    assert made["claimed"] < 0.25


def test_fit_says_what_it_was_made_from() -> None:
    """The fit carries the date, the digest of its questions, and how many there were of each sort."""
    made = fit([*separable(20), *separable(20)[:20]], digest="d1", today=TODAY).made

    assert (made["date"], made["questions"]) == ("2026-01-02", "d1")
    assert (made["answerable"], made["unanswerable"]) == (40, 20)


@pytest.mark.parametrize(("answerable", "unanswerable"), [(0, 0), (4, 40), (40, 4), (40, 0)])
def test_too_few_questions_are_refused(answerable: int, unanswerable: int) -> None:
    """With fewer than five questions of a sort there is no fit, and one sentence says what is wanted."""
    examples = separable()
    few = examples[:answerable] + examples[40 : 40 + unanswerable]

    with pytest.raises(
        CorpusError, match=r"^a fit needs at least 5 answerable and 5 unanswerable questions in the dev split\.$"
    ):
        fit(few, digest="d1", today=TODAY)


def test_five_questions_of_each_sort_are_enough() -> None:
    """The fewest that are not refused make a fit."""
    examples = separable()

    assert fit(examples[:5] + examples[40:45], digest="d1", today=TODAY).made["AUROC"] == 1


def test_same_questions_make_the_same_fit() -> None:
    """Fitting again, with the features in another order, gives the same numbers to the last digit."""
    examples = overlapping()
    turned = [Example(dict(reversed(e.features.items())), e.answerable) for e in examples]

    assert fit(turned, digest="d1", today=TODAY) == fit(examples, digest="d1", today=TODAY)
