import json
from pathlib import Path
from typing import Any

import pytest

from index.corpus import read_corpus
from index.domain import Corpus, CutDocument
from index.errors import CorpusError
from index.locating import squash
from index.passages import cut
from index.questions import IndexedQuestion, read_question_index, sentences_that_say

ARTICLE = "---\ntitle: A\n---\nOne is. Two is.[^1] Three is.\n\nFour is. One is.\n\n[^1]: A note.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "article.md").write_text(ARTICLE, encoding="utf-8")
    return read_corpus(tmp_path)


def read(folder: Path, corpus: Corpus, content: bytes | str | list[Any]) -> tuple[IndexedQuestion, ...]:
    path = folder / "question_index.jsonl"
    text = "".join(json.dumps(entry) + "\n" for entry in content) if isinstance(content, list) else content
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tuple(read_question_index(path, texts(corpus)))


def texts(corpus: Corpus) -> list[CutDocument]:
    return [CutDocument(d, tuple(cut(d, count_tokens=lambda text: len(text.split()), limit=4))) for d in corpus.documents]


def answered(*quotes: str) -> dict[str, Any]:
    return {"question": "What is?", "kind": "fact", "answers": [{"quote": quote} for quote in quotes]}


def test_answers_are_sentences_best_first(tmp_path: Path, corpus: Corpus) -> None:
    """The quotes of a question become the rows of their sentences, in the quotes' order and once each."""
    (question,) = read(tmp_path, corpus, [answered("Four is.", "Two is.", "is. Two is")])

    assert question == IndexedQuestion("What is?", "fact", (3, 1, 0))
    assert not question.is_gap


def test_quote_is_every_sentence_that_says_it(tmp_path: Path, corpus: Corpus) -> None:
    """A quote over several sentences is all of them, and one that stands twice is both places."""
    across, twice = read(tmp_path, corpus, [answered("Two is.[^1] Three"), answered("One is.")])

    assert across.sentences == (1, 2)
    assert twice.sentences == (0, 4)


def test_gap_touches_sentences_without_an_answer(tmp_path: Path, corpus: Corpus) -> None:
    """A gap knows the sentences it comes near to, or none."""
    near = {"question": "What is five?", "kind": "gap", "near": {"quote": "Four is."}}
    touching, bare = read(tmp_path, corpus, [near, {"question": "Six?", "kind": "gap"}])

    assert (touching.is_gap, touching.sentences) == (True, (3,))
    assert (bare.is_gap, bare.sentences) == (True, ())


def test_blank_lines_are_passed_over(tmp_path: Path, corpus: Corpus) -> None:
    """Empty lines, and a line separator inside a question, do not end a question."""
    line = json.dumps(answered("One is.") | {"question": "What\u2028is?"}, ensure_ascii=False)

    assert [q.question for q in read(tmp_path, corpus, f"\n{line}\n \n")] == ["What\u2028is?"]


def test_question_index_survives_other_editors(tmp_path: Path, corpus: Corpus) -> None:
    """A byte order mark and Windows line ends change nothing."""
    line = json.dumps(answered("One is."))

    assert len(read(tmp_path, corpus, f"\ufeff{line}\r\n\r\n{line}\r\n")) == 2


def test_no_file_is_no_questions(tmp_path: Path, corpus: Corpus) -> None:
    """The question index is optional."""
    assert not list(read_question_index(tmp_path / "question_index.jsonl", texts(corpus)))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"\xff\xfe", r":2: the file is not UTF-8 text\.$"),
        (b"{}\0", r":2: the file is not text: it holds a NUL byte\.$"),
        ("{", r":2: not JSON: "),
        ("[]", r":2: expected an object with 'question' and 'kind'\.$"),
        ('{"question": "Q?"}', r":2: expected an object with 'question' and 'kind'\.$"),
        ('{"question": " ", "kind": "gap"}', r":2: expected an object with 'question' and 'kind'\.$"),
        ('{"question": "\\ud800?", "kind": "gap"}', r":2: expected an object with 'question' and 'kind'\.$"),
        ('{"question": "Q?", "kind": "fact"}', r":2: an answered question needs 'answers' with at least one quote\.$"),
        (
            '{"question": "Q?", "kind": "fact", "answers": ["One is."]}',
            r":2: each answer must be an object with a 'quote'",
        ),
        ('{"question": "Q?", "kind": "fact", "answers": 5}', r":2: each answer must be an object with a 'quote'"),
        (
            json.dumps(answered("Two was.")),
            r":2: the quote “Two was\.” is not in the corpus; the nearest is “Two is\.”\.$",
        ),
    ],
)
def test_malformed_line_is_named(tmp_path: Path, corpus: Corpus, line: bytes | str, message: str) -> None:
    """What is wrong with the question index is said in one sentence, with file and line."""
    second = line if isinstance(line, bytes) else line.encode()

    with pytest.raises(CorpusError, match=f"^question_index\\.jsonl{message}"):
        read(tmp_path, corpus, b"\n" + second + b"\n")


def test_quote_is_made_ready_once_for_all_documents(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a quote is looked for by is made once, however many documents there are."""
    made: list[str] = []
    monkeypatch.setattr("index.questions.squash", lambda quote: (made.append(quote), squash(quote))[1])
    found = sentences_that_say(["Four is.", "Two is."], texts(corpus) * 3)

    assert made == ["Four is.", "Two is."]
    assert [len(rows) for rows in found.values()] == [3, 3]
