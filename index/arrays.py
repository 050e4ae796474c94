"""The numbers of a generation: what the encoder made of passages, sentences and indexed questions."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.domain import Corpus, Passage
from index.encoder import Encoder, Encoding, Floats

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how much is done, how much there is)."""

CHUNK = 64
_FEW_NUMBERS = 50_000_000
"""200 MB as float32, some 900 passages; widening them for each question takes longer than encoding it."""


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text to encode: `prefix` is read with it but keeps no token states; `cuts` divide the rest."""

    prefix: str
    text: str
    cuts: tuple[tuple[int, int], ...]

    def key(self, encoder: Encoder) -> str:
        """Return what the encoding can be found again by."""
        content = "\0".join((encoder.name, encoder.weights_sha256, self.prefix, self.text, str(self.cuts)))
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TokenStates:
    """What the encoder made of N texts divided into S stretches with T tokens, in d dimensions.

    vectors: (N, d) float32, unit length, prefix included. states: (T, d) float16, unit length, as they are
    inside their text. rows: (S + 1,) int64, where each stretch's tokens begin. tokens: (T,) int32, vocabulary ids.
    keys: N, each with the number of its text's stretches behind a colon.
    """

    vectors: Floats
    states: NDArray[np.float16] | Floats
    rows: NDArray[np.int64]
    tokens: NDArray[np.int32]
    keys: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write each array as a file of its own."""
        folder.mkdir()
        for name in ("vectors", "states", "rows", "tokens"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "keys.json").write_text(json.dumps(self.keys), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "TokenStates":
        """Map the large arrays into memory, where nothing is read before it is used, and read the small ones."""
        mapped = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("vectors", "states")}
        read = {name: np.load(folder / f"{name}.npy") for name in ("rows", "tokens")}
        return cls(**mapped, **read, keys=tuple(json.loads((folder / "keys.json").read_text(encoding="utf-8"))))

    def in_memory(self) -> "TokenStates":
        """Return the same with the states read and widened once, where they are few enough."""
        if self.states.size > _FEW_NUMBERS:
            return self
        return replace(self, states=self.states.astype(np.float32))

    def first_stretches(self) -> NDArray[np.int64]:
        """Return the number of each text's first stretch, and at the end that of all: (N + 1,)."""
        return np.cumsum([0, *(int(key.rpartition(":")[2]) for key in self.keys)], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Arrays:
    """Passages (a stretch is a sentence), sentences by themselves (S, d), and indexed questions (one stretch each)."""

    passages: TokenStates
    sentences: TokenStates
    questions: TokenStates

    def save(self, folder: Path) -> None:
        """Write the arrays into folders of their own."""
        for name in ("passages", "sentences", "questions"):
            getattr(self, name).save(folder / name)

    @classmethod
    def open(cls, folder: Path) -> "Arrays":
        """Map the arrays into memory."""
        return cls(*(TokenStates.open(folder / name) for name in ("passages", "sentences", "questions")))


def embedded_prefix(title: str, section: str | None, encoder: Encoder) -> str:
    """Return what is read before a passage: title and heading, or nothing where these fill half of the limit."""
    prefix = f"{title}\n{section}\n" if section else f"{title}\n"
    return prefix if encoder.count_tokens(prefix) <= encoder.limit // 2 else ""


def passage_texts(corpus: Corpus, passages: Sequence[Passage], encoder: Encoder) -> list[EncodedText]:
    """Return what is embedded of passages: title, and heading where there are several, then the words."""
    documents = {d.id: d for d in corpus.documents}
    sections = {(d.id, p.number): p.section for d in corpus.documents for p in d.paragraphs}
    return [
        EncodedText(
            embedded_prefix(documents[p.document].title, sections[p.document, p.paragraph], encoder),
            documents[p.document].text[p.start : p.end],
            tuple((s.start - p.start, s.end - p.start) for s in p.sentences),
        )
        for p in passages
    ]


def sentence_texts(corpus: Corpus, passages: Sequence[Passage]) -> list[EncodedText]:
    """Return what is embedded of sentences: their words alone."""
    texts = {d.id: d.text for d in corpus.documents}
    return [whole_text(texts[p.document][s.start : s.end]) for p in passages for s in p.sentences]


def whole_text(text: str) -> EncodedText:
    """Return a text that is embedded as one stretch without a prefix."""
    return EncodedText("", text, ((0, len(text)),))


def encode(
    texts: Sequence[EncodedText], encoder: Encoder, *, before: TokenStates | None, progress: Progress, what: str,
    keep_states: bool = True, read: Callable[[Sequence[str]], list[Encoding]] | None = None,
) -> tuple[TokenStates, int]:  # fmt: skip
    """Return the texts' encodings, those that `before` holds taken from there, and how many were made anew."""
    read = read or encoder.encode  # questions come with a way of their own
    keys = [f"{text.key(encoder)}:{len(text.cuts)}" for text in texts]
    known = _Known(before)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known.rows}
    fresh: dict[str, _Rows] = {}
    todo = sorted(new.items(), key=lambda item: len(item[1].text))
    for at in range(0, len(todo), CHUNK):
        group = todo[at : at + CHUNK]
        for (key, text), encoding in zip(group, read([t.prefix + t.text for _, t in group]), strict=True):
            fresh[key] = _rows(encoding, text, keep_states=keep_states)
        progress(what, at + len(group), len(todo))
    found = [fresh[key] if key in fresh else known.take(key) for key in keys]
    return _stacked(found, keys), len(todo)


@dataclass(frozen=True, slots=True)
class _Rows:
    vector: Floats
    states: NDArray[np.float16] | Floats
    tokens: NDArray[np.int32]
    lengths: NDArray[np.int64]


class _Known:
    """The rows of the generation before, by key."""

    def __init__(self, before: TokenStates | None) -> None:
        self._before = before
        self.rows = {key: row for row, key in enumerate(before.keys)} if before else {}
        self._firsts = before.first_stretches() if before else np.zeros(1, np.int64)

    def take(self, key: str) -> _Rows:
        assert self._before is not None
        row = self.rows[key]
        bounds = self._before.rows[self._firsts[row] : self._firsts[row + 1] + 1]
        inside = slice(int(bounds[0]), int(bounds[-1]))
        return _Rows(self._before.vectors[row], self._before.states[inside], self._before.tokens[inside], np.diff(bounds))


def _rows(encoding: Encoding, text: EncodedText, *, keep_states: bool) -> _Rows:
    """Leave the prefix's tokens out and count those of each stretch; a stretch without any gets a zero state."""
    if not keep_states:
        dimensions = encoding.states.shape[-1]
        return _Rows(
            encoding.vector, np.zeros((0, dimensions), np.float16), encoding.tokens[:0], np.zeros(len(text.cuts), np.int64)
        )
    middles = encoding.offsets.sum(axis=1) / 2 - len(text.prefix)
    states, tokens, lengths = [], [], []
    for start, end in text.cuts:
        inside = (middles >= start) & (middles < end)
        count = int(inside.sum())
        states.append(encoding.states[inside] if count else np.zeros((1, encoding.states.shape[-1]), np.float32))
        tokens.append(encoding.tokens[inside] if count else np.zeros(1, np.int32))
        lengths.append(max(count, 1))
    return _Rows(
        encoding.vector, np.concatenate(states).astype(np.float16), np.concatenate(tokens), np.asarray(lengths, np.int64)
    )  # fmt: skip


def _stacked(rows: Sequence[_Rows], keys: Sequence[str]) -> TokenStates:
    if not rows:
        return TokenStates(
            np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float16), np.zeros(1, np.int64), np.zeros(0, np.int32), ()
        )  # fmt: skip
    return TokenStates(
        vectors=np.stack([r.vector for r in rows]).astype(np.float32),
        states=np.concatenate([r.states for r in rows]),
        rows=np.cumsum([0, *np.concatenate([r.lengths for r in rows])], dtype=np.int64),
        tokens=np.concatenate([r.tokens for r in rows]),
        keys=tuple(keys),
    )
