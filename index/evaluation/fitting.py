"""Fit the confidence on the development questions: coefficients by logistic regression, thresholds out of fold.

*answered* above the confidence at which one unanswerable question in ten is claimed, *not found* below the one
that loses three answerable questions in a hundred; `partly` questions take no part in either, but are counted with
the others at the levels of confidence that are told to readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.calibration import Fitted
from index.errors import CorpusError
from index.evaluation.levels import levels
from index.evaluation.silence import auroc, claims

FALSE_CLAIMS = 0.10
LOST = 0.03
FOLDS, REPEATS = 5, 10
STRENGTH = 1.0
"""Inverse of the L2 penalty on standardised features."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's features and whether it is answerable."""

    features: dict[str, float]
    answerable: bool


def fit(
    examples: Sequence[Example], *, digest: str, today: date, partly: Sequence[dict[str, float]] = (),
    articles: Sequence[str] = (),
) -> Fitted:  # fmt: skip
    """Return the fit; `digest` is that of the questions it is made from, `articles` are the titles of what they ask of.

    `partly` are the features of questions answered in part.

    Raises CorpusError where there are fewer than five questions of either sort.
    """
    names = sorted(examples[0].features) if examples else []
    values = np.array([[e.features[name] for name in names] for e in examples])
    answerable = np.array([e.answerable for e in examples], dtype=bool)
    if min(answerable.sum(), (~answerable).sum()) < FOLDS:
        raise CorpusError(f"a fit needs at least {FOLDS} answerable and {FOLDS} unanswerable questions in the dev split.")
    others = np.array([[p[name] for name in names] for p in partly]).reshape(-1, len(names))
    held_out, in_part = _out_of_fold(values, answerable, others)
    yes, no = held_out[answerable].tolist(), held_out[~answerable].tolist()
    claimed = claims(yes, no, FALSE_CLAIMS)
    above = 1.0 if claimed.threshold is None else claimed.threshold
    below = min(float(np.quantile(yes, LOST)), above)
    told = levels(yes, in_part.tolist(), no, below=round(below, 4), above=round(above, 4))
    made = {
        "date": today.isoformat(),
        "questions": digest,
        "answerable": len(yes),
        "unanswerable": len(no),
        "AUROC": round(auroc(yes, no) or 0.0, 4),
        "claimed": round(claimed.claimed, 4),
        "silent": round(float(np.mean(np.array(no) < below)), 4),
        "articles": sorted(articles),
        "levels": told,
    }
    return Fitted(_coefficients(names, values, answerable), round(above, 4), round(below, 4), made)


def _out_of_fold(
    values: NDArray[np.float64], answerable: NDArray[np.bool_], others: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each question's confidence by fits that have not seen it, the mean over repeats; no fit sees the others."""
    from sklearn.model_selection import StratifiedKFold

    total, of_others = np.zeros(len(values)), np.zeros(len(others))
    for seed in range(REPEATS):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for seen, unseen in folds.split(values, answerable):
            fitted = _pipeline().fit(values[seen], answerable[seen])
            total[unseen] += fitted.predict_proba(values[unseen])[:, 1]
            if len(others):
                of_others += fitted.predict_proba(others)[:, 1]
    return total / REPEATS, of_others / (REPEATS * FOLDS)


def _coefficients(
    names: Sequence[str], values: NDArray[np.float64], answerable: NDArray[np.bool_]
) -> dict[str, float]:  # fmt: skip
    """Return the coefficients of the features as they are, not standardised."""
    scaler, logistic = (step for _, step in _pipeline().fit(values, answerable).steps)
    weights = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - (weights * scaler.mean_).sum())
    return {"intercept": round(intercept, 6)} | {n: round(float(w), 6) for n, w in zip(names, weights, strict=True)}


def _pipeline() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
