"""The note trail: where the article cites a source, and what that source says there."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["close", "nothing_close"]


@dataclass(frozen=True, slots=True)
class CitedAt:
    """A sentence or heading of the article that carries the reference's note."""

    document: str
    start: int
    end: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A stretch of a held source near a sentence that cites it; `cited_at` says which of them, counted from 0.

    `verdict` says whether the two are close; whether the source supports the sentence is for a person to judge.
    `publisher_url` opens the publisher's page at these words.
    """

    document: str
    text: str
    start: int
    end: int
    paragraph: int
    score: float
    verdict: Verdict
    cited_at: int
    url: str
    publisher_url: str | None
