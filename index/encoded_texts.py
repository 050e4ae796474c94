"""Encode texts for an index, some at a time, those that are known already taken from before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.arrays import TokenStates, narrowed
from index.encoder import Encoder, Encoding, Floats
from index.texts import EncodedText

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how much is done, how much there is)."""

CHUNK = 256
"""Texts given to the encoder at a time, so that every core has batches to read and progress can be told."""
_WINDOW = 1_000_000
"""Characters of the texts whose states are held at the same time while they are made: some 200 MB."""


def encode(
    texts: Iterable[EncodedText], encoder: Encoder, *, before: TokenStates | None, progress: Progress, what: str,
    keep_states: bool = True, read: Callable[[Sequence[str]], list[Encoding]] | None = None, into: "Kept | None" = None,
) -> tuple[TokenStates, int]:  # fmt: skip
    """Return the texts' encodings, those that `before` holds taken from there, and how many were made anew.

    The texts are gone through twice, some at a time; the encodings are kept in memory or where `into` keeps them.
    """
    read = read or encoder.encode  # questions come with a way of their own
    kept = into or InMemory()
    keys = [_key(text, encoder) for text in texts]
    known = _Known(before)
    places: dict[str, int] = {}
    made, total = 0, len(set(keys) - known.rows.keys())
    first = 0
    for window in _windows(texts):
        here = keys[first : first + len(window)]
        new = {key: text for key, text in zip(here, window, strict=True) if key not in known.rows and key not in places}
        fresh: dict[str, Rows] = {}
        todo = sorted(new.items(), key=lambda item: len(item[1].text))
        for at in range(0, len(todo), CHUNK):
            group = todo[at : at + CHUNK]
            for (key, text), encoding in zip(group, read([t.prefix + t.text for _, t in group]), strict=True):
                fresh[key] = _rows(encoding, text, keep_states=keep_states)
            made += len(group)
            progress(what, made, total)
        for row, key in enumerate(here, start=first):
            earlier = known.take if key in known.rows else lambda key: kept.take(places[key])
            kept.append(fresh[key] if key in fresh else earlier(key))
            places.setdefault(key, row)
        first += len(window)
    return kept.finish(keys), total


def _key(text: EncodedText, encoder: Encoder) -> str:
    return f"{text.key(encoder)}:{len(text.cuts)}"


def _windows(texts: Iterable[EncodedText]) -> Iterator[list[EncodedText]]:
    """Yield some texts after the others that are short enough together to hold their states."""
    window: list[EncodedText] = []
    characters = 0
    for text in texts:
        if window and characters + len(text.text) > _WINDOW:
            yield window
            window, characters = [], 0
        window.append(text)
        characters += len(text.text)
    if window:
        yield window


@dataclass(frozen=True, slots=True)
class Rows:
    """What is kept of one text: its vector, and the states and tokens of its stretches one behind the other."""

    vector: Floats
    states: NDArray[np.int8]
    scales: Floats
    tokens: NDArray[np.int32]
    lengths: NDArray[np.int64]


class _Known:
    """The rows of the generation before, by key; none where it left token states out."""

    def __init__(self, before: TokenStates | None) -> None:
        before = before if before and before.has_states else None
        self._before = before
        self.rows = {key: row for row, key in enumerate(before.keys)} if before else {}
        self._firsts = before.firsts if before else np.zeros(1, np.int64)

    def take(self, key: str) -> Rows:
        assert self._before is not None
        row = self.rows[key]
        bounds = self._before.rows[self._firsts[row] : self._firsts[row + 1] + 1]
        inside = slice(int(bounds[0]), int(bounds[-1]))
        before = self._before
        states = np.asarray(before.states[inside], dtype=np.int8)
        return Rows(before.vectors[row], states, before.scales[inside], before.tokens[inside], np.diff(bounds))


def _rows(encoding: Encoding, text: EncodedText, *, keep_states: bool) -> Rows:
    """Leave the prefix's tokens out and count those of each stretch; a stretch without any gets a zero state."""
    if not keep_states:
        dimensions = encoding.states.shape[-1]
        nothing = np.zeros((0, dimensions), np.int8), np.zeros(0, np.float32), encoding.tokens[:0]
        return Rows(encoding.vector, *nothing, np.zeros(len(text.cuts), np.int64))
    middles = encoding.offsets.sum(axis=1) / 2 - len(text.prefix)
    states, tokens, lengths = [], [], []
    for start, end in text.cuts:
        inside = (middles >= start) & (middles < end)
        count = int(inside.sum())
        states.append(encoding.states[inside] if count else np.zeros((1, encoding.states.shape[-1]), np.float32))
        tokens.append(encoding.tokens[inside] if count else np.zeros(1, np.int32))
        lengths.append(max(count, 1))
    narrow, scales = narrowed(np.concatenate(states))
    return Rows(encoding.vector, narrow, scales, np.concatenate(tokens), np.asarray(lengths, np.int64))


class Kept(Protocol):
    """Where encodings are kept as they are made."""

    def append(self, rows: Rows) -> None:
        """Keep the next text's."""
        ...

    def take(self, row: int) -> Rows:
        """Return those of a text that are kept already."""
        ...

    def finish(self, keys: Sequence[str]) -> TokenStates:
        """Return all of them, with a key for each."""
        ...


class InMemory:
    """Keeps encodings in memory."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []

    def append(self, rows: Rows) -> None:
        """Keep the next text's."""
        self._rows.append(rows)

    def take(self, row: int) -> Rows:
        """Return those of a text that are kept already."""
        return self._rows[row]

    def finish(self, keys: Sequence[str]) -> TokenStates:
        """Return all of them."""
        rows = self._rows
        if not rows:
            return TokenStates(
                np.zeros((0, 1), np.float32), np.zeros((0, 1), np.int8), np.zeros(0, np.float32), np.zeros(1, np.int64),
                np.zeros(0, np.int32), np.zeros(1, np.int64),
            )  # fmt: skip
        return TokenStates(
            vectors=np.stack([r.vector for r in rows]).astype(np.float32),
            states=np.concatenate([r.states for r in rows]),
            scales=np.concatenate([r.scales for r in rows]),
            rows=np.cumsum([0, *np.concatenate([r.lengths for r in rows])], dtype=np.int64),
            tokens=np.concatenate([r.tokens for r in rows]),
            firsts=np.cumsum([0, *(len(r.lengths) for r in rows)], dtype=np.int64),
            keys=tuple(keys),
        )
