"""Check the question index: malformed lines, lost quotes, questions that are there twice or contradict each other.

Two questions are the same when their words are, capitals and punctuation aside; a gap nearly equals an answered
question when the cosine of their vectors is at least NEARLY_EQUAL.
"""

import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from index.arrays import TokenStates
from index.domain import Corpus
from index.encoded_texts import Progress, encode
from index.encoder import Encoder, Floats
from index.errors import CorpusError, MissingIndex, StaleIndex
from index.evaluation.domain import Question
from index.generations import check_files, current, read_manifest
from index.passages import cut_all_whole
from index.questions import Entry, lost_quote, sentences_that_say
from index.texts import whole_text

NEARLY_EQUAL = 0.97
_AT_A_TIME = 1000
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[.'’][^\W\d_]+)*")

ProblemKind = Literal["malformed", "lost_quote", "duplicate", "contradiction", "overlap"]
Vectors = Callable[[Sequence[str]], Floats]
"""Returns the vectors of questions, (N, dimensions), each of unit length."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a line of the question index; `message` names file, line and what it is."""

    line: int
    kind: ProblemKind
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How many questions there are and what is wrong with them; without `by_vector` they were compared by words alone."""

    questions: int
    answered: int
    gaps: int
    evaluated: int
    by_vector: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    entry: Entry

    @property
    def is_gap(self) -> bool:
        return self.entry.kind == "gap"


def check_question_index(
    path: Path, corpus: Corpus, *, evaluated: Sequence[Question] = (), vectors: Vectors | None = None
) -> Checked:
    """Return everything that is wrong with the question index, by line.

    Raises CorpusError where there is no such file.
    """
    if not path.is_file():
        raise CorpusError(f"{path}: there is no such file; a question index is one JSON object a line.")
    read = tuple(_read(path))
    lines = [line for line in read if isinstance(line, _Line)]
    problems = [problem for problem in read if isinstance(problem, Problem)]
    problems += _lost_quotes(lines, corpus, path.name)
    problems += _same_words(lines, path.name)
    problems += _overlaps(lines, evaluated, path.name)
    if vectors:
        problems += _nearly_equal(lines, vectors, path.name)
    gaps = sum(line.is_gap for line in lines)
    return Checked(
        len(lines), len(lines) - gaps, gaps, len(evaluated), vectors is not None,
        tuple(sorted(problems, key=lambda p: p.line)),
    )  # fmt: skip


def question_vectors(
    questions: Sequence[str], encoder: Encoder, index_folder: Path, *, progress: Progress
) -> Floats:  # fmt: skip
    """Return the vectors of questions, those that the current index holds taken from there."""
    try:
        generation = current(index_folder)
        check_files(generation, read_manifest(generation))
        before = TokenStates.open(generation / "questions")
    except (MissingIndex, StaleIndex):
        before = None
    texts = [whole_text(question) for question in questions]
    states, _ = encode(
        texts, encoder, before=before, progress=progress, what="encoding questions", keep_states=False,
        read=encoder.encode_questions,
    )  # fmt: skip
    return states.vectors


def same_words(question: str) -> str:
    """Return the words of a question in their order, capitals and punctuation aside; decimal numbers stay whole."""
    text = unicodedata.normalize("NFKC", question).casefold()
    return " ".join(re.sub(r"[.'’]", "", word) if not word[0].isdigit() else word for word in _WORD.findall(text))


def _read(path: Path) -> Iterator[_Line | Problem]:
    """Yield each line, or what is wrong with it."""
    for number, line in enumerate(path.read_bytes().removeprefix(BOM_UTF8).split(b"\n"), start=1):
        place = f"{path.name}:{number}"
        if not line.strip():
            continue
        try:
            entry = Entry.from_json(line.decode(), place)
        except UnicodeDecodeError:
            yield Problem(number, "malformed", f"{place}: the line is not UTF-8 text.")
        except CorpusError as error:
            yield Problem(number, "malformed", str(error))
        else:
            if same_words(entry.question):
                yield _Line(number, entry)
            else:
                yield Problem(number, "malformed", f"{place}: the question “{entry.question}” has no word in it.")


def _lost_quotes(lines: Sequence[_Line], corpus: Corpus, file: str) -> Iterator[Problem]:
    texts = cut_all_whole(corpus.documents)
    sentences = sentences_that_say({quote for line in lines for quote in line.entry.quotes}, texts)
    for line in lines:
        for quote in dict.fromkeys(line.entry.quotes):
            if not sentences[quote]:
                yield Problem(line.number, "lost_quote", lost_quote(quote, f"{file}:{line.number}", texts))


def _same_words(lines: Iterable[_Line], file: str) -> Iterator[Problem]:
    """Yield a problem for each question that is the same as one before it."""
    first: dict[str, _Line] = {}
    for line in lines:
        before = first.setdefault(same_words(line.entry.question), line)
        if before is line:
            continue
        place = f"{file}:{line.number}"
        if before.is_gap == line.is_gap:
            message = f"{place}: “{line.entry.question}” is already on line {before.number}."
            yield Problem(line.number, "duplicate", message)
        else:
            gap, answered = (line, before) if line.is_gap else (before, line)
            message = f"{place}: “{line.entry.question}” is a gap on line {gap.number} and answered on line {answered.number}."
            yield Problem(line.number, "contradiction", message)


def _overlaps(lines: Iterable[_Line], evaluated: Iterable[Question], file: str) -> Iterator[Problem]:
    asked = {same_words(question.question): question.id for question in evaluated}
    for line in lines:
        id = asked.get(same_words(line.entry.question))
        if id is not None:
            message = f"{file}:{line.number}: “{line.entry.question}” is the question {id} of the evaluation set."
            yield Problem(line.number, "overlap", message)


def _nearly_equal(lines: Sequence[_Line], vectors: Vectors, file: str) -> Iterator[Problem]:
    """Yield a problem for each gap whose nearest answered question of other words nearly equals it."""
    gaps, answered = [line for line in lines if line.is_gap], [line for line in lines if not line.is_gap]
    if not gaps or not answered:
        return
    found = vectors([line.entry.question for line in (*gaps, *answered)])
    of_gaps, of_answered = found[: len(gaps)], found[len(gaps) :]
    for at in range(0, len(gaps), _AT_A_TIME):
        cosines = np.round(of_gaps[at : at + _AT_A_TIME] @ of_answered.T, 4)
        for gap, row in zip(gaps[at : at + _AT_A_TIME], cosines, strict=True):
            near = answered[int(row.argmax())]
            if row.max() >= NEARLY_EQUAL and same_words(near.entry.question) != same_words(gap.entry.question):
                yield Problem(
                    gap.number, "contradiction",
                    f"{file}:{gap.number}: the gap “{gap.entry.question}” nearly equals “{near.entry.question}”, "
                    f"which is answered on line {near.number} (cosine {row.max():.2f}).",
                )  # fmt: skip
