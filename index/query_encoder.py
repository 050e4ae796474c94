"""Read questions by the network that is stored in the index: onnxruntime and tokenizers, and nothing of torch.

`exporting` writes the folder: a graph (token ids in, token states and the text's vector out), the tokenizer, and what
both were made from. One text is read at a time, as reading it beside longer ones would change the last digits.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder, Encoding, installed_weights, unit
from index.errors import StaleIndex
from index.generations import MEND, current, read_manifest

ENCODER = "encoder"
"""The folder of a generation that holds the query encoder."""
GRAPH, WEIGHTS, TOKENIZER, FACTS = "query.onnx", "query.weights", "tokenizer.json", "encoder.json"
"""Weights are a file of their own, which is mapped: words that nobody asks stay on disk, and processes share the others."""
PRECISION = "fp32"
"""Of the vectors in the index and of those of questions; vectors of two precisions are never compared."""
_THREADS = 1
"""Of one question; a second makes a short one no faster, and questions side by side need it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stored query encoder is: `reads` is the most tokens of one text, special ones among them."""

    name: str
    weights_sha256: str
    limit: int
    reads: int
    precision: str
    exporters: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Facts":
        """Read them; raise StaleIndex where they are not there or say something else."""
        try:
            return cls(**json.loads((folder / FACTS).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise StaleIndex(f"{folder / FACTS} cannot be read; {MEND}.") from None

    def write(self, folder: Path) -> None:
        """Write them into the folder."""
        (folder / FACTS).write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")


def open_query_encoder(index_folder: Path, name: str) -> Encoder:
    """Return the encoder that asks the current index: the one stored in it, or where none could be, the one of this name.

    Raises MissingIndex, and StaleIndex where the index was made with another encoder than the one of this name.
    """
    from index.encoder import open_encoder

    generation = current(index_folder)
    made_with = read_manifest(generation)["inputs"]["encoder"]
    if made_with != name:
        raise StaleIndex(f"the index was made with the encoder {made_with}, not {name}; {MEND}.")
    stored = generation / ENCODER
    return StoredEncoder(stored) if stored.is_dir() else open_encoder(name)


class StoredEncoder:
    """The query encoder of an index; its network is loaded on first use.

    Raises StaleIndex where the folder is not one that this version reads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facts = Facts.read(folder)
        if self._facts.precision != PRECISION:
            raise StaleIndex(f"{folder} is of precision {self._facts.precision}, not {PRECISION}; {MEND}.")

    @property
    def name(self) -> str:
        return self._facts.name

    @cached_property
    def weights_sha256(self) -> str:
        """Return the sha256 of the weights installed under its name, or where there are none, of those it was made from."""
        return installed_weights(self.name) or self._facts.weights_sha256

    @property
    def limit(self) -> int:
        return self._facts.limit

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()  # the file may pad to, and truncate at, a length that is not the encoder's
        tokenizer.enable_truncation(self._facts.reads)
        return tokenizer

    @cached_property
    def _counter(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _network(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(self._folder / GRAPH), options, providers=["CPUExecutionProvider"])

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    def encode_question(self, text: str) -> Encoding:
        """Return the Encoding of a question."""
        marks = self._tokenizer.encode(text)
        states, vectors = self._network.run(None, {"tokens": np.asarray([marks.ids], dtype=np.int64)})
        offsets = np.asarray(marks.offsets, dtype=np.int32).reshape(-1, 2)
        real = offsets[:, 1] > offsets[:, 0]
        tokens = np.asarray(marks.ids, dtype=np.int32)[real]
        return Encoding(unit(vectors[0]), unit(states[0][real]), tokens, offsets[real])

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the Encodings of questions, each as it is when it is read alone."""
        return [self.encode_question(text) for text in texts]

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the Encodings of texts, which are read as questions are."""
        return self.encode_questions(texts)
