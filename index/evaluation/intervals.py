"""Say how sure a figure is: percentile bootstrap over questions, and the paired randomisation test.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13; Smucker, Allan and Carterette, A Comparison
of Statistical Significance Tests for Information Retrieval Evaluation (CIKM 2007).
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.evaluation.figures import Estimate

Floats = NDArray[np.float64]
RESAMPLES = 10_000
CHUNK = 1_000
SEED = 20251125
CONFIDENCE_PERCENT = 95
_ROUNDING = 1e-12


def bootstrap(statistic: Callable[[Floats], Floats], questions: int) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic over resampled questions.

    `statistic` takes (resamples, questions) counts, how often each question was drawn, and returns one value per
    resample; NaN, where a resample has none, is left out. The seed is fixed: the same data give the same interval.
    """
    low, high = _percentiles(statistic, questions)
    return float(low), float(high)


def mean_estimates(rows: Sequence[Sequence[float]]) -> tuple[Estimate, ...]:
    """Return the mean of each column with its interval; a row is one question's, and there is at least one."""
    values = np.array(rows, dtype=np.float64)
    low, high = _percentiles(lambda counts: counts @ values / len(values), len(values))
    figures = zip(values.mean(axis=0), low, high, strict=True)
    return tuple(Estimate(float(mean), float(a), float(b), len(values)) for mean, a, b in figures)


def randomisation_p(contributions: Floats) -> float:
    """Return the two-sided p of a difference that is the sum of one contribution per question.

    Under the null hypothesis it does not matter which system gave which result, so each contribution's sign is free.
    """
    rng = np.random.default_rng(SEED)
    observed = abs(contributions.sum())
    extreme = 0
    for _ in range(RESAMPLES // CHUNK):
        signs = rng.integers(0, 2, size=(CHUNK, len(contributions))) * 2 - 1
        extreme += int((np.abs(signs @ contributions) >= observed - _ROUNDING).sum())
    return (extreme + 1) / (RESAMPLES + 1)


def _percentiles(statistic: Callable[[Floats], Floats], questions: int) -> Floats:
    values = np.concatenate([statistic(counts) for counts in _resampled_counts(questions)])
    tail = (100 - CONFIDENCE_PERCENT) / 2
    return np.asarray(np.nanpercentile(values, [tail, 100 - tail], axis=0))


def _resampled_counts(questions: int) -> Iterator[Floats]:
    rng = np.random.default_rng(SEED)
    shares = np.arange(CHUNK)[:, None] * questions
    for _ in range(RESAMPLES // CHUNK):
        drawn = rng.integers(0, questions, size=(CHUNK, questions)) + shares
        counts = np.bincount(drawn.ravel(), minlength=CHUNK * questions)
        yield counts.reshape(CHUNK, questions).astype(np.float64)
