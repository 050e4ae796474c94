import json
from pathlib import Path

import pytest

from index.corpus import read_corpus
from index.errors import CorpusError
from index.question_coverage import Coverage, cover
from tests.conftest import QUESTIONS


def covered(folder: Path) -> Coverage:
    return cover(folder / "question_index.jsonl", read_corpus(folder))


def test_unreached_sentences_are_listed_with_their_place(toy_corpus: Path) -> None:
    """A sentence that no question leads to is listed verbatim, where it stands; the share counts the others."""
    coverage = covered(toy_corpus)
    text = read_corpus(toy_corpus).document("article").text

    assert coverage.reached == 4
    assert coverage.reached + len(coverage.unreached) == coverage.sentences
    assert coverage.share == round(4 / coverage.sentences, 4)
    first = coverage.unreached[0]
    assert (first.document, first.paragraph, first.text[:12]) == ("article", 1, "Forty masons")
    assert all(text[s.start : s.end] == s.text for s in coverage.unreached if s.document == "article")


def test_article_alone_is_counted(toy_corpus: Path) -> None:
    """Body, abstract and front matter are to be reached; entries of the bibliography and the editors' words are not."""
    assert {s.role for s in covered(toy_corpus).unreached} == {"body", "metadata"}


def test_gap_reaches_nothing(toy_corpus: Path) -> None:
    """A gap that touches a sentence does not answer anything with it."""
    gaps = [question for question in QUESTIONS if question["kind"] == "gap"]
    (toy_corpus / "question_index.jsonl").write_text("".join(json.dumps(gap) + "\n" for gap in gaps), encoding="utf-8")

    assert covered(toy_corpus).reached == 0


def test_missing_question_index_is_a_mistake(toy_corpus: Path) -> None:
    """Without a question index coverage means nothing, and that is said."""
    (toy_corpus / "question_index.jsonl").unlink()

    with pytest.raises(CorpusError, match=r"question_index\.jsonl: there is no such file"):
        covered(toy_corpus)
