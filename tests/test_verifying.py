import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from index.corpus import read_corpus
from index.domain import Answer
from index.searcher import Searcher
from index.verifying import BadAnswer, quoted_in_answer, quoted_in_index, verify
from tests.conftest import ARTICLE

GALE = "A November gale swept the first barrack away."


def change(folder: Path, before: str, after: str) -> None:
    (folder / "article.md").write_text(ARTICLE.replace(before, after), encoding="utf-8")


def test_an_unchanged_corpus_keeps_every_quotation(toy_searcher: Searcher, toy_corpus: Path) -> None:
    """Every passage of an index stands in the corpus it was made from."""
    found = verify(quoted_in_index(toy_searcher.index), read_corpus(toy_corpus))

    assert found.quotations == found.stand == len(toy_searcher.index.passages) > 0
    assert found.failed == ()


def test_a_changed_corpus_names_what_no_longer_stands(toy_searcher: Searcher, toy_corpus: Path) -> None:
    """A changed word loses the passage that holds it; passages behind it that are moved are told with their new place."""
    change(toy_corpus, "Forty masons", "Four hundred masons")

    corpus = read_corpus(toy_corpus)
    found = verify(quoted_in_index(toy_searcher.index), corpus)
    lost = [v for v in found.failed if v.state == "lost"]
    moved = [v for v in found.failed if v.state == "moved"]
    assert len(lost) == 1
    assert "Forty masons" in lost[0].text
    assert moved
    assert all(v.now_at and corpus.document(v.document).text[slice(*v.now_at)] == v.text for v in moved)
    assert found.stand + len(found.failed) == found.quotations


def test_a_saved_answer_is_replayed(toy_searcher: Searcher, toy_corpus: Path) -> None:
    """A saved answer stands while the corpus does, and falls with the words it quotes."""
    answer = toy_searcher.ask("When did they start to build?", k=3)
    saved = TypeAdapter(Answer).dump_json(answer).decode()

    quoted = quoted_in_answer(saved, file="answer.json")
    assert len(quoted) == 6
    assert verify(quoted, read_corpus(toy_corpus)).failed == ()
    change(toy_corpus, GALE, "A gale swept it away.")
    failed = verify(quoted, read_corpus(toy_corpus)).failed
    assert any(GALE in v.text and v.state == "lost" and v.reason == "the document has changed" for v in failed)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("One hundred masons", "the document never had it there"),
        ("Work on", "the document never had it there"),
    ],
)
def test_a_forged_answer_falls(toy_searcher: Searcher, toy_corpus: Path, text: str, reason: str) -> None:
    """A quotation whose words were changed in the saved file, or whose offsets do not fit, does not stand."""
    saved = json.loads(TypeAdapter(Answer).dump_json(toy_searcher.ask("When did they start to build?", k=1)))
    passage = (saved["passages"] or saved["nearest"])[0]
    passage |= {"text": text, "start": passage["start"] + 1}

    (failed,) = verify(quoted_in_answer(json.dumps(saved), file="a.json"), read_corpus(toy_corpus)).failed
    assert failed.reason == reason


def test_forged_marks_fall(toy_searcher: Searcher, toy_corpus: Path) -> None:
    """The marked words of a saved answer are quotations too: changed, they do not stand."""
    saved = json.loads(TypeAdapter(Answer).dump_json(toy_searcher.ask("When did they start to build?", k=1)))
    (saved["passages"] or saved["nearest"])[0]["target"]["selector"][1]["exact"] = "Work never began."

    (failed,) = verify(quoted_in_answer(json.dumps(saved), file="a.json"), read_corpus(toy_corpus)).failed
    assert (failed.text, failed.state) == ("Work never began.", "lost")


@pytest.mark.parametrize(
    "saved", ["", "[]", "{}", "null", '{"passages": [{}], "nearest": []}', '{"passages": 3, "nearest": []}']
)
def test_what_is_no_answer_is_refused(saved: str) -> None:
    """A file that is no saved answer is named in one sentence."""
    with pytest.raises(BadAnswer, match=r"^a\.json: not an answer of /ask\.json: "):
        quoted_in_answer(saved, file="a.json")


def test_a_document_that_is_gone_loses_its_quotations(toy_searcher: Searcher, toy_corpus: Path) -> None:
    """Quotations from a document that the corpus no longer has are lost."""
    quoted = [q for q in quoted_in_index(toy_searcher.index) if q.document.startswith("annotation")]
    (toy_corpus / "references.json").write_text("[]", encoding="utf-8")
    change(toy_corpus, "A. Reed", "A. Reed")

    failed = verify(quoted, read_corpus(toy_corpus)).failed
    assert quoted
    assert {v.reason for v in failed} == {"the document is no longer in the corpus"}
