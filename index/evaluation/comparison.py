"""Compare two evaluations question by question: difference, interval, and the paired randomisation test."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from index.errors import FootnoteError
from index.evaluation.domain import Outcome
from index.evaluation.figures import Comparison, Difference, Evaluation
from index.evaluation.intervals import Floats, bootstrap, randomisation_p
from index.evaluation.measures import MARKED, RANKING
from index.evaluation.silence import weighted_auroc

AUROC = "AUROC"
MAY_NOT_FALL = ("Success@1", "Success@3", "Success@5", "RR", AUROC)
SIGNIFICANT = 0.05
Pair = tuple[Outcome, Outcome]


def read_evaluation(path: Path) -> Evaluation:
    """Return an evaluation saved as JSON; raise FootnoteError where the file is missing or something else."""
    try:
        return TypeAdapter(Evaluation).validate_json(path.read_bytes())
    except OSError:
        raise FootnoteError(f"{path}: no such file; make a baseline with 'footnote evaluate --json'.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise FootnoteError(f"{path}: not an evaluation of this version ({place}: {first['msg']}).") from None


def to_json(evaluation: object) -> str:
    """Return an Evaluation, a Comparison or Ways as one line of JSON, which `read_evaluation` reads again."""
    return TypeAdapter(type(evaluation)).dump_json(evaluation).decode()


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Compare two systems on the questions that both were asked, the same words after the same previous ones.

    Measures are over the answerable questions. A significant loss is one with p < .05 in Success, RR or AUROC.
    Raises FootnoteError where no question is shared.
    """
    earlier = {_key(o): o for o in before.outcomes}
    pairs = [(earlier[_key(o)], o) for o in after.outcomes if _key(o) in earlier]
    if not pairs:
        raise FootnoteError(f"{before.system} and {after.system} share no question, so they cannot be compared.")
    answerable = [pair for pair in pairs if pair[1].answerable == "yes"]
    differences = [_of_measure(name, answerable) for name in (*RANKING, MARKED)] if answerable else []
    if answerable and any(o.answerable == "no" for _, o in pairs):
        differences.append(_of_auroc([pair for pair in pairs if pair[1].answerable != "partly"]))
    lost = any(d.difference < 0 and d.p < SIGNIFICANT and d.measure in MAY_NOT_FALL for d in differences)
    unshared = len(before.outcomes) + len(after.outcomes) - 2 * len(pairs)
    return Comparison(before.system, after.system, len(pairs), unshared, tuple(differences), lost)


def _key(outcome: Outcome) -> tuple[str, str, tuple[str, ...], str]:
    return outcome.id, outcome.question, outcome.previous, outcome.answerable


def _of_measure(name: str, pairs: Sequence[Pair]) -> Difference:
    values = np.array([[o.measures[name] for o in pair] for pair in pairs], dtype=np.float64)
    changes = values[:, 1] - values[:, 0]
    low, high = bootstrap(lambda counts: counts @ changes / len(changes), len(changes))
    before, after = values.mean(axis=0)
    p = randomisation_p(changes / len(changes))
    return Difference(name, float(before), float(after), float(changes.mean()), low, high, p, len(pairs))


def _of_auroc(pairs: Sequence[Pair]) -> Difference:
    """Compare AUROCs; each system's confidences are taken as ranks, so that two scales can be exchanged."""
    is_positive = np.array([after.answerable == "yes" for _, after in pairs], dtype=np.float64)
    before, after = (_ranks([pair[side].confidence for pair in pairs]) for side in (0, 1))

    def both(counts: Floats) -> tuple[Floats, Floats]:
        return weighted_auroc(before, is_positive, counts), weighted_auroc(after, is_positive, counts)

    def change(counts: Floats) -> Floats:
        earlier, later = both(counts)
        return later - earlier

    low, high = bootstrap(change, len(pairs))
    (earlier,), (later,) = both(np.ones((1, len(pairs))))
    p = randomisation_p(_auroc_contributions(before, after, is_positive))
    return Difference(AUROC, float(earlier), float(later), float(later - earlier), low, high, p, len(pairs))


def _auroc_contributions(before: Floats, after: Floats, is_positive: Floats) -> Floats:
    """Return each question's share in the difference of AUROCs, the sign of which turns as the two are exchanged.

    With s, t = ±1 for a positive and a negative left or exchanged, and XY the matrix that compares positives of X with
    negatives of Y, the difference is the mean of ½(s + t)(AA - BB) + ½(s - t)(AB - BA): linear in each sign.
    """
    positive, negative = is_positive == 1, is_positive == 0
    a, b = (after[positive], before[positive]), (after[negative], before[negative])
    aa, ab, ba, bb = (_above(x, y) for x in a for y in b)
    contributions = np.zeros(len(before))
    contributions[positive] = (aa - bb + ab - ba).sum(axis=1)
    contributions[negative] = (aa - bb - ab + ba).sum(axis=0)
    return np.asarray(contributions / (2 * aa.size))


def _above(positive: Floats, negative: Floats) -> Floats:
    """Return 1 where a positive is above a negative, ½ where they tie, 0 below."""
    return np.asarray((np.sign(positive[:, None] - negative[None, :]) + 1) / 2)


def _ranks(scores: Sequence[float]) -> Floats:
    """Return average ranks, ties sharing theirs."""
    _, level, sizes = np.unique(np.array(scores), return_inverse=True, return_counts=True)
    ends = np.cumsum(sizes)
    return np.asarray((ends - (sizes - 1) / 2)[level], dtype=np.float64)
