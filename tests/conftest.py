"""Fixtures for all tests: a toy encoder, a toy corpus with its index, and the real index where a test asks for it."""

import hashlib
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
import pytest

from index.build import build
from index.domain import CutDocument
from index.encoder import Encoder, Encoding, Floats, SentenceTransformersEncoder, unit
from index.errors import MissingIndex
from index.generations import current
from index.opened import OpenedIndex
from index.searcher import Searcher
from index.texts import EncodedText, passage_texts

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from index.domain import Corpus

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "")

hypothesis.settings.register_profile("footnote", deadline=None, derandomize=True, database=None, max_examples=100)
hypothesis.settings.load_profile("footnote")


class ToyEncoder:
    """An encoder without a network: each word has a direction of its own, and a text that of its words' mean.

    `read` keeps the texts that were encoded.
    """

    name = "toy"
    weights_sha256 = "0" * 64
    limit = 60

    def __init__(self) -> None:
        self.read: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(_tokens(text))

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        self.read += texts
        return [self._encoding(text) for text in texts]

    def encode_question(self, text: str) -> Encoding:
        return self.encode([text])[0]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return self.encode(texts)

    def _encoding(self, text: str) -> Encoding:
        found = _tokens(text)[: self.limit]
        words = [m[0] for m in found if m[0][0].isalnum()]
        return Encoding(
            vector=unit(np.mean([_direction(w) for w in words or [""]], axis=0)),
            states=np.stack([_direction(m[0]) for m in found] or [_direction("")])[: len(found)],
            tokens=np.asarray([_seed(m[0]) % 10_000 for m in found], dtype=np.int32),
            offsets=np.asarray([m.span() for m in found], dtype=np.int32).reshape(-1, 2),
        )


def _tokens(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\w+|[^\w\s]", text))


def _seed(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.lower().encode()).digest()[:4])


@cache
def _direction(word: str) -> Floats:
    return unit(np.random.default_rng(_seed(word)).standard_normal(64))


ARTICLE = """---
title: The Lighthouse on Corran Rock
author:
- {family: Stone, given: Ada}
keywords: [lighthouses, engineering]
license: CC0-1.0
---

## The building

Work on the tower began in the summer of 1838.[^1] Forty masons cut granite on the island of Tarra, and a
steamer carried the blocks across twelve miles of open water. A November gale swept the first barrack away.

The engineer slept in the second barrack with thirty men. He wrote in his diary: “The sea rises like a wall of grey
glass. Nobody speaks until dawn.”[^2] Not one of the masons was hurt.

## The lamp

A keeper lit the lamp on 1 February 1844. Eight lenses turned once in eight minutes, so that every ship saw a flash
each minute.[^3] Whale oil burned in four wicks. Three keepers lived on the rock for six weeks at a time, and a boat
brought bread, coal and newspapers whenever the swell allowed a landing. Fog silenced the lamp, and then a bell was
rung by clockwork, day and night, until the horizon could be seen again from the gallery.

[^1]: A. Reed, Towers of the North, 1901.
[^2]: B. Hale, Diary of an Engineer, 1850; and C. Voss, The Gale, Harbour News, 1839.
[^3]: Ibid.
"""

REFERENCES: list[dict[str, Any]] = [
    {
        "number": 1,
        "printed": "A. Reed, Towers of the North, 1901.",
        "csl": {
            "id": "1",
            "type": "book",
            "title": "Towers of the North",
            "author": [{"family": "Reed", "given": "A."}],
        },
        "annotation": "Reed visited every tower himself.",
        "facts": [{"text": "A library in Tarra keeps a copy.", "urls": ["https://example.org/library"]}],
        "status": "page_read",
    },
    {
        "number": 2,
        "printed": "B. Hale, Diary of an Engineer, 1850",
        "csl": {"id": "2", "type": "book", "title": "Diary of an Engineer", "URL": "https://example.org/diary"},
        "reason": "Only in print.",
    },
    {
        "number": 3,
        "printed": "C. Voss, The Gale, Harbour News, 1839.",
        "csl": {"id": "3", "type": "article-newspaper", "title": "The Gale", "container-title": "Harbour News"},
    },
]

QUESTIONS: list[dict[str, Any]] = [
    {
        "question": "When did they start to build?",
        "kind": "fact",
        "answers": [{"quote": "Work on the tower began in the summer of 1838."}],
    },
    {
        "question": "What did the engineer write about the sea?",
        "kind": "fact",
        "answers": [{"quote": "The sea rises like a wall of grey glass."}, {"quote": "Nobody speaks until dawn."}],
    },
    {
        "question": "What fuel did the lamp burn?",
        "kind": "fact",
        "answers": [{"quote": "Whale oil burned in four wicks."}],
    },
    {
        "question": "How much money did the tower cost?",
        "kind": "gap",
        "near": {"quote": "Work on the tower began in the summer of 1838."},
    },
]


def write_toy_corpus(folder: Path) -> Path:
    """Write the toy corpus into a new folder and return it."""
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "references.json").write_text(json.dumps(REFERENCES, indent=1), encoding="utf-8")
    lines = "".join(json.dumps(question) + "\n" for question in QUESTIONS)
    (folder / "question_index.jsonl").write_text(lines, encoding="utf-8")
    return folder


def silent(what: str, done: int, total: int) -> None:
    """Take a build's progress and show nothing."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect: Callable[..., None] = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise OSError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture
def toy_encoder() -> ToyEncoder:
    """Return an encoder that has read nothing yet."""
    return ToyEncoder()


@pytest.fixture
def toy_corpus(tmp_path: Path) -> Path:
    """Return a corpus folder of one short article with notes, references and indexed questions."""
    return write_toy_corpus(tmp_path / "corpus")


@pytest.fixture(scope="session")
def _toy_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    build(write_toy_corpus(folder / "corpus"), folder / "index", ToyEncoder(), progress=silent)
    return folder / "index"


@pytest.fixture
def built(_toy_index: Path, toy_corpus: Path, tmp_path: Path) -> Path:
    """Return the folder of an index of `toy_corpus`, the test's own to damage."""
    return shutil.copytree(_toy_index, tmp_path / "index")


@pytest.fixture(scope="session")
def toy_searcher(_toy_index: Path) -> Iterator[Searcher]:
    """Return an opened index of the toy corpus with the toy encoder, to be read only."""
    searcher = Searcher.open(_toy_index, ToyEncoder())
    yield searcher
    searcher.close()


@pytest.fixture(scope="session")
def real_encoder() -> SentenceTransformersEncoder:
    """Return the real encoder, for tests marked `real` or `browser`."""
    return SentenceTransformersEncoder()


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory, real_encoder: SentenceTransformersEncoder) -> Iterator[Searcher]:
    """Return the real corpus with the real encoder, for tests marked `real` or `browser`; `.index` stays as it is."""
    folder = tmp_path_factory.mktemp("real")
    _take_encodings(ROOT / ".index", folder)
    build(ROOT / "corpus", folder, real_encoder, progress=silent)
    searcher = Searcher.open(folder, real_encoder)
    yield searcher
    searcher.close()


def texts_read(index: OpenedIndex, encoder: Encoder) -> list[EncodedText]:
    """Return what the encoder reads of each passage of an index."""
    cut = [CutDocument(d, tuple(p for p in index.passages if p.document == d.id)) for d in index.corpus.documents]
    return [text for document in cut for text in passage_texts(document, encoder)]


def _take_encodings(index: Path, folder: Path) -> None:
    """Copy the generation whose encodings are used again, as one that is stale: all else is made by today's code."""
    with suppress(MissingIndex, OSError):
        generation = shutil.copytree(current(index), folder / current(index).name)
        manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
        (generation / "manifest.json").write_text(json.dumps(manifest | {"inputs": {}}), encoding="utf-8")
        (folder / "CURRENT").write_text(generation.name, encoding="utf-8")


@pytest.fixture(scope="module")
def corpus() -> "Corpus":
    """Return the corpus of the tests that need no index."""
    from tests.fakes import fake_corpus

    return fake_corpus()


@pytest.fixture(scope="module")
def client(corpus: "Corpus") -> "TestClient":
    """Return a client of an application over that corpus."""
    from fastapi.testclient import TestClient

    from server.app import create_app
    from server.settings import Settings
    from tests.fakes import FakeSearcher

    return TestClient(create_app(Settings(), FakeSearcher(corpus)))
