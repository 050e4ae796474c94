"""Make large corpora and their encodings out of real ones: texts with other words in them, vectors near the real ones."""

import random
import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.arrays import TokenStates
from index.encoder import DEFAULT_ENCODER, Encoding, Floats, unit
from index.opened import OpenedIndex
from index.query_encoder import ENCODER, TOKENIZER, Facts
from tests.conftest import ROOT

PARAGRAPHS = 140
"""Of a made document; the article that Footnote comes with has about as many passages."""
TOKENS = 60
OTHER_WORDS, NEW_WORDS = 0.2, 0.01
"""The shares of words that are taken from elsewhere, and that stand in no real text, so that the vocabulary grows."""
STATE_NOISE, VECTOR_NOISE = 0.3, 0.2
"""Length of what is added to a state or a vector of length one."""
SECOND = 0.5
"""How much of another real vector is added to a real one."""


def make_corpus(folder: Path, passages: int, real: Sequence[OpenedIndex]) -> None:
    """Write the corpus that Footnote comes with and as many made documents beside it as give so many passages."""
    shutil.copytree(ROOT / "corpus", folder, ignore=shutil.ignore_patterns("questions.jsonl", "sources"))
    rng = random.Random(passages)
    paragraphs = _paragraphs(real, rng)
    wanted = passages - len(real[0].passages)
    for number, at in enumerate(range(0, max(wanted, 0), PARAGRAPHS), start=1):
        few = min(PARAGRAPHS, wanted - at) - 1  # the front matter is a passage too
        text = "\n\n".join(next(paragraphs) for _ in range(max(few, 1)))
        (folder / f"d{number:05}.md").write_text(f"---\ntitle: Report {number:,}\n---\n\n{text}\n", encoding="utf-8")


def _paragraphs(real: Sequence[OpenedIndex], rng: random.Random) -> Iterator[str]:
    """Yield paragraphs: some sentences of a real passage in their order, with some of the words exchanged."""
    roles = ("body", "abstract")
    texts = [
        [index.documents[p.document].text[s.start : s.end].split() for s in p.sentences]
        for index in real
        for p in index.passages
        if p.role in roles
    ]
    words = [word for sentences in texts for sentence in sentences for word in sentence if word.isalpha()]
    while True:
        sentences = rng.choice(texts)
        chosen: list[str] = []
        for sentence in sentences[rng.randrange(len(sentences)) :]:
            chosen += [_exchanged(word, words, rng) for word in sentence]
            if len(chosen) * 1.4 > TOKENS:  # tokens a word
                break
        yield " ".join(chosen).lstrip("#>-+*0123456789.) ").replace("[", "(").replace("]", ")")


def _exchanged(word: str, words: Sequence[str], rng: random.Random) -> str:
    chance = rng.random()
    if chance > OTHER_WORDS or not word.isalpha():
        return word
    other = rng.choice(words)
    return word[: len(word) // 2 + 1] + other[len(other) // 2 :].lower() if chance < NEW_WORDS else other


class PerturbedEncoder:
    """Gives texts made of real ones encodings near the real ones', at the speed of a tokenizer."""

    name = DEFAULT_ENCODER

    def __init__(self, real: Sequence[OpenedIndex], folder: Path) -> None:
        facts = Facts.read(folder / ENCODER)
        self.weights_sha256, self.limit = facts.weights_sha256, facts.limit
        self._tokenizer = Tokenizer.from_file(str(folder / ENCODER / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        parts = [index.arrays.passages for index in real]
        self._states = np.concatenate([part.widened(slice(None)) for part in parts])
        self._vectors = np.concatenate([part.vectors for part in parts])
        self._tokens = np.concatenate([part.tokens for part in parts]).astype(np.int64)
        self._texts = np.repeat(np.arange(len(self._vectors)), np.concatenate([_lengths(part) for part in parts]))
        self._size = self._tokenizer.get_vocab_size()
        order = np.argsort(self._tokens, kind="stable")
        self._of_token, self._starts = order, np.searchsorted(self._tokens[order], np.arange(self._size + 1))
        places = self._texts * self._size + self._tokens
        self._by_place = np.argsort(places, kind="stable")
        self._places = places[self._by_place]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the text has."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an Encoding for each text, the same whenever it is asked for."""
        marks = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            self._encoding(text, m.ids[: self.limit], m.offsets[: self.limit]) for text, m in zip(texts, marks, strict=True)
        ]

    def encode_question(self, text: str) -> Encoding:
        """Return the Encoding of a question, made as any other."""
        return self.encode([text])[0]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the Encodings of questions."""
        return self.encode(texts)

    def _encoding(self, text: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Encoding:
        rng = np.random.default_rng(zlib.crc32(text.encode()))
        tokens = np.asarray(ids, dtype=np.int64)
        first, second = self._like(tokens, rng)
        vector = (
            self._vectors[first] + SECOND * self._vectors[second] + _noise(rng, (1, self._vectors.shape[1]), VECTOR_NOISE)[0]
        )
        states = self._states[self._occurrences(tokens, first, rng)]
        states = unit(states + _noise(rng, states.shape, STATE_NOISE))
        return Encoding(unit(vector), states, tokens.astype(np.int32), np.asarray(offsets, np.int32).reshape(-1, 2))

    def _like(self, tokens: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
        """Return two real texts that hold the rarest of these tokens."""
        counts = self._starts[tokens + 1] - self._starts[tokens]
        known = tokens[counts > 0][np.argsort(counts[counts > 0], kind="stable")][:2]
        if not len(known):
            return int(rng.integers(len(self._vectors))), int(rng.integers(len(self._vectors)))
        found = [int(self._texts[self._of_token[rng.integers(self._starts[t], self._starts[t + 1])]]) for t in known]
        return found[0], found[-1]

    def _occurrences(self, tokens: np.ndarray, text: int, rng: np.random.Generator) -> np.ndarray:
        """Return where each token stands in this real text, or else in any, or else where any token stands."""
        low, high = self._starts[tokens], self._starts[tokens + 1]
        anywhere = self._of_token[
            np.minimum(low + (rng.random(len(tokens)) * (high - low)).astype(np.int64), len(self._tokens) - 1)
        ]
        anywhere = np.where(high > low, anywhere, rng.integers(len(self._tokens), size=len(tokens)))
        at = np.minimum(np.searchsorted(self._places, text * self._size + tokens), len(self._places) - 1)
        return np.where(self._places[at] == text * self._size + tokens, self._by_place[at], anywhere)


def _lengths(part: TokenStates) -> np.ndarray:
    return np.diff(part.rows[part.firsts])


def _noise(rng: np.random.Generator, shape: tuple[int, ...], length: float) -> Floats:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(length / np.sqrt(shape[-1]))
