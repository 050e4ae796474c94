"""Count what became of the development questions by how sure their answers were: what a confidence means, in questions."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("low", "moderate", "high", "very high")
"""Below *not found*, up to a claim, and the less and the more sure half of the claims."""


def levels(
    yes: Sequence[float], partly: Sequence[float], no: Sequence[float], *, below: float, above: float
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the levels of confidence that any question had, from `from` up to but without `to`, with their questions.

    The three hold the confidence, out of fold, of questions that the article answers, answers in part, and does not.
    """
    every = np.array([*yes, *partly, *no])
    claimed = every[every >= above]
    middle = round(float(np.median(claimed)), 4) if len(claimed) else above
    counted = (_level(name, *bounds, yes, partly, no) for name, bounds in _bounds(below, above, middle))
    return [level for level in counted if level["questions"]]


def _bounds(below: float, above: float, middle: float) -> Iterable[tuple[str, tuple[float, float]]]:
    return zip(NAMES, pairwise((0.0, below, above, middle, 1.0)), strict=True)


def _level(
    name: str, first: float, last: float, yes: Sequence[float], partly: Sequence[float], no: Sequence[float]
) -> dict[str, Any]:  # fmt: skip
    answered, in_part, unanswered = (_within(np.array(found), first, last) for found in (yes, partly, no))
    counts = {"questions": answered + in_part + unanswered, "answered": answered, "partly": in_part}
    return {"name": name, "from": first, "to": last, **counts}


def _within(confidences: NDArray[np.float64], first: float, last: float) -> int:
    """Return how many confidences stand from the first bound up to the last, which only 1 itself belongs to."""
    below = confidences <= last if last == 1 else confidences < last
    return int(((confidences >= first) & below).sum())
