"""Make encodings and indexes by hand, so that a test chooses every number that is searched."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from index.arrays import Arrays, TokenStates, narrowed
from index.domain import Passage, Role, Sentence
from index.encoder import Encoding, Floats, unit
from index.opened import PASSAGE_VECTORS, OpenedIndex
from index.vector_search import VectorSearch

Token = tuple[int, Sequence[float]]
"""A vocabulary id and its state."""


def floats(values: Any) -> Floats:
    """Return the numbers as float32."""
    return np.asarray(values, dtype=np.float32)


def towards(cosine: float) -> tuple[float, float]:
    """Return a vector of length one whose cosine with (1, 0) is given."""
    return cosine, float(np.sqrt(1 - cosine**2))


def encoding(words: str, *tokens: Token, vector: Sequence[float] = (1, 0)) -> Encoding:
    """Make the encoding of a text with a token for each of its words."""
    ends = np.cumsum([len(word) + 1 for word in words.split()]) - 1
    starts = [end - len(word) for end, word in zip(ends, words.split(), strict=True)]
    assert len(tokens) == len(ends)
    return Encoding(
        vector=floats(vector),
        states=floats([state for _, state in tokens]),
        tokens=np.asarray([id for id, _ in tokens], dtype=np.int32),
        offsets=np.asarray(list(zip(starts, ends, strict=True)), dtype=np.int32),
    )


def token_states(*texts: Sequence[Sequence[Token]], vectors: Sequence[Sequence[float]] = ()) -> TokenStates:
    """Make the token states of texts, each a sequence of stretches, each a sequence of tokens."""
    stretches = [stretch for text in texts for stretch in text]
    tokens = [token for stretch in stretches for token in stretch]
    return TokenStates(
        vectors=floats(vectors or [[1, 0]] * len(texts)),
        states=floats([state for _, state in tokens]),
        scales=np.ones(len(tokens), dtype=np.float32),
        rows=np.cumsum([0, *(len(stretch) for stretch in stretches)], dtype=np.int64),
        tokens=np.asarray([id for id, _ in tokens], dtype=np.int32),
        firsts=np.cumsum([0, *(len(text) for text in texts)], dtype=np.int64),
    )


def random_states(texts: int, *, dimensions: int, seed: int) -> TokenStates:
    """Make token states of texts with one to four stretches of one to nine tokens."""
    rng = np.random.default_rng(seed)
    stretches = rng.integers(1, 5, texts)
    rows = np.cumsum([0, *rng.integers(1, 10, stretches.sum())], dtype=np.int64)
    states, scales = narrowed(unit(floats(rng.standard_normal((rows[-1], dimensions)))))
    return TokenStates(
        vectors=unit(floats(rng.standard_normal((texts, dimensions)))),
        states=states,
        scales=scales,
        rows=rows,
        tokens=rng.integers(0, 50, rows[-1]).astype(np.int32),
        firsts=np.cumsum([0, *stretches], dtype=np.int64),
    )


def index_of(
    like: OpenedIndex, *, late: Sequence[float], sentence: Sequence[float], dense: Sequence[float], bm25: Sequence[float],
    roles: Sequence[Role] | None = None,
) -> OpenedIndex:  # fmt: skip
    """Make an index of passages of one sentence with one token each, of which a question (1, 0) scores these numbers."""
    count = len(late)
    passages = (
        Passage("article", i, i + 1, role, 1, (Sentence(i, i + 1),)) for i, role in enumerate(roles or ["body"] * count)
    )
    states = token_states(*([[(1, towards(cosine))]] for cosine in late), vectors=[towards(cosine) for cosine in dense])
    sentences = token_states(*([[(1, (0, 0))]] for _ in late), vectors=[towards(cosine) for cosine in sentence])
    lexical: Any = SimpleNamespace(scores=lambda question: floats(bm25))
    vectors = VectorSearch({PASSAGE_VECTORS: states.vectors}, None)
    arrays = Arrays(states, sentences, like.arrays.questions)
    return replace(like, passages=tuple(passages), arrays=arrays, vectors=vectors, lexical=lexical)
