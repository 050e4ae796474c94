"""What the check is worth, measured on quotations of our own making; `pytest -s` prints the figures."""

import random

import numpy as np
import pytest

from index.quotations.altered import CLOSE_FROM
from index.quotations.checking import Checker
from tests.quotations.making import CHANGES, altered_quotations, article, change, strangers, stretch, true_quotations

COUNT = 200
ARTICLE = article()
LENGTHS = (3, 4, 5, 6, 8, 12, 20, 30)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker([ARTICLE])


def test_true_quotations_are_exact(checker: Checker) -> None:
    """All of 200 true quotations, pasted with other marks, dashes, spaces, ligatures and note numbers, are exact."""
    verdicts = [checker._checked(q, None).verdict for q in true_quotations(ARTICLE, COUNT, seed=1)]
    print(f"\ntrue quotations called exact: {verdicts.count('exact')}/{COUNT}")

    assert verdicts.count("exact") == COUNT


def test_altered_quotations_are_never_exact(checker: Checker) -> None:
    """None of 200 quotations with a word, digit, name or negation changed is exact, and nearly all are named as changed."""
    made = list(altered_quotations(ARTICLE, COUNT, seed=2))
    checked = [checker._checked(q.text, None) for q in made]
    verdicts = [c.verdict for c in checked]
    named = {
        kind: [any(d.kind == kind for d in c.differences) for q, c in zip(made, checked, strict=True) if q.change == kind]
        for kind in CHANGES
    }
    print(f"\naltered quotations called exact: {verdicts.count('exact')}/{COUNT}; altered: {verdicts.count('altered')}/{COUNT}")
    print("named as what was changed:", {kind: f"{sum(found)}/{len(found)}" for kind, found in named.items()})

    assert verdicts.count("exact") == 0
    assert verdicts.count("altered") >= 0.98 * COUNT
    assert all(all(named[kind]) for kind in ("digit", "negation"))
    assert np.mean(named["name"]) >= 0.95


def test_strangers_are_not_found(checker: Checker) -> None:
    """Sentences of other texts are not taken for altered quotations."""
    verdicts = [checker._checked(sentence, None).verdict for sentence in strangers(COUNT, seed=3)]
    print(f"\nsentences of other texts not found: {verdicts.count('not_found')}/{COUNT}")

    assert verdicts.count("exact") == 0
    assert verdicts.count("not_found") >= 0.98 * COUNT


def test_threshold_is_the_measured_one(checker: Checker) -> None:
    """The likeness from which a passage is what was quoted parts altered quotations from strangers as well as any."""
    chance = random.Random(4)
    altered = [likeness for length in LENGTHS for likeness in _altered(checker, length, chance)]
    others = [likeness for length in LENGTHS for likeness in _strange(checker, length, chance)]
    grid = [round(at, 2) for at in np.arange(0.2, 0.9, 0.05)]
    youden = {at: np.mean(np.asarray(altered) >= at) - np.mean(np.asarray(others) >= at) for at in grid}
    kept, taken = np.mean(np.asarray(altered) >= CLOSE_FROM), np.mean(np.asarray(others) >= CLOSE_FROM)
    print(f"\nthree to thirty words, from {CLOSE_FROM}: altered kept {kept:.3f}, strangers taken {taken:.3f}")
    print("Youden's J:", {at: round(float(value), 3) for at, value in youden.items()})

    assert youden[CLOSE_FROM] >= max(youden.values()) - 0.01


def _altered(checker: Checker, length: int, chance: random.Random) -> list[float]:
    found: list[float] = []
    while len(found) < COUNT // 2:
        start, end = stretch(ARTICLE, chance, length, length)
        changed = change(ARTICLE.text[start:end], chance.choice(CHANGES), chance)
        if changed is not None:
            found.append(checker._nearest.likeness(changed.text))
    return found


def _strange(checker: Checker, length: int, chance: random.Random) -> list[float]:
    words = [sentence.split() for sentence in strangers(COUNT // 2, seed=length)]
    starts = [chance.randrange(max(1, len(w) - length)) for w in words]
    return [checker._nearest.likeness(" ".join(w[at : at + length])) for w, at in zip(words, starts, strict=True)]
