"""Encode by a multi-vector (ColBERT) checkpoint, which reads questions and documents each in their own way.

What a checkpoint adds to the words (prompts, special tokens, the masks that lengthen a question) is read with them
and keeps no state, as everything here has a place in a text.
"""

import json
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoding, UnknownEncoder, in_batches, loading, unit
from index.weights import folder_digest, loaded_digest

Side = Literal["query", "document"]

_PROMPTS: dict[Side, tuple[str, ...]] = {"query": ("query",), "document": ("document", "passage", "corpus")}
"""Which of a checkpoint's prompts goes before a text: the first that it has."""


def is_multi_vector(name: str) -> bool:
    """Tell whether the folder or hub name holds a multi-vector checkpoint, by what its settings say.

    Raises UnknownEncoder where the hub cannot be asked.
    """
    network = _settings(name, "config_sentence_transformers.json")
    modules = _settings(name, "modules.json") or []
    return (
        bool(network and network.get("model_type") in ("MultiVectorEncoder", "ColBERT"))
        or any(str(module.get("type", "")).endswith(".MultiVectorMask") for module in modules)
        or "HF_ColBERT" in ((_settings(name, "config.json") or {}).get("architectures") or ())
    )


def _settings(name: str, file: str) -> Any:
    with loading(name):
        path = str(Path(name) / file) if Path(name).is_dir() else _from_hub(name, file)
        return json.loads(Path(path).read_text(encoding="utf-8")) if path and Path(path).is_file() else None


def _from_hub(name: str, file: str) -> str | None:
    from sentence_transformers.util import load_file_path

    return load_file_path(name, file) if "/" in name else None  # without an owner it is one of the library's own, of one vector


class MultiVectorEncoder:
    """A multi-vector encoder run by sentence-transformers on torch; loaded on first use.

    A text's vector is the mean of its token states. Raises UnknownEncoder where the checkpoint does not load or
    does not keep one state for a token.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def weights_sha256(self) -> str:
        folder = Path(self.name)
        return folder_digest(folder) if folder.is_dir() else loaded_digest(self._network)

    @cached_property
    def _network(self) -> Any:
        with loading(self.name):
            from sentence_transformers import MultiVectorEncoder as Network
            from sentence_transformers.multi_vector_encoder.modules import BaseTokenPooling
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            network = Network(self.name, device="cpu")
        if any(isinstance(module, BaseTokenPooling) for module in network):
            raise UnknownEncoder(f"the encoder {self.name!r} joins tokens, so that a word cannot be found again; use another.")
        if not getattr(network.tokenizer, "is_fast", False):
            raise UnknownEncoder(f"the encoder {self.name!r} does not say where its tokens stand in a text; use another.")
        return network

    @cached_property
    def limit(self) -> int:
        lengths = (self._network.max_seq_length, getattr(self._network[0], "document_length", None))
        return min(int(n) for n in lengths if n) - len(self._network.tokenizer(self._prompt("document"))["input_ids"])

    def count_tokens(self, text: str) -> int:
        return len(self._network.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an Encoding for each text, read as a document."""
        return in_batches(texts, partial(self._encode_batch, side="document"))

    def encode_question(self, text: str) -> Encoding:
        """Return the Encoding of a question."""
        return self.encode_questions([text])[0]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an Encoding for each question."""
        return in_batches(texts, partial(self._encode_batch, side="query"))

    def _prompt(self, side: Side) -> str:
        prompts = self._network.prompts
        name = next((name for name in _PROMPTS[side] if name in prompts), self._network.default_prompt_name)
        return prompts.get(name) or ""

    def _encode_batch(self, texts: list[str], side: Side) -> list[Encoding]:
        prompt = self._prompt(side)
        outputs = self._network.encode(
            texts, task=side, prompt=prompt, output_value=None, batch_size=len(texts), show_progress_bar=False,
            processing_kwargs={"text": {"return_offsets_mapping": True}},
        )  # fmt: skip
        return [_encoding(output, text, prompt) for output, text in zip(outputs, texts, strict=True)]


def _encoding(output: dict[str, Any], text: str, prompt: str) -> Encoding:
    """Keep the tokens that the checkpoint scores and that stand in the text; the vector falls back on the others."""
    offsets = _places(output["offset_mapping"].numpy() - len(prompt), text)
    scored = output["attention_mask"].bool().numpy()
    states = unit(output["token_embeddings"].float().numpy())
    count = len(offsets)  # masks that lengthen a question may follow
    kept = scored[:count] & (offsets[:, 1] > offsets[:, 0])
    meant = states[:count][kept] if kept.any() else states[scored]
    vector = unit(meant.sum(axis=0))
    tokens = output["input_ids"].numpy()[:count][kept].astype(np.int32)
    return Encoding(vector, states[:count][kept], tokens, offsets[kept])


def _places(offsets: NDArray[np.int64], text: str) -> NDArray[np.int32]:
    """Return where tokens stand in the text, without the white space that some tokenizers count to a word."""
    places = []
    for start, end in offsets.clip(0, len(text)).tolist():
        word = text[start:end]
        left = len(word) - len(word.lstrip())
        places.append((start + left, start + max(len(word.rstrip()), left)))
    return np.asarray(places, dtype=np.int32).reshape(-1, 2)
