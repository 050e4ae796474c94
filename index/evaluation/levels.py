"""Count what became of the development questions by how sure their answers were: what a confidence means, in questions."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("very low", "low", "moderate", "high", "very high")
"""The less and the more sure half of *not found*, up to a claim, and the less and the more sure half of the claims."""


def levels(
    yes: Sequence[float], partly: Sequence[float], no: Sequence[float], *, below: float, above: float
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the levels of confidence that any question had, from `from` up to but without `to`, with their questions.

    The three hold the confidence, out of fold, of questions that the article answers, answers in part, and does not.
    """
    every = np.array([*yes, *partly, *no])
    bounds = (0.0, _middle(every[every < below], below), below, above, _middle(every[every >= above], above), 1.0)
    counted = (_level(name, *within, yes, partly, no) for name, within in zip(NAMES, pairwise(bounds), strict=True))
    return [level for level in counted if level["questions"]]


def _middle(confidences: NDArray[np.float64], otherwise: float) -> float:
    return round(float(np.median(confidences)), 4) if len(confidences) else otherwise


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
