"""The numbers of a generation: what the encoder made of passages, sentences and indexed questions."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats

KEYS = "keys.json"
_MAPPED = ("vectors", "states", "scales", "tokens")
_STEPS = 127
"""From 0 to the largest number of a token state, as an int8 counts them."""


@dataclass(frozen=True, slots=True)
class TokenStates:
    """What the encoder made of N texts divided into S stretches with T tokens, in d dimensions.

    vectors: (N, d) float32, unit length, prefix included. states: (T, d) int8, which times their scales, (T,) float32,
    are of unit length, as they are inside their text. rows: (S + 1,) int64, where each stretch's tokens begin. tokens:
    (T,) int32, vocabulary ids. firsts: (N + 1,) int64, where each text's stretches begin. keys: N, or none where they are
    not needed.
    """

    vectors: Floats
    states: NDArray[np.int8] | Floats
    scales: Floats
    rows: NDArray[np.int64]
    tokens: NDArray[np.int32]
    firsts: NDArray[np.int64]
    keys: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: Path, *, with_keys: bool = True) -> "TokenStates":
        """Map the large arrays into memory, where nothing is read before it is used, and read the small ones."""
        mapped = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _MAPPED}
        read = {name: np.load(folder / f"{name}.npy") for name in ("rows", "firsts")}
        keys = json.loads((folder / KEYS).read_text(encoding="utf-8")) if with_keys else ()
        return cls(**mapped, **read, keys=tuple(keys))

    def widened(self, tokens: slice) -> Floats:
        """Return the states of these tokens as float32 of unit length."""
        return np.asarray(self.states[tokens] * self.scales[tokens, None], dtype=np.float32)

    @property
    def has_states(self) -> bool:
        """Tell whether the tokens' states are kept, or the vectors alone."""
        return len(self.states) == len(self.tokens)


@dataclass(frozen=True, slots=True)
class Arrays:
    """Passages (a stretch is a sentence), sentences by themselves (S, d), and indexed questions (one stretch each)."""

    passages: TokenStates
    sentences: TokenStates
    questions: TokenStates

    @classmethod
    def open(cls, folder: Path, *, with_keys: bool = True) -> "Arrays":
        """Map the arrays into memory."""
        return cls(*(TokenStates.open(folder / name, with_keys=with_keys) for name in ("passages", "sentences", "questions")))


def narrowed(states: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return states (T, d) as int8, each in steps of its own largest number's 127th, and those steps: (T,)."""
    scales = np.asarray(np.abs(states).max(axis=1, initial=0) / _STEPS, dtype=np.float32)
    return np.rint(states / np.maximum(scales, 1e-12)[:, None]).astype(np.int8), scales
