"""The numbers of a generation: what the encoder made of passages, sentences and indexed questions.

With P passages, S sentences (in the passages' order), T tokens (in the sentences' order), Q indexed
questions and d dimensions:

    vectors            (P, d) float32   a passage with its title, unit length
    sentence_vectors   (S, d) float32   a sentence by itself, unit length
    states             (T, d) float16   the token states inside their passage, unit length
    state_rows         (S + 1,) int64   where each sentence's tokens begin in `states`
    tokens             (T,) int32       vocabulary ids of the tokens
    question_vectors   (Q, d) float32   an indexed question, unit length
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.domain import Corpus, Document, Passage
from index.encoder import Encoder, Encoding, Floats

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how much is done, how much there is)."""

CHUNK = 64


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays described at the top of this module, and the key under which each row can be used again."""

    vectors: Floats
    sentence_vectors: Floats
    states: NDArray[np.float16]
    state_rows: NDArray[np.int64]
    tokens: NDArray[np.int32]
    question_vectors: Floats
    passage_keys: tuple[str, ...]
    text_keys: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write each array as a file of its own."""
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        keys = {"passages": self.passage_keys, "texts": self.text_keys}
        (folder / "keys.json").write_text(json.dumps(keys), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Arrays":
        """Map the arrays into memory; nothing is read before it is used."""
        keys = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(**arrays, passage_keys=tuple(keys["passages"]), text_keys=tuple(keys["texts"]))


_ARRAYS = [f.name for f in fields(Arrays) if not f.name.endswith("keys")]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The arrays, and how many texts the encoder had to read for them."""

    arrays: Arrays
    encoded: int


def embedded_prefix(document: Document, passage: Passage) -> str:
    """Return what stands before a passage in the embedded text only: title, and heading where there are several."""
    section = next((p.section for p in document.paragraphs if p.number == passage.paragraph), None)
    return f"{document.title}\n{section}\n" if section else f"{document.title}\n"


def encode(
    corpus: Corpus, passages: Sequence[Passage], questions: Sequence[str], encoder: Encoder, *,
    before: Arrays | None, progress: Progress,
) -> Encoded:  # fmt: skip
    """Encode passages, sentences and questions; what `before` holds of them is taken from there."""
    documents = {d.id: d for d in corpus.documents}
    whole = _PassageRows(before)
    plain = _TextRows(before)
    total, done = len(passages), 0
    todo = iter(passages)
    while group := list(islice(todo, CHUNK)):
        whole.add([(documents[p.document], p) for p in group], encoder)
        done += len(group)
        progress("encoding passages", done, total)
    sentences = [documents[p.document].text[s.start : s.end] for p in passages for s in p.sentences]
    vectors = plain.vectors([*sentences, *questions], encoder, progress)
    arrays = Arrays(
        vectors=_stack(whole.vectors), sentence_vectors=vectors[: len(sentences)],
        states=np.concatenate(whole.states) if whole.states else np.zeros((0, 1), np.float16),
        state_rows=np.cumsum([0, *whole.lengths], dtype=np.int64),
        tokens=np.concatenate(whole.tokens) if whole.tokens else np.zeros(0, np.int32),
        question_vectors=vectors[len(sentences) :], passage_keys=tuple(whole.keys), text_keys=tuple(plain.keys),
    )  # fmt: skip
    return Encoded(arrays, whole.encoded + plain.encoded)


class _PassageRows:
    """Collects the rows of passages, each encoded or taken from the generation before."""

    def __init__(self, before: Arrays | None) -> None:
        self._before = before
        keys = before.passage_keys if before else ()
        self._rows = {key.partition(":")[0]: row for row, key in enumerate(keys)}
        self._first_sentence = _first_sentences(before)
        self.vectors: list[Floats] = []
        self.states: list[NDArray[np.float16]] = []
        self.tokens: list[NDArray[np.int32]] = []
        self.lengths: list[int] = []
        self.keys: list[str] = []
        self.encoded = 0

    def add(self, group: list[tuple[Document, Passage]], encoder: Encoder) -> None:
        texts = [(embedded_prefix(d, p), d.text[p.start : p.end], p) for d, p in group]
        keys = [_key(encoder, prefix + text, p) for prefix, text, p in texts]
        new = [i for i, key in enumerate(keys) if key not in self._rows]
        fresh = dict(zip(new, encoder.encode([texts[i][0] + texts[i][1] for i in new]), strict=True)) if new else {}
        for i, key in enumerate(keys):
            prefix, _, passage = texts[i]
            rows = _split(fresh[i], len(prefix), passage) if i in fresh else self._reused(key)
            self._append(key, *rows)
        self.encoded += len(new)

    def _append(self, key: str, vector: Floats, states: Floats, tokens: NDArray[np.int32], lengths: list[int]) -> None:
        self.keys.append(f"{key}:{len(lengths)}")
        self.vectors.append(vector)
        self.states.append(states.astype(np.float16))
        self.tokens.append(tokens)
        self.lengths += lengths

    def _reused(self, key: str) -> tuple[Floats, Floats, NDArray[np.int32], list[int]]:
        assert self._before is not None
        row = self._rows[key]
        first, last = self._first_sentence[row], self._first_sentence[row + 1]
        bounds = self._before.state_rows[first : last + 1]
        rows = slice(int(bounds[0]), int(bounds[-1]))
        return self._before.vectors[row], self._before.states[rows], self._before.tokens[rows], np.diff(bounds).tolist()


class _TextRows:
    """Collects the vectors of plain texts, each encoded or taken from the generation before."""

    def __init__(self, before: Arrays | None) -> None:
        self._known: dict[str, Floats] = {}
        if before:
            rows = (*before.sentence_vectors, *before.question_vectors)
            self._known = dict(zip(before.text_keys, rows, strict=True))
        self.keys: list[str] = []
        self.encoded = 0

    def vectors(self, texts: list[str], encoder: Encoder, progress: Progress) -> Floats:
        self.keys = [_key(encoder, text) for text in texts]
        new = list({k: t for k, t in zip(self.keys, texts, strict=True) if k not in self._known}.items())
        for at in range(0, len(new), CHUNK):
            group = new[at : at + CHUNK]
            for (key, _), encoding in zip(group, encoder.encode([t for _, t in group]), strict=True):
                self._known[key] = encoding.vector
            progress("encoding sentences and questions", at + len(group), len(new))
        self.encoded = len(new)
        return _stack([self._known[key] for key in self.keys])


def _split(encoding: Encoding, prefix: int, passage: Passage) -> tuple[Floats, Floats, NDArray[np.int32], list[int]]:
    """Leave the prefix's tokens out and count the tokens of each sentence; a sentence without any gets a zero state."""
    middles = encoding.offsets.sum(axis=1) / 2 - prefix + passage.start
    states, tokens, lengths = [], [], []
    for sentence in passage.sentences:
        inside = (middles >= sentence.start) & (middles < sentence.end)
        count = int(inside.sum())
        states.append(encoding.states[inside] if count else np.zeros((1, encoding.states.shape[-1]), np.float32))
        tokens.append(encoding.tokens[inside] if count else np.zeros(1, np.int32))
        lengths.append(max(count, 1))
    return encoding.vector, np.concatenate(states), np.concatenate(tokens), lengths


def _first_sentences(before: Arrays | None) -> NDArray[np.int64]:
    counts = [int(key.rpartition(":")[2]) for key in before.passage_keys] if before else []
    return np.cumsum([0, *counts], dtype=np.int64)


def _key(encoder: Encoder, text: str, passage: Passage | None = None) -> str:
    cuts = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences] if passage else []
    return hashlib.sha256(f"{encoder.name}\0{encoder.weights_sha256}\0{cuts}\0{text}".encode()).hexdigest()


def _stack(rows: list[Floats]) -> Floats:
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, 1), np.float32)
