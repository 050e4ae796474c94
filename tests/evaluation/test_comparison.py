"""Two evaluations side by side: the difference, how sure it is, and what counts as a loss."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from index.domain import IndexIdentity
from index.errors import FootnoteError
from index.evaluation import comparison
from index.evaluation.comparison import compare, read_evaluation, to_json
from index.evaluation.domain import Outcome
from index.evaluation.figures import Evaluation
from index.evaluation.groups import groups_of, latency_of, silence_of
from index.evaluation.silence import weighted_auroc
from tests.evaluation.making import outcome


def evaluation(outcomes: Sequence[Outcome], system: str = "full") -> Evaluation:
    return Evaluation(
        system, "dev", "0" * 64, IndexIdentity("f", "toy"), groups_of(outcomes), silence_of(outcomes),
        latency_of(outcomes), tuple(outcomes), (),
    )  # fmt: skip


def ranked(rrs: Sequence[float], confidence: float = 0.5) -> list[Outcome]:
    return [outcome(f"q{n}", rr=rr, confidence=confidence) for n, rr in enumerate(rrs)]


def test_a_real_loss_is_significant() -> None:
    """Twelve questions of forty falling from first to nowhere is a significant loss, as a gain it is none."""
    before, after = evaluation(ranked([1.0] * 40)), evaluation(ranked([0.0] * 12 + [1.0] * 28))

    loss, gain = compare(before, after), compare(after, before)

    first = loss.differences[0]
    assert (first.measure, first.before, first.after, first.questions) == ("Success@1", 1.0, 0.7, 40)
    assert first.difference == pytest.approx(-0.3)
    assert first.low < -0.3 < first.high < 0
    assert first.p < 0.01
    assert loss.significant_loss
    assert not gain.significant_loss


def test_a_small_loss_is_not_significant() -> None:
    """One question worse and one better is chance."""
    before, after = evaluation(ranked([1.0, 0.5, 1.0, 1.0])), evaluation(ranked([0.5, 1.0, 1.0, 0.5]))

    result = compare(before, after)

    assert result.differences[0].difference < 0
    assert not result.significant_loss


def test_partly_and_unanswerable_questions_are_not_in_the_measures() -> None:
    """The measures are over the answerable; AUROC over these and the unanswerable."""
    some = [*ranked([1.0, 0.5]), outcome("p", answerable="partly"), outcome("n", answerable="no", confidence=0.1)]

    found = {d.measure: d.questions for d in compare(evaluation(some), evaluation(some)).differences}

    assert found == {**dict.fromkeys(("Success@1", "Success@3", "Success@5", "RR", "nDCG@10", "Marked"), 2), "AUROC": 3}


def test_auroc_does_not_ask_for_one_scale() -> None:
    """A confidence and its square root rank alike: no difference, p = 1."""
    rng = np.random.default_rng(5)
    confidences = rng.random(60)
    answerable = ["yes" if n % 2 else "no" for n in range(60)]
    before, after = (
        evaluation([outcome(f"q{n}", answerable=answerable[n], confidence=float(c)) for n, c in enumerate(scores)])
        for scores in (confidences, np.sqrt(confidences))
    )

    auroc = compare(before, after).differences[-1]

    assert (auroc.measure, auroc.difference, auroc.p) == ("AUROC", 0, 1)


def test_a_lost_auroc_is_a_significant_loss() -> None:
    """Confidence that knew and no longer knows is a loss though every ranking is the same."""
    answerable = ["yes"] * 30 + ["no"] * 30
    knows = [outcome(f"q{n}", answerable=a, confidence=0.9 if a == "yes" else 0.1) for n, a in enumerate(answerable)]
    guesses = [outcome(f"q{n}", answerable=a, confidence=n % 7 / 7) for n, a in enumerate(answerable)]

    result = compare(evaluation(knows), evaluation(guesses))

    assert result.differences[-1].before == 1
    assert result.differences[-1].p < 0.001
    assert result.significant_loss


def test_auroc_contributions_give_every_exchange() -> None:
    """For each way of exchanging the two systems, the signed contributions sum to the difference of AUROCs."""
    before, after = np.array([0.2, 0.6, 0.5, 0.5]), np.array([0.9, 0.5, 0.1, 0.5])
    is_positive = np.array([1.0, 0.0, 1.0, 0.0])
    contributions = comparison._auroc_contributions(before, after, is_positive)
    ones = np.ones((1, 4))

    for signs in product((1, -1), repeat=4):
        kept = np.array(signs) == 1
        mine, theirs = np.where(kept, after, before), np.where(kept, before, after)
        later, earlier = (weighted_auroc(scores, is_positive, ones)[0] for scores in (mine, theirs))
        assert np.dot(signs, contributions) == pytest.approx(later - earlier)


def test_only_shared_questions_are_compared() -> None:
    """A question with other words, other gold or another id is not the same question, and that is said."""
    before = evaluation([outcome("q1"), outcome("q2"), outcome("q3"), outcome("q4")])
    after = evaluation([outcome("q1"), outcome("q2", question="Else?"), outcome("q3", answerable="no"), outcome("q5")])

    result = compare(before, after)

    assert (result.shared, result.unshared) == (1, 6)


def test_nothing_shared_cannot_be_compared() -> None:
    """A baseline over other questions is an error, not a comparison without loss."""
    with pytest.raises(FootnoteError, match="share no question"):
        compare(evaluation([outcome("q1")]), evaluation([outcome("q2")]))


def test_an_evaluation_survives_json(tmp_path: Path) -> None:
    """What is written as JSON is read again as the same evaluation."""
    made = evaluation([*ranked([1.0, 0.25, 0.0]), outcome("n", answerable="no", nearest_indexed=0.4)])
    path = tmp_path / "baseline.json"
    path.write_text(to_json(made), encoding="utf-8")

    assert read_evaluation(path) == made


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"system": 1}', "\x00"])
def test_a_file_that_is_no_evaluation_is_named(tmp_path: Path, text: str) -> None:
    """A baseline that is something else, or not there, is one sentence with its name."""
    path = tmp_path / "baseline.json"
    with pytest.raises(FootnoteError, match=r"baseline.json: no such file"):
        read_evaluation(path)
    path.write_text(text)

    with pytest.raises(FootnoteError, match=r"baseline.json: not an evaluation of this version") as error:
        read_evaluation(path)

    assert "\n" not in str(error.value)
