"""The stored query encoder, by one made by hand: a row of a table for each word, a text's vector their mean."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.build import build
from index.encoder import DEFAULT_ENCODER, UnknownEncoder
from index.errors import MissingIndex, StaleIndex
from index.freshness import require_fresh
from index.generations import current
from index.query_encoder import ENCODER, FACTS, GRAPH, TOKENIZER, Facts, StoredEncoder, open_query_encoder
from tests.conftest import ARTICLE, ROOT, ToyEncoder, silent

HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "matplotlib", "pypandoc", "chromadb", "nupunkt", "onnx")


def write_stored(folder: Path, *, name: str = "handmade", reads: int = 60) -> Path:
    """Write a query encoder whose tokenizer's file pads to three tokens and truncates at two."""
    folder.mkdir()
    words = ["[UNK]", *sorted(set(re.findall(r"\w+|[^\w\s]", ARTICLE.lower())))]
    tokenizer = Tokenizer(models.WordLevel({word: id for id, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=3)
    tokenizer.save(str(folder / TOKENIZER))
    table = np.random.default_rng(7).standard_normal((len(words), 16)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "tokens"], ["states"]),
            helper.make_node("ReduceMean", ["states"], ["vector"], axes=[1], keepdims=0),
        ],
        "handmade",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "count"])],
        [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, s)
            for n, s in (("states", [1, "count", 16]), ("vector", [1, 16]))
        ],
        [numpy_helper.from_array(table, "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save_model(made, folder / GRAPH)
    Facts(name, "a" * 64, reads, reads, "fp32", {}).write(folder)
    return folder


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return write_stored(tmp_path / "stored")


@pytest.fixture
def index(stored: Path, toy_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an index made with the encoder by hand, which is stored in it."""

    def store(encoder: object, folder: Path, *, before: Path | None) -> None:
        write_stored(folder)

    monkeypatch.setattr("index.build.store_query_encoder", store)
    build(toy_corpus, tmp_path / "handmade", StoredEncoder(stored), progress=silent)
    return tmp_path / "handmade"


def test_encoding_has_its_place_in_the_text(stored: Path) -> None:
    """Tokens have offsets in code points and states of length one, and the vector has length one too."""
    text = "Forty masons cut granite 🗼 masons"
    found = StoredEncoder(stored).encode_question(text)

    assert [text[a:b] for a, b in found.offsets] == ["Forty", "masons", "cut", "granite", "🗼", "masons"]
    assert found.tokens[1] == found.tokens[5]
    assert np.abs(np.linalg.norm(found.states, axis=1) - 1).max() < 1e-6
    assert abs(np.linalg.norm(found.vector) - 1) < 1e-6


def test_limit_is_the_encoders_own(stored: Path, tmp_path: Path) -> None:
    """As many tokens are read as the encoder reads, whatever the tokenizer's file says of truncation and padding."""
    text = "masons " * 90

    assert len(StoredEncoder(stored).encode_question(text).tokens) == 60
    assert len(StoredEncoder(write_stored(tmp_path / "short", reads=5)).encode_question(text).tokens) == 5
    assert len(StoredEncoder(stored).encode_question("masons").tokens) == 1
    assert StoredEncoder(stored).count_tokens(text) == 90


def test_company_changes_nothing(stored: Path) -> None:
    """A question is read alone, so that its numbers are the same to the last bit beside others."""
    encoder = StoredEncoder(stored)
    texts = ["Who lit the lamp?", "masons " * 30]
    alone = [encoder.encode_question(text) for text in texts]

    for one, together in zip(alone, encoder.encode_questions(texts), strict=True):
        assert one.vector.tobytes() == together.vector.tobytes()
        assert one.states.tobytes() == together.states.tobytes()


def test_threads_share_an_encoder(stored: Path) -> None:
    """Questions read at the same time, without a lock, have the numbers to the last bit that each has alone."""
    encoder = StoredEncoder(stored)
    texts = [f"{'masons ' * n}lit the lamp" for n in range(40)]
    alone = [encoder.encode_question(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(encoder.encode_question, texts * 5))

    assert [e.states.tobytes() + e.vector.tobytes() for e in together] == [
        e.states.tobytes() + e.vector.tobytes() for e in alone
    ] * 5


def test_precisions_are_not_mixed(stored: Path) -> None:
    """A query encoder of another precision than the vectors' is refused, with both named."""
    facts = json.loads((stored / FACTS).read_text(encoding="utf-8")) | {"precision": "int8"}
    (stored / FACTS).write_text(json.dumps(facts), encoding="utf-8")

    with pytest.raises(StaleIndex, match=r"is of precision int8, not fp32; run 'footnote build'\.$"):
        StoredEncoder(stored)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "handmade"}'])
def test_damaged_facts_are_stale(stored: Path, content: str) -> None:
    """Facts that cannot be read are named with the command that mends them."""
    (stored / FACTS).write_text(content, encoding="utf-8")

    with pytest.raises(StaleIndex, match=r"encoder\.json cannot be read; run 'footnote build'\.$"):
        StoredEncoder(stored)


def test_index_is_asked_by_its_own_encoder(index: Path, toy_corpus: Path) -> None:
    """The encoder that is stored in an index opens it, and it is fresh."""
    encoder = open_query_encoder(index, "handmade")

    assert isinstance(encoder, StoredEncoder)
    assert require_fresh(toy_corpus, index, encoder) is None


def test_index_without_one_is_asked_by_the_library(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the encoder could not be stored, the manifest says why, and the one of the setting asks."""
    toy = ToyEncoder()
    monkeypatch.setattr("index.encoder.open_encoder", lambda name: toy)
    manifest = json.loads((current(built) / "manifest.json").read_text(encoding="utf-8"))

    assert open_query_encoder(built, "toy") is toy
    assert manifest["query_encoder"] == "only encoders of one vector a text are exported."


def test_other_encoder_is_told(index: Path) -> None:
    """Where another encoder is set than the index was made with, both are named and neither is loaded."""
    with pytest.raises(StaleIndex, match=r"with the encoder handmade, not some/other; run 'footnote build'\.$"):
        open_query_encoder(index, "some/other")


def test_missing_index_is_told(tmp_path: Path) -> None:
    """Where there is no index the message names the command that makes it."""
    with pytest.raises(MissingIndex, match=r"run 'footnote build'\.$"):
        open_query_encoder(tmp_path, "handmade")


def test_index_of_before_is_stale(built: Path, toy_corpus: Path) -> None:
    """An index that says nothing of a query encoder was made before there were any, and is brought up to date."""
    path = current(built) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["query_encoder"]
    path.write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(StaleIndex, match=r"before indexes held an encoder for questions; run 'footnote build'\.$"):
        require_fresh(toy_corpus, built, ToyEncoder())


def test_changed_weights_are_noticed(tmp_path: Path) -> None:
    """Where weights lie under the encoder's name they decide; where there are none, what the index was made from."""
    encoder = StoredEncoder(write_stored(tmp_path / "stored", name=str(tmp_path / "network")))
    assert encoder.weights_sha256 == "a" * 64

    (tmp_path / "network").mkdir()
    (tmp_path / "network/model.safetensors").write_bytes(b"retrained")
    assert StoredEncoder(tmp_path / "stored").weights_sha256 not in ("a" * 64, "")


def test_library_that_is_not_installed_is_told(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without sentence-transformers an encoder that needs it says which package is missing and what brings it."""
    from index.encoder import SentenceTransformersEncoder

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(UnknownEncoder, match=r"needs the package sentence_transformers, .*; run 'pip install -e \.'\.$"):
        SentenceTransformersEncoder(DEFAULT_ENCODER).encode_question("Why?")


def test_asking_imports_nothing_heavy(index: Path, toy_corpus: Path) -> None:
    """Making the application, opening a fresh index and asking it imports neither torch nor what only building needs."""
    script = (
        "import sys; from pathlib import Path; import server.running\n"
        "from index.freshness import require_fresh; from index.query_encoder import open_query_encoder\n"
        "from index.searcher import Searcher\n"
        "corpus, index = map(Path, sys.argv[1:3]); encoder = open_query_encoder(index, 'handmade')\n"
        "require_fresh(corpus, index, encoder); searcher = Searcher.open(index, encoder)\n"
        "print(searcher.ask('How many masons cut granite?').passages[0].text)\n"
        "print([name for name in sys.argv[3].split(',') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, toy_corpus, index, ",".join(HEAVY)], cwd=ROOT, check=True, capture_output=True, text=True
    )  # fmt: skip
    text, heavy = done.stdout.splitlines()[-2:]

    assert "Forty masons cut granite" in text
    assert heavy == "[]"


def test_stored_folder_is_part_of_the_generation(index: Path) -> None:
    """What is stored is sealed with the rest, so that a damaged graph is noticed."""
    files = json.loads((current(index) / "manifest.json").read_text(encoding="utf-8"))["files"]

    assert {f"{ENCODER}/{name}" for name in (GRAPH, TOKENIZER, FACTS)} <= files.keys()
