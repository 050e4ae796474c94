from pathlib import Path

import numpy as np
import pytest

from index import exporting
from index.encoder import SentenceTransformersEncoder
from index.evaluation.question_set import read_question_set
from index.exporting import store_query_encoder
from index.query_encoder import Facts, StoredEncoder
from index.searcher import Searcher
from tests.conftest import ROOT

pytestmark = pytest.mark.real

QUESTIONS = [q.question for q in read_question_set(ROOT / "corpus/questions.jsonl")]


@pytest.fixture(scope="module")
def stored(real_encoder: SentenceTransformersEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "encoder"
    assert store_query_encoder(real_encoder, folder, before=None) is None
    return folder


def test_vectors_are_those_of_torch(real_encoder: SentenceTransformersEncoder, stored: Path) -> None:
    """Vector and token states of 120 questions have a cosine of at least 0.999999 with torch's; the tokens are the same."""
    encoder = StoredEncoder(stored)
    for question in QUESTIONS[::6][:120]:
        expected, found = real_encoder.encode_question(question), encoder.encode_question(question)

        assert np.array_equal(expected.offsets, found.offsets)
        assert expected.vector @ found.vector >= 0.999999
        assert (expected.states * found.states).sum(axis=1).min() >= 0.999999


def test_answers_are_those_of_torch(searcher: Searcher, stored: Path) -> None:
    """The same passages with the same marks in the same order answer, whichever way the question was read."""
    light = Searcher(searcher.index, StoredEncoder(stored))
    for question in QUESTIONS[::27]:
        expected, found = searcher.ask(question), light.ask(question)
        quoted = [[(q.document.id, q.start, q.highlights) for q in a.passages + a.nearest] for a in (expected, found)]

        assert (found.status, quoted[1]) == (expected.status, quoted[0])
        assert found.confidence == pytest.approx(expected.confidence, abs=0.001)


def test_facts_are_the_encoders(real_encoder: SentenceTransformersEncoder, stored: Path) -> None:
    """What is stored says which weights it was made of, how much it reads and in which precision."""
    facts = Facts.read(stored)

    assert (facts.name, facts.weights_sha256) == (real_encoder.name, real_encoder.weights_sha256)
    assert (facts.limit, facts.reads, facts.precision) == (254, 256, "fp32")


def test_same_encoder_is_not_exported_again(
    real_encoder: SentenceTransformersEncoder, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While encoder and exporter are the same it is copied; by another exporter it is made anew."""
    monkeypatch.setattr(exporting, "_graph", lambda network: pytest.fail("exported again"))
    assert store_query_encoder(real_encoder, tmp_path / "copy", before=stored) is None
    assert (tmp_path / "copy/query.weights").stat().st_size == (stored / "query.weights").stat().st_size

    monkeypatch.setattr(exporting, "exporters", lambda: {"torch": "0"})
    with pytest.raises(pytest.fail.Exception, match="exported again"):
        store_query_encoder(real_encoder, tmp_path / "anew", before=stored)


def test_graph_with_other_vectors_is_not_stored(
    real_encoder: SentenceTransformersEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph that does not give what torch gives is not kept, and that is said."""
    read = StoredEncoder.encode_question
    monkeypatch.setattr(StoredEncoder, "encode_question", lambda self, text: read(self, text.replace("?", "!")))

    assert store_query_encoder(real_encoder, tmp_path / "bad", before=None) == "its exported network gives other vectors."
    assert not (tmp_path / "bad").exists()
