"""Read the editor's index of questions: what the article answers, and where, and what it does not.

No part of it is ever shown as an answer; an answered question is one more key under which its sentences
are found, a gap is a question known not to be answered.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.corpus import read_text
from index.domain import Corpus, Passage
from index.errors import CorpusError
from index.locating import Locator, overlapping

_STARTER_KINDS = {"direct", "why", "list"}
_STARTER_LENGTHS = (30, 71)
_NAME = re.compile(r" [A-Z]")
_PLAINLY_ASKED = re.compile(r"(?:Who|What|When|Where|Which|Why|How) [^/—;()]*\?")


@dataclass(frozen=True, slots=True)
class IndexedQuestion:
    """A question and the sentences (rows, best first) that answer it; for a gap, those it merely touches."""

    question: str
    kind: str
    sentences: tuple[int, ...]

    @property
    def is_gap(self) -> bool:
        """Tell whether the article is known not to answer this question."""
        return self.kind == "gap"

    @property
    def is_well_put(self) -> bool:
        """Tell whether it can be shown to readers: it begins as a sentence and has one question mark, at its end."""
        return self.question.endswith("?") and self.question.count("?") == 1 and not self.question[0].islower()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is written: a question and the quotes that answer it, best first; for a gap, one that it touches."""

    question: str
    kind: str
    quotes: tuple[str, ...]

    @classmethod
    def from_json(cls, line: str, place: str) -> "Entry":
        """Read one line; raise CorpusError with `place` and what is wrong."""
        try:
            entry: Any = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{place}: not JSON: {error.msg}.") from None
        except (ValueError, RecursionError):
            raise CorpusError(f"{place}: the line is nested too deeply or holds too long a number.") from None
        if not isinstance(entry, dict) or not _is_text(entry.get("question")) or not _is_text(entry.get("kind")):
            raise CorpusError(f"{place}: expected an object with 'question' and 'kind'.")
        quotes = [entry["near"]] if entry["kind"] == "gap" and entry.get("near") else entry.get("answers") or []
        if entry["kind"] != "gap" and not quotes:
            raise CorpusError(f"{place}: an answered question needs 'answers' with at least one quote.")
        quotes = quotes if isinstance(quotes, list) else [quotes]
        if not all(isinstance(quote, dict) and _is_text(quote.get("quote")) for quote in quotes):
            raise CorpusError(f"{place}: each answer must be an object with a 'quote'.")
        return cls(entry["question"], entry["kind"], tuple(quote["quote"] for quote in quotes))


def read_question_index(path: Path, corpus: Corpus, passages: Sequence[Passage]) -> tuple[IndexedQuestion, ...]:
    """Return the questions with their quotes resolved to sentences; none where there is no such file.

    Raises CorpusError, with file and line, for a malformed line or a quote that is nowhere in the corpus.
    """
    if not path.is_file():
        return ()
    resolver = Resolver(corpus, passages)
    lines = enumerate(read_text(path).split("\n"), start=1)
    return tuple(_question(line, f"{path.name}:{number}", resolver) for number, line in lines if line.strip())


def starter_questions(questions: Sequence[IndexedQuestion], *, count: int = 6) -> tuple[str, ...]:
    """Return short answered questions to begin with, from places evenly spread over the corpus.

    Those that name somebody or something come before those that speak of "the two", which a reader does not know yet.
    """
    lengths = range(*_STARTER_LENGTHS)
    fitting = [
        q for q in questions if q.kind in _STARTER_KINDS and len(q.question) in lengths and _PLAINLY_ASKED.fullmatch(q.question)
    ]
    naming = [q for q in fitting if _NAME.search(q.question)]
    fitting = naming if len(naming) >= count else fitting
    by_place = sorted(fitting, key=lambda q: (q.sentences[0], len(q.question), q.question))
    return tuple(by_place[(2 * i + 1) * len(by_place) // (2 * count)].question for i in range(min(count, len(by_place))))


class Resolver:
    """Resolves quotes to the sentences (rows) that say them."""

    def __init__(self, corpus: Corpus, passages: Sequence[Passage]) -> None:
        self._locator = Locator(corpus.documents)
        rows = [(p.document, s) for p in passages for s in p.sentences]
        order = sorted(range(len(rows)), key=lambda i: (rows[i][0], rows[i][1].start))
        self._rows = order
        self._starts = [(rows[i][0], rows[i][1].start) for i in order]
        self._ends = [(rows[i][0], rows[i][1].end) for i in order]

    def sentences(self, quote: str, place: str) -> list[int]:
        """Return the sentences; raise CorpusError with `place` and the nearest text where the quote is in none."""
        spans = self._locator.find(quote)
        found = [self._rows[i] for i in overlapping(spans, self._starts, self._ends)]
        if not found:
            raise CorpusError(
                f"{place}: the quote “{quote[:80]}” is not in the corpus; the nearest is “{self._locator.nearest(quote)}”."
            )
        return found


def _question(line: str, place: str, resolver: Resolver) -> IndexedQuestion:
    entry = Entry.from_json(line, place)
    sentences = (s for quote in entry.quotes for s in resolver.sentences(quote, place))
    return IndexedQuestion(entry.question, entry.kind, tuple(dict.fromkeys(sentences)))


def _is_text(value: Any) -> bool:
    """Tell whether the value is a text with something in it; a lone surrogate is none."""
    return isinstance(value, str) and bool(value.strip()) and not any("\ud800" <= c <= "\udfff" for c in value)
