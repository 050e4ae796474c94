"""Store the query encoder in an index: torch's network as one ONNX graph with two outputs, checked against torch.

A network that is not exported, or that gives other vectors when it is, is said to be so; then questions need torch.
"""

import io
import shutil
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder, Encoding, SentenceTransformersEncoder
from index.query_encoder import GRAPH, PRECISION, TOKENIZER, WEIGHTS, Facts, StoredEncoder

_OPSET = 17
_SAME = 0.999999
"""The least cosine of a vector or token state with torch's."""
_PROBES = (
    "Who was Pakistan's first ambassador to Moscow, and when was he sent there?",
    "Zürich, naïve café — “quoted” 🗼 日本語",
    "word " * 600,
    "?",
    "",
)
"""Short, long beyond what is read, empty, and with characters that tokenizers treat in different ways."""


class _CannotExport(Exception):
    """The network cannot be exported; the message says why."""


def exporters() -> dict[str, str]:
    """Return the versions of what exports, whatever they were built for; a graph made by others is made anew."""
    return {name: version(name).partition("+")[0] for name in ("torch", "onnx")}


def store_query_encoder(encoder: Encoder, folder: Path, *, before: Path | None) -> str | None:
    """Write the query encoder into a new folder, copied from `before` where that is the same; else return why it cannot be."""
    if before and before.is_dir() and _is_of(Facts.read(before), encoder):
        shutil.copytree(before, folder)
        return None
    try:
        _write(encoder, folder)
        _check(encoder, folder)
    except _CannotExport as reason:
        shutil.rmtree(folder, ignore_errors=True)
        return str(reason)
    return None


def _is_of(facts: Facts, encoder: Encoder) -> bool:
    made_from = (facts.name, facts.weights_sha256, facts.precision, facts.exporters)
    return made_from == (encoder.name, encoder.weights_sha256, PRECISION, exporters())


def _write(encoder: Encoder, folder: Path) -> None:
    import onnx

    if not isinstance(encoder, SentenceTransformersEncoder):
        raise _CannotExport("only encoders of one vector a text are exported.")
    network = encoder.network
    if network.default_prompt_name is not None:
        raise _CannotExport("it reads every text after a prompt.")
    tokenizer = getattr(network.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise _CannotExport("its tokenizer is none of the tokenizers package.")
    graph = _graph(network)
    folder.mkdir()
    onnx.save_model(graph, folder / GRAPH, save_as_external_data=True, location=WEIGHTS)
    shutil.copymode(folder / GRAPH, folder / WEIGHTS)  # else its owner alone can read it
    tokenizer.save(str(folder / TOKENIZER))
    Facts(
        encoder.name, encoder.weights_sha256, encoder.limit, int(network.max_seq_length), PRECISION, exporters()
    ).write(folder)  # fmt: skip


def _graph(network: Any) -> Any:
    """Return the graph of all of the network's modules, for one text without padding.

    The exporter by tracing takes a fifth of the time that the one by torch.export takes, and gives as fast a graph;
    what tracing could get wrong, `_check` finds.
    """
    import onnx
    import torch

    class OneText(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, tokens: Any) -> tuple[Any, Any]:
            read = self.network({"input_ids": tokens, "attention_mask": torch.ones_like(tokens)})
            return read["token_embeddings"], read["sentence_embedding"]

    tokens = torch.tensor([network.tokenizer(_PROBES[0])["input_ids"]])
    file: Any = io.BytesIO()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that tracing is older, and what it takes for constant
            torch.onnx.export(
                OneText().eval(), (tokens,), file, dynamo=False, opset_version=_OPSET, input_names=["tokens"],
                output_names=["states", "vector"], dynamic_axes={"tokens": {1: "count"}, "states": {1: "count"}},
            )  # fmt: skip
        graph = onnx.load_model_from_string(file.getvalue())
        onnx.checker.check_model(graph)
    except Exception as error:  # the exporter raises whatever a network's code raises
        raise _CannotExport(f"its network is not exported: {(str(error) or type(error).__name__).splitlines()[0]}") from error
    return graph


def _check(encoder: Encoder, folder: Path) -> None:
    stored = StoredEncoder(folder)
    for text in _PROBES:
        expected, found = encoder.encode_question(text), stored.encode_question(text)
        if not _same(expected, found):
            raise _CannotExport("its exported network gives other vectors.")


def _same(expected: Encoding, found: Encoding) -> bool:
    if not (np.array_equal(expected.tokens, found.tokens) and np.array_equal(expected.offsets, found.offsets)):
        return False
    cosines = [expected.vector @ found.vector, *(expected.states * found.states).sum(axis=1)]
    return bool(min(cosines) >= _SAME)
