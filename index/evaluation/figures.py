"""The figures of an evaluation and of comparisons; also the schema of its JSON."""

from dataclasses import dataclass

from index.domain import IndexIdentity
from index.evaluation.domain import Failure, Outcome


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over so many questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class States:
    """The shares of questions that were answered, called related and not found."""

    answered: Estimate
    related: Estimate
    not_found: Estimate


@dataclass(frozen=True, slots=True)
class Group:
    """Some questions and their figures; `states` has an entry for each value of answerable among them."""

    name: str
    questions: int
    measures: dict[str, Estimate]
    states: dict[str, States]


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in [low, high), the last bin with its upper end."""

    low: float
    high: float
    questions: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Claims:
    """The most of the answerable that can be claimed while `false_share` of the unanswerable are claimed."""

    false_share: float
    threshold: float | None
    claimed: float


@dataclass(frozen=True, slots=True)
class Silence:
    """How well the confidence tells an answer from none; `curve` holds (coverage, risk), best confidence first."""

    auroc: Estimate | None
    auroc_partly: Estimate | None
    aurc: float | None
    calibration_error: float | None
    claims: tuple[Claims, ...]
    bins: tuple[Bin, ...]
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an answer takes, in milliseconds."""

    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One system over one question set; `digest` is the sha256 over the questions asked."""

    system: str
    split: str
    digest: str
    index: IndexIdentity
    groups: dict[str, tuple[Group, ...]]
    silence: Silence
    latency: Latency
    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of two systems on the same questions: after minus before, its 95 % interval and two-sided p."""

    measure: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    questions: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the questions that both were asked; `unshared` were asked of one only."""

    before: str
    after: str
    shared: int
    unshared: int
    differences: tuple[Difference, ...]
    significant_loss: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """Several systems over one question set, each step compared with the one before."""

    evaluations: tuple[Evaluation, ...]
    steps: tuple[Comparison, ...]
