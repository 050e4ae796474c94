"""What a confidence means, counted in development questions."""

from datetime import date

import numpy as np
import pytest

from index.evaluation.fitting import Example, fit
from index.evaluation.levels import levels

TODAY = date(2026, 1, 2)


def test_each_question_is_counted_at_its_level() -> None:
    """Bounds belong to the level above, 1 to the last; claims and silences are divided at their median."""
    found = levels([0.1, 0.5, 0.7, 0.9, 1.0], [0.3, 0.8], [0.0, 0.2999, 0.6999], below=0.3, above=0.7)

    assert [(n["name"], n["from"], n["to"], n["questions"], n["answered"], n["partly"]) for n in found] == [
        ("very low", 0.0, 0.1, 1, 0, 0),
        ("low", 0.1, 0.3, 2, 1, 0),
        ("moderate", 0.3, 0.7, 3, 1, 1),
        ("high", 0.7, 0.85, 2, 1, 1),
        ("very high", 0.85, 1.0, 2, 2, 0),
    ]


@pytest.mark.parametrize(("above", "names"), [(1.0, ["low", "moderate"]), (0.95, ["low", "moderate"])])
def test_a_level_without_questions_is_not_told(above: float, names: list[str]) -> None:
    """Where nothing is claimed there is no level of claims, and no division by nothing."""
    assert [n["name"] for n in levels([0.4], [], [0.1], below=0.3, above=above)] == names


def test_a_fit_counts_every_question_once() -> None:
    """The levels hold each answerable, partly answerable and unanswerable question, and say of which articles they ask."""
    rng = np.random.default_rng(6)
    examples = [Example({"a": float(rng.normal(yes, 0.5))}, yes) for yes in [True] * 30 + [False] * 20]
    partly = [{"a": float(rng.normal(0.5, 0.5))} for _ in range(10)]
    made = fit(examples, digest="d1", today=TODAY, partly=partly, articles=["B", "A"]).made

    assert [sum(n[key] for n in made["levels"]) for key in ("questions", "answered", "partly")] == [60, 30, 10]
    assert made["articles"] == ["A", "B"]


def test_partly_answered_questions_leave_the_fit_alone() -> None:
    """Coefficients, thresholds and all figures but the levels are the same with and without them."""
    rng = np.random.default_rng(6)
    examples = [Example({"a": float(rng.normal(yes, 1))}, yes) for yes in [True] * 30 + [False] * 30]
    alone, beside = (fit(examples, digest="d1", today=TODAY, partly=partly) for partly in ([], [{"a": 0.5}]))

    assert (alone.coefficients, alone.claimed_above, alone.not_found_below) == (
        beside.coefficients,
        beside.claimed_above,
        beside.not_found_below,
    )
    assert {k: v for k, v in alone.made.items() if k != "levels"} == {k: v for k, v in beside.made.items() if k != "levels"}
