"""Read the editor's index of questions: what the article answers, and where, and what it does not.

No part of it is ever shown as an answer; an answered question is one more key under which its sentences
are found, a gap is a question known not to be answered.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from index.corpus_files import reading, text_of
from index.domain import CutDocument
from index.errors import CorpusError
from index.locating import Locator, nearest, overlapping, squash

_AT_A_TIME = 10_000
"""Questions whose quotes are looked for in one pass over the documents."""
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


def read_question_index(path: Path, documents: Iterable[CutDocument]) -> Iterator[IndexedQuestion]:
    """Yield the questions with their quotes resolved to sentences; none where there is no such file.

    They are read some at a time, with one pass over the documents for these.
    Raises CorpusError, with file and line, for a malformed line or a quote that is nowhere in the corpus.
    """
    entries = _entries(path) if path.is_file() else iter(())
    while some := list(islice(entries, _AT_A_TIME)):
        sentences = sentences_that_say({quote for _, entry in some for quote in entry.quotes}, documents)
        for place, entry in some:
            lost = next((quote for quote in entry.quotes if not sentences[quote]), None)
            if lost is not None:
                raise CorpusError(lost_quote(lost, place, documents))
            rows = dict.fromkeys(row for quote in entry.quotes for row in sentences[quote])
            yield IndexedQuestion(entry.question, entry.kind, tuple(rows))


def sentences_that_say(quotes: Iterable[str], documents: Iterable[CutDocument]) -> dict[str, list[int]]:
    """Return for each quote the sentences (rows) that say it, in their order; in one pass over the documents."""
    squashed = {quote: squash(quote) for quote in quotes}
    found: dict[str, list[int]] = {quote: [] for quote in squashed}
    first = 0
    for document in documents:
        locator = Locator(document.document)
        sentences = document.sentences
        starts, ends = [s.start for s in sentences], [s.end for s in sentences]
        for quote, wanted in squashed.items():
            found[quote] += (first + at for at in overlapping(locator.find_squashed(wanted), starts, ends))
        first += len(starts)
    return found


def lost_quote(quote: str, place: str, documents: Iterable[CutDocument]) -> str:
    """Return what is said of a quote that no sentence says, with the nearest text."""
    like = nearest(quote, (cut.document for cut in documents))
    return f"{place}: the quote “{quote[:80]}” is not in the corpus; the nearest is “{like}”."


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


def _entries(path: Path) -> Iterator[tuple[str, Entry]]:
    """Yield each question and where it is written."""
    with reading(), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            text = text_of(line.removeprefix(BOM_UTF8) if number == 1 else line, file=path.name, line=number)
            place = f"{path.name}:{number}"
            if text.strip():
                yield place, Entry.from_json(text, place)


def _is_text(value: Any) -> bool:
    """Tell whether the value is a text with something in it; a lone surrogate is none."""
    return isinstance(value, str) and bool(value.strip()) and not any("\ud800" <= c <= "\udfff" for c in value)
