"""Read one line of `questions.jsonl` into a Question, or say what is wrong with it."""

import json
from typing import Any

from index.errors import CorpusError
from index.evaluation.domain import Gold, Question
from index.evaluation.wording import compact

_REQUIRED = ("id", "question", "kind", "split", "origin", "answerable", "answers")


def question_from_json(text: str, place: str, *, line: int = 0) -> Question:
    """Return the question on this line; raise CorpusError with `place` and what is wrong. Unknown names are let be."""
    question = _question(_entry(text, place), place, line)
    _refuse_contradictions(question, place)
    return question


def _entry(text: str, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(text)
        text.encode()
        json.dumps(entry, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: not JSON: {error.msg} at character {error.colno}.") from None
    except (ValueError, RecursionError):  # of which a lone surrogate's error is one
        raise CorpusError(f"{place}: the line holds a lone surrogate or too long a number, or is nested too deeply.") from None
    if not isinstance(entry, dict):
        raise CorpusError(f"{place}: expected a JSON object.")
    missing = [name for name in _REQUIRED if name not in entry]
    if missing:
        raise CorpusError(f"{place}: {missing[0]!r} is missing.")
    return entry


def _question(entry: dict[str, Any], place: str, line: int) -> Question:
    return Question(
        id=_word(entry, "id", place), question=_text(entry, "question", place), kind=_text(entry, "kind", place),
        split=_one_of(entry, "split", ("dev", "test"), place), origin=_text(entry, "origin", place),
        answerable=_one_of(entry, "answerable", ("yes", "partly", "no"), place), answers=_answers(entry, place),
        previous=_previous(entry, place), references=_references(entry, place), dependent=_dependent(entry, place),
        corrects=_text(entry, "corrects", place) if entry.get("corrects") is not None else None, line=line,
    )  # fmt: skip


def _refuse_contradictions(question: Question, place: str) -> None:
    gold = bool(question.answers or question.references)
    if question.answerable == "no" and gold:
        raise CorpusError(f"{place}: 'answerable' is 'no' but there are answers.")
    if question.answerable != "no" and not gold:
        raise CorpusError(f"{place}: 'answerable' is {question.answerable!r} but there is neither a quote nor a 'reference'.")
    if question.parts and any(gold.part is None for gold in question.answers):
        raise CorpusError(f"{place}: some quotes name a 'part' and some do not.")
    if question.dependent and not question.previous:
        raise CorpusError(f"{place}: 'dependent' is true but 'previous' is empty.")


def _text(entry: dict[str, Any], name: str, place: str) -> str:
    value = entry[name]
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{place}: {name!r} must be a text, not {value!r}.")
    return value


def _word(entry: dict[str, Any], name: str, place: str) -> str:
    value = _text(entry, name, place)
    if value.split() != [value]:
        raise CorpusError(f"{place}: {name!r} must be one word, not {value!r}.")
    return value


def _one_of(entry: dict[str, Any], name: str, expected: tuple[str, ...], place: str) -> Any:
    if entry[name] not in expected:
        raise CorpusError(f"{place}: {name!r} is {entry[name]!r}; expected one of {', '.join(expected)}.")
    return entry[name]


def _answers(entry: dict[str, Any], place: str) -> tuple[Gold, ...]:
    answers = entry["answers"]
    if not isinstance(answers, list) or not all(isinstance(a, dict) and "quote" in a for a in answers):
        raise CorpusError(f"{place}: 'answers' must be a list of objects with a 'quote'.")
    for answer in answers:
        if not compact(_text(answer, "quote", place)):
            raise CorpusError(f"{place}: 'quote' holds no words.")
        if answer.get("part") is not None and not _is_number(answer["part"]):
            raise CorpusError(f"{place}: 'part' must be a number from 1, not {answer['part']!r}.")
    return tuple(Gold(answer["quote"], answer.get("part")) for answer in answers)


def _previous(entry: dict[str, Any], place: str) -> tuple[str, ...]:
    previous = entry.get("previous") or []
    if not isinstance(previous, list) or not all(isinstance(p, str) and p.strip() for p in previous):
        raise CorpusError(f"{place}: 'previous' must be a list of questions, the oldest first.")
    return tuple(previous)


def _references(entry: dict[str, Any], place: str) -> tuple[int, ...]:
    value = entry.get("reference")
    numbers = [] if value is None else value if isinstance(value, list) else [value]
    if not all(_is_number(n) for n in numbers):
        raise CorpusError(f"{place}: 'reference' must be a reference's number or a list of them, not {value!r}.")
    return tuple(numbers)


def _dependent(entry: dict[str, Any], place: str) -> bool:
    value = entry.get("dependent") or False
    if not isinstance(value, bool):
        raise CorpusError(f"{place}: 'dependent' must be true or false, not {value!r}.")
    return value


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 1
