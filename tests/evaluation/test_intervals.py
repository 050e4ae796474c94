"""Intervals that hold the truth as often as they say, and tests that know a difference."""

from itertools import product

import numpy as np
import pytest

from index.evaluation.intervals import RESAMPLES, bootstrap, mean_estimates, randomisation_p


def test_the_interval_of_a_share() -> None:
    """For 60 of 100 the percentile interval is that of the binomial, near .60 ± 1.96 · √(.6 · .4 / 100)."""
    (estimate,) = mean_estimates([[1.0]] * 60 + [[0.0]] * 40)

    assert (estimate.value, estimate.questions) == (0.6, 100)
    assert estimate.low == pytest.approx(0.504, abs=0.011)
    assert estimate.high == pytest.approx(0.696, abs=0.011)


def test_the_same_data_give_the_same_interval() -> None:
    """The seed is fixed, so figures can be compared to the last digit."""
    rows = [[0.1], [0.7], [0.4]]

    assert mean_estimates(rows) == mean_estimates(rows)


def test_columns_are_measured_each_by_itself() -> None:
    """Several columns give the same as one at a time."""
    both = mean_estimates([[0.0, 1.0], [1.0, 0.5], [0.0, 0.2]])

    assert [round(e.value, 6) for e in both] == [0.333333, 0.566667]
    assert both[0] == mean_estimates([[0.0], [1.0], [0.0]])[0]


def test_one_value_is_its_own_interval() -> None:
    """A single question and a constant have no width, as far as the bootstrap can know."""
    assert [(e.low, e.value, e.high) for e in mean_estimates([[0.5]])] == [(0.5, 0.5, 0.5)]
    assert [(e.low, e.high) for e in mean_estimates([[1.0]] * 20)] == [(1.0, 1.0)]


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """Of 200 samples of 60 values with mean ½, the 95 % interval holds ½ in at least nine of ten."""
    rng = np.random.default_rng(1)
    samples = rng.random((60, 200))

    estimates = mean_estimates(samples.tolist())

    covered = sum(e.low <= 0.5 <= e.high for e in estimates)
    assert 180 <= covered <= 199


def test_a_resample_without_a_value_is_left_out() -> None:
    """A statistic may have no value for some resamples; the interval is over the others."""

    def first_drawn(counts: np.ndarray) -> np.ndarray:
        return np.where(counts[:, 0] > 0, counts[:, 0], np.nan)

    low, high = bootstrap(first_drawn, 3)

    assert low == 1
    assert high <= 3


def test_the_randomisation_test_against_all_sign_flips() -> None:
    """For eight differences the p is near the share of the 256 sign flips that are as extreme."""
    changes = np.array([0.3, 0.5, -0.1, 0.2, 0.4, 0.1, -0.2, 0.6])
    sums = [abs(sum(s * c for s, c in zip(signs, changes, strict=True))) for signs in product((-1, 1), repeat=8)]
    exact = sum(s >= changes.sum() - 1e-12 for s in sums) / 256

    assert randomisation_p(changes) == pytest.approx(exact, abs=0.01)
    assert randomisation_p(-changes) == pytest.approx(exact, abs=0.01)


def test_no_difference_is_never_significant() -> None:
    """Equal systems have p = 1, and twenty equal gains the least p that so many flips can give."""
    assert randomisation_p(np.zeros(50)) == 1
    assert randomisation_p(np.ones(40)) == pytest.approx(1 / (RESAMPLES + 1), abs=1e-6)
