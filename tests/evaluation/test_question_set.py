"""The question set: what is read, what is refused and where, and the gold against the corpus."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.documents import make_document
from index.domain import Document
from index.errors import CorpusError
from index.evaluation.domain import Gold
from index.evaluation.question_set import check_quotes, of_split, read_question_set, split_digest
from tests.evaluation.making import question

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def entry(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "q1", "question": "Who came?", "kind": "fact", "split": "dev", "origin": "close", "answerable": "yes",
        "answers": [{"quote": "Ayub Khan came."}], "previous": [],
    }  # fmt: skip
    return plain | fields


def written(folder: Path, *entries: dict[str, Any] | str) -> Path:
    path = folder / "questions.jsonl"
    lines = (e if isinstance(e, str) else json.dumps(e) for e in entries)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def document(*blocks: str) -> Document:
    return make_document(list(blocks), id="article", kind="article", title="T", role="body", article="article")


def test_a_line_becomes_a_question(tmp_path: Path) -> None:
    """Every field of a line arrives, a single reference as a tuple of one, and the line's number with it."""
    answers = [{"quote": "one", "part": 1}, {"quote": "two", "part": 2}]
    follow_up = entry(id="q2", answers=answers, previous=["Before?"], dependent=True, reference=[16, 22])
    path = written(tmp_path, entry(reference=14), "", follow_up)

    first, second = read_question_set(path)

    assert (first.references, first.line, first.parts) == ((14,), 1, frozenset())
    assert second.answers == (Gold("one", 1), Gold("two", 2))
    assert second.parts == {1, 2}
    assert (second.references, second.previous, second.dependent, second.line) == ((16, 22), ("Before?",), True, 3)


def test_unknown_names_are_let_be(tmp_path: Path) -> None:
    """Somebody else's set may say more of its questions than we read."""
    assert len(read_question_set(written(tmp_path, entry(persona="analyst", conversation=3)))) == 1


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": "\\ud800"}', "lone surrogate"),
        (json.dumps({"id": "q2"}), "'question' is missing"),
        (entry(id="a b"), "'id' must be one word"),
        (entry(question=" "), "'question' must be a text"),
        (entry(kind=3), "'kind' must be a text, not 3"),
        (entry(split="train"), "'split' is 'train'; expected one of dev, test"),
        (entry(answerable=["yes"]), "'answerable' is ['yes']; expected one of yes, partly, no"),
        (entry(answers="quote"), "'answers' must be a list"),
        (entry(answers=["quote"]), "'answers' must be a list"),
        (entry(answers=[{"quote": "¹ *"}]), "'quote' holds no words"),
        (entry(answers=[{"quote": "a", "part": 0}]), "'part' must be a number from 1"),
        (entry(answers=[{"quote": "a", "part": True}]), "'part' must be a number from 1"),
        (entry(answers=[{"quote": "a", "part": 1}, {"quote": "b"}]), "some quotes name a 'part'"),
        (entry(previous="before"), "'previous' must be a list"),
        (entry(reference="14"), "'reference' must be a reference's number"),
        (entry(dependent="yes"), "'dependent' must be true or false"),
        (entry(dependent=True), "'previous' is empty"),
        (entry(corrects=""), "'corrects' must be a text"),
        (entry(answers=[]), "neither a quote nor a 'reference'"),
        (entry(answerable="no"), "'answerable' is 'no' but there are answers"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: dict[str, Any] | str, wrong: str) -> None:
    """What is wrong with a line is said with the file and the line."""
    path = written(tmp_path, entry(id="fine"), line)

    with pytest.raises(CorpusError) as error:
        read_question_set(path)

    assert str(error.value).startswith("questions.jsonl:2: ")
    assert wrong in str(error.value)


def test_an_id_stands_for_one_question(tmp_path: Path) -> None:
    """The second question of an id is refused with the line of the first."""
    with pytest.raises(CorpusError, match=r"questions.jsonl:2: the id 'q1' is already on line 1"):
        read_question_set(written(tmp_path, entry(), entry(question="Another?")))


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    """A missing, an empty and a binary file are each a sentence, not an empty set."""
    with pytest.raises(CorpusError, match="no such file"):
        read_question_set(tmp_path / "none.jsonl")
    with pytest.raises(CorpusError, match="no question in it"):
        read_question_set(written(tmp_path, ""))
    (tmp_path / "binary.jsonl").write_bytes(b"\n\xff")
    with pytest.raises(CorpusError, match=r"binary.jsonl:2: the file is not UTF-8"):
        read_question_set(tmp_path / "binary.jsonl")


def test_a_split_is_known_by_its_questions() -> None:
    """The digest of a split turns with any of its questions, not with their order, lines or the other split."""
    a, b, c = question("a", "x", line=1), question("b", "y", line=2), question("c", "z", split="test")
    moved = question("a", "x", line=9)

    assert of_split((a, b, c), "test") == (c,)
    assert of_split((a, c), None) == (a, c)
    assert split_digest((b, moved), "dev") == split_digest((a, b, c), "dev")
    assert split_digest((a, question("b", "Y")), "dev") != split_digest((a, b), "dev")


def test_gold_stands_in_the_corpus_however_it_is_spaced() -> None:
    """Markers, emphasis and white space do not lose a quote."""
    known = document("The “pivot of history.” It cost $3.", "Second.")

    check_quotes([question("q1", "pivot  of\nhistory.”² It *cost*[^3] $3.")], [known])


def test_lost_gold_is_shown_with_the_nearest_text() -> None:
    """A quote that is nowhere is an error with file, line and the text that is most like it; all of them at once."""
    known = [document("Ayub Khan came to Moscow in 1965."), document("Other.")]
    lost = [question("q1", "Ayub Khan came to Moscow in 1966.", line=4), question("q2", corrects="No.", line=5)]

    with pytest.raises(CorpusError) as error:
        check_quotes(lost, known, file="mine.jsonl")

    first, second = str(error.value).split("\n")
    assert first.startswith("mine.jsonl:4: the quote “Ayub Khan came to Moscow in 1966.” is nowhere in the corpus")
    assert "“Ayub Khan came to Moscow in 1965.” in article" in first
    assert second.startswith("mine.jsonl:5: ")


def test_the_projects_own_questions_are_sound() -> None:
    """corpus/questions.jsonl can be read and every gold quote stands in the corpus."""
    from index.corpus import read_corpus

    questions = read_question_set(CORPUS / "questions.jsonl")

    check_quotes(questions, read_corpus(CORPUS).documents)
    assert {q.split for q in questions} == {"dev", "test"}
