import json
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.corpus import read_corpus
from index.encoder import Floats
from index.errors import CorpusError
from index.evaluation.domain import Question
from index.question_checks import Checked, check_question_index, question_vectors, same_words
from tests.conftest import QUESTIONS, ToyEncoder, silent

LAMP = "What fuel did the lamp burn?"
OIL = "Whale oil burned in four wicks."


def answered(question: str, *quotes: str) -> dict[str, Any]:
    return {"question": question, "kind": "fact", "answers": [{"quote": quote} for quote in quotes or (OIL,)]}


def gap(question: str) -> dict[str, Any]:
    return {"question": question, "kind": "gap"}


def check(folder: Path, lines: Sequence[Any], **given: Any) -> Checked:
    """Check a question index of these lines: bytes as they are, everything else as JSON."""
    path = folder / "question_index.jsonl"
    path.write_bytes(b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines))
    return check_question_index(path, read_corpus(folder), **given)


def alike(texts: Sequence[str]) -> Floats:
    """Return the same vector for all texts."""
    return np.tile(np.asarray([0.6, 0.8], dtype=np.float32), (len(texts), 1))


def apart(texts: Sequence[str]) -> Floats:
    """Return vectors of which any two are at right angles."""
    return np.eye(len(texts), dtype=np.float32)


def found(checked: Checked) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in checked.problems]


def test_sound_index_has_no_problem(toy_corpus: Path) -> None:
    """Where nothing is wrong nothing is said, and answered questions and gaps are counted."""
    checked = check(toy_corpus, QUESTIONS, vectors=apart)

    assert checked == Checked(questions=4, answered=3, gaps=1, evaluated=0, by_vector=True, problems=())


def test_byte_order_mark_is_no_problem(toy_corpus: Path) -> None:
    """What `build` accepts is not said to be wrong."""
    path = toy_corpus / "question_index.jsonl"
    path.write_bytes(BOM_UTF8 + path.read_bytes())

    assert check_question_index(path, read_corpus(toy_corpus)).problems == ()


def test_every_problem_is_listed(toy_corpus: Path) -> None:
    """All that is wrong is found at once, also two lost quotes of one line, each with file and line."""
    lines = [
        answered(LAMP),
        b"{",
        b"",
        b"\xff",
        gap("?!"),
        answered("Who?", "Whale oil burnt", "Six lenses turned"),
        gap("Why?"),
    ]
    checked = check(toy_corpus, lines)

    assert found(checked) == [(2, "malformed"), (4, "malformed"), (5, "malformed"), (6, "lost_quote"), (6, "lost_quote")]
    assert all(p.message.startswith(f"question_index.jsonl:{p.line}: ") for p in checked.problems)
    assert "the nearest is “Whale oil burn”" in checked.problems[3].message
    assert (checked.questions, checked.answered, checked.gaps) == (3, 2, 1)


@pytest.mark.parametrize("line", [b"[" * 100_000, b"1" * 5_000, b'{"question": "Q?"}', b"5", b"\xef\xbb\xbf{}", b'"\\ud800"'])
def test_strange_line_is_a_problem(toy_corpus: Path, line: bytes) -> None:
    """Whatever a line holds, it is a problem with its place and never a crash."""
    assert found(check(toy_corpus, [answered(LAMP), line])) == [(2, "malformed")]


def test_quote_of_a_heading_is_lost(toy_corpus: Path) -> None:
    """A quote leads to sentences, and a heading is none."""
    assert found(check(toy_corpus, [answered(LAMP, "The building")])) == [(1, "lost_quote")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What fuel did the lamp burn?", "what  FUEL did the lamp – burn"),
        ("Who is the U.S. envoy?", "Who is the US envoy"),
        ("What's “fog”?", "whats fog"),
        ("When did Su-35 talks end?", "When did Su 35 talks end?"),
        ("the cafe\u0301", "the café"),
    ],
)
def test_same_words_are_a_duplicate(toy_corpus: Path, one: str, other: str) -> None:
    """Two questions of the same words are one, capitals and punctuation aside."""
    checked = check(toy_corpus, [answered(one), gap("Why?"), answered(other)])

    assert found(checked) == [(3, "duplicate")]
    assert checked.problems[0].message.endswith("is already on line 1.")


@pytest.mark.parametrize(
    ("one", "other"), [("Was it 3.5 miles?", "Was it 35 miles?"), ("Was it 1838?", "Was it 1839?"), ("a b", "b a")]
)
def test_other_words_are_none(one: str, other: str) -> None:
    """A digit, a decimal point or another order makes another question."""
    assert same_words(one) != same_words(other)


@pytest.mark.parametrize("lines", [[answered(LAMP), gap(LAMP)], [gap(LAMP), answered(LAMP)]])
def test_gap_that_is_answered_is_a_contradiction(toy_corpus: Path, lines: list[Any]) -> None:
    """A question that is answered and a gap contradicts itself, whichever stands first, and is named once."""
    checked = check(toy_corpus, lines, vectors=alike)

    assert found(checked) == [(2, "contradiction")]
    assert f"is a gap on line {1 + ('answers' in lines[0])} and answered on line" in checked.problems[0].message


def test_gap_near_an_answered_question_is_a_contradiction(toy_corpus: Path) -> None:
    """A gap whose vector nearly equals that of an answered question is named with it; one that is apart is not."""
    lines = [answered(LAMP), gap("Which fuel did the lamp burn?")]
    near, far, unasked = (check(toy_corpus, lines, vectors=vectors) for vectors in (alike, apart, None))

    assert found(near) == [(2, "contradiction")]
    assert f"nearly equals “{LAMP}”, which is answered on line 1 (cosine 1.00)" in near.problems[0].message
    assert found(far) == found(unasked) == []
    assert not unasked.by_vector


def test_question_of_the_evaluation_set_is_an_overlap(toy_corpus: Path) -> None:
    """A question by which we are measured must not stand in the index, answered or gap."""
    asked = Question("q7", "What FUEL did the lamp burn", "fact", "test", "blind", "no")
    checked = check(toy_corpus, [gap(LAMP)], evaluated=[asked])

    assert found(checked) == [(1, "overlap")]
    assert checked.problems[0].message.endswith("is the question q7 of the evaluation set.")
    assert checked.evaluated == 1


def test_missing_question_index_is_a_mistake(tmp_path: Path, toy_corpus: Path) -> None:
    """Where there is no question index there is nothing to check, and that is said."""
    with pytest.raises(CorpusError, match=r"there is no such file; a question index is one JSON object a line\.$"):
        check_question_index(tmp_path / "question_index.jsonl", read_corpus(toy_corpus))


@pytest.mark.parametrize("damaged", [False, True])
def test_vectors_are_taken_from_the_index(built: Path, toy_encoder: ToyEncoder, damaged: bool) -> None:
    """What the index holds is not encoded again; a damaged index is not trusted."""
    if damaged:
        next(built.glob("generation-*/questions/vectors.npy")).write_bytes(b"")
    questions = [QUESTIONS[0]["question"], "Is it new?"]
    vectors = question_vectors(questions, toy_encoder, built, progress=silent)

    assert set(toy_encoder.read) == set(questions if damaged else questions[1:])
    assert np.allclose(vectors, [e.vector for e in ToyEncoder().encode(questions)])
