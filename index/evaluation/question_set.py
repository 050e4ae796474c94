"""Read `questions.jsonl`, the questions of the offline evaluation, and check their gold against the corpus."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from index.corpus_files import read_text
from index.domain import Document
from index.errors import CorpusError
from index.evaluation.domain import Question, Split
from index.evaluation.question_lines import question_from_json
from index.evaluation.wording import compact, nearest_text


def read_question_set(path: Path) -> tuple[Question, ...]:
    """Return the questions in the file's order; raise CorpusError with file, line and what is wrong."""
    if not path.is_file():
        raise CorpusError(f"{path}: there is no such file; a question set is one JSON object a line.")
    questions: dict[str, Question] = {}
    for number, line in enumerate(read_text(path).removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        question = question_from_json(line, place, line=number)
        if question.id in questions:
            raise CorpusError(f"{place}: the id {question.id!r} is already on line {questions[question.id].line}.")
        questions[question.id] = question
    if not questions:
        raise CorpusError(f"{path.name}:1: there is no question in it.")
    return tuple(questions.values())


def of_split(questions: Iterable[Question], split: Split | None) -> tuple[Question, ...]:
    """Return the questions of one split, or all of them where none is named."""
    return tuple(q for q in questions if split is None or q.split == split)


def split_digest(questions: Iterable[Question], split: Split | None = None) -> str:
    """Return the sha256 over the questions of a split, in whatever order and on whatever lines they stand."""
    chosen = sorted(of_split(questions, split), key=lambda q: q.id)
    entries = [{**asdict(q), "line": 0} for q in chosen]
    return hashlib.sha256(json.dumps(entries, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_quotes(questions: Iterable[Question], documents: Sequence[Document], *, file: str = "questions.jsonl") -> None:
    """Raise CorpusError, a line for each gold quote that is nowhere in the documents, with the nearest text."""
    texts = [compact(document.text) for document in documents]
    lost = [
        _lost(quote, documents, f"{file}:{question.line}")
        for question in questions
        for quote in _quotes(question)
        if not any(compact(quote) in text for text in texts)
    ]
    if lost:
        raise CorpusError("\n".join(lost))


def _quotes(question: Question) -> tuple[str, ...]:
    corrects = (question.corrects,) if question.corrects else ()
    return (*(gold.quote for gold in question.answers), *corrects)


def _lost(quote: str, documents: Sequence[Document], place: str) -> str:
    document, text = nearest_text(quote, documents)
    return f"{place}: the quote “{quote}” is nowhere in the corpus; the nearest text is “{text}” in {document}."
