"""Group outcomes and give each group its figures: overall, by answerable, kind, origin, turn and nearness."""

from collections.abc import Callable, Sequence

import numpy as np

from index.evaluation import silence
from index.evaluation.domain import Answerable, Outcome
from index.evaluation.figures import Estimate, Group, Latency, Silence, States
from index.evaluation.intervals import mean_estimates
from index.evaluation.measures import CORRECTED, MARKED, RANKING

NEAR_COSINE = 0.9
"""Above this, a question's nearest indexed question may be memory rather than skill."""

ANSWERABLE: tuple[Answerable, ...] = ("yes", "partly", "no")
FALSE_SHARES = (0.1, 0.05)
RIGHT = "Success@3"
"""An answer is right when the first three passages answer; that is what the confidence is the probability of."""


def groups_of(outcomes: Sequence[Outcome]) -> dict[str, tuple[Group, ...]]:
    """Return the groups by what they are grouped by; measures are over the answerable, `partly` apart."""
    gold = [o for o in outcomes if o.answerable != "no"]
    by_answerable = {a: [o for o in outcomes if o.answerable == a] for a in ANSWERABLE}
    nearness = [o for o in outcomes if o.nearest_indexed is not None]
    return {
        "overall": (group("all", outcomes),),
        "answerable": (
            *(group(a, some, measured=(a,)) for a, some in by_answerable.items() if some),
            group("yes and partly", gold, measured=("yes", "partly")),
        ),
        "kind": _by(outcomes, lambda o: o.kind),
        "origin": _by(outcomes, lambda o: o.origin),
        "turn": _by(outcomes, turn) if any(o.previous for o in outcomes) else (),
        "nearest indexed question": _by(nearness, _nearness),
    }  # fmt: skip


def group(name: str, outcomes: Sequence[Outcome], *, measured: tuple[str, ...] = ("yes",)) -> Group:
    """Return the figures of these outcomes; the measures are over those whose answerable is in `measured`."""
    gold = [o for o in outcomes if o.answerable in measured and o.answerable != "no"]
    premises = [o for o in outcomes if CORRECTED in o.measures]
    answerables = [a for a in ANSWERABLE if any(o.answerable == a for o in outcomes)]
    return Group(
        name, len(outcomes), _means(gold, (*RANKING, MARKED)) | _means(premises, (CORRECTED,)),
        {a: _states([o for o in outcomes if o.answerable == a]) for a in answerables},
    )  # fmt: skip


def turn(outcome: Outcome) -> str:
    """Return whether a question follows others and depends on them."""
    if outcome.dependent:
        return "dependent follow-up"
    return "independent follow-up" if outcome.previous else "first or only turn"


def is_right(outcome: Outcome) -> bool:
    """Say whether the question can be answered and the first three passages answer it."""
    return outcome.answerable == "yes" and outcome.measures[RIGHT] == 1


def silence_of(outcomes: Sequence[Outcome]) -> Silence:
    """Return how well confidence tells the answerable from the unanswerable; `partly` in its own figure only."""
    yes, partly, no = ([o.confidence for o in outcomes if o.answerable == a] for a in ("yes", "partly", "no"))
    clear = [o for o in outcomes if o.answerable != "partly"]
    confidences, right = [o.confidence for o in clear], [is_right(o) for o in clear]
    curve = silence.risk_coverage(confidences, right)
    bins = silence.reliability(confidences, right)
    return Silence(
        auroc=silence.auroc_estimate(yes, no), auroc_partly=silence.auroc_estimate(partly, no),
        aurc=silence.aurc(curve), calibration_error=silence.calibration_error(bins),
        claims=tuple(silence.claims(yes, no, share) for share in FALSE_SHARES) if yes and no else (),
        bins=bins, curve=curve,
    )  # fmt: skip


def latency_of(outcomes: Sequence[Outcome]) -> Latency:
    """Return the median and the 95th percentile of the milliseconds that answers took."""
    p50, p95 = np.percentile([o.latency_ms for o in outcomes], [50, 95])
    return Latency(float(p50), float(p95))


def _by(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> tuple[Group, ...]:
    """Return a group for each name, the largest first."""
    names = sorted({name(o) for o in outcomes}, key=lambda n: (-sum(name(o) == n for o in outcomes), n))
    return tuple(group(n, [o for o in outcomes if name(o) == n]) for n in names)


def _nearness(outcome: Outcome) -> str:
    near = outcome.nearest_indexed is not None and outcome.nearest_indexed > NEAR_COSINE
    return f"cosine above {NEAR_COSINE}" if near else f"cosine up to {NEAR_COSINE}"


def _means(outcomes: Sequence[Outcome], names: tuple[str, ...]) -> dict[str, Estimate]:
    if not outcomes:
        return {}
    return dict(zip(names, mean_estimates([[o.measures[name] for name in names] for o in outcomes]), strict=True))


def _states(outcomes: Sequence[Outcome]) -> States:
    statuses = ("answered", "related", "not_found")
    return States(*mean_estimates([[float(o.status == status) for status in statuses] for o in outcomes]))
