"""The nouns of the evaluation: a question with its gold, what came of it, and how it failed."""

from dataclasses import dataclass
from typing import Literal

from index.domain import Status

Answerable = Literal["yes", "partly", "no"]
Split = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that answers, or answers one numbered part of the question."""

    quote: str
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the set: `references` are the numbers asked for, `corrects` is what puts a false premise right."""

    id: str
    question: str
    kind: str
    split: Split
    origin: str
    answerable: Answerable
    answers: tuple[Gold, ...] = ()
    previous: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    dependent: bool = False
    corrects: str | None = None
    line: int = 0

    @property
    def parts(self) -> frozenset[int]:
        """Return the parts that each want a quote; empty where the quotes are alternatives."""
        return frozenset(gold.part for gold in self.answers if gold.part is not None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question; `relevant` are the passages of the index that are hits, found or not.

    `measures` is empty where nothing is to be found; `nearest_indexed` is the cosine of the nearest indexed question.
    """

    id: str
    question: str
    kind: str
    origin: str
    answerable: Answerable
    previous: tuple[str, ...]
    dependent: bool
    status: Status
    confidence: float
    latency_ms: float
    measures: dict[str, float]
    ranking: tuple[str, ...]
    relevant: tuple[str, ...]
    nearest_indexed: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that went wrong: how, what was expected, what came first, and the parts of the first one's score."""

    id: str
    question: str
    previous: tuple[str, ...]
    searched: str
    kind: str
    answerable: Answerable
    status: Status
    confidence: float
    reasons: tuple[str, ...]
    expected: tuple[str, ...]
    first: str
    first_at: str
    parts: dict[str, float]
