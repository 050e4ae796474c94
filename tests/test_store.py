import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encoder import Floats, unit
from index.errors import FootnoteError
from index.store import BATCH, VectorStore


def random_vectors(count: int, seed: int) -> Floats:
    return unit(np.random.default_rng(seed).standard_normal((count, 64)).astype(np.float32))


VECTORS = random_vectors(BATCH + 200, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "chroma"
    VectorStore.create(folder, {"some": VECTORS, "none": np.zeros((0, 64), np.float32)})
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[VectorStore]:
    store = VectorStore.open_copy(folder)
    yield store
    store.close()


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("seed", range(10))
def test_search_is_exact_cosine(store: VectorStore, seed: int) -> None:
    """On collections of this size the rows and similarities are those of an exact search."""
    vector = random_vectors(1, 100 + seed)[0]
    exact = VECTORS @ vector
    rows, similarities = store.search("some", vector, 10)

    assert rows.tolist() == np.argsort(-exact)[:10].tolist()
    assert similarities.tolist() == pytest.approx(exact[rows].tolist(), abs=1e-5)


def test_vector_finds_itself(store: VectorStore) -> None:
    """Every row, also of a later batch, is under its own number."""
    for row in (0, BATCH - 1, BATCH, len(VECTORS) - 1):
        rows, similarities = store.search("some", VECTORS[row], 1)

        assert rows.tolist() == [row]
        assert similarities[0] == pytest.approx(1, abs=1e-5)


def test_asking_for_more_gives_all(store: VectorStore) -> None:
    """A count beyond the collection gives each row once."""
    rows, _ = store.search("some", VECTORS[0], 5000)

    assert sorted(rows.tolist()) == list(range(len(VECTORS)))
    assert store.count("some") == len(VECTORS)


def test_empty_collection_finds_nothing(store: VectorStore) -> None:
    """A collection without vectors answers with no rows."""
    rows, similarities = store.search("none", VECTORS[0], 10)

    assert (len(rows), len(similarities), store.count("none")) == (0, 0, 0)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_vector_that_is_no_number_finds_nothing(store: VectorStore, wrong: float) -> None:
    """A vector with a value that is not finite answers with no rows instead of any."""
    vector = VECTORS[0].copy()
    vector[3] = wrong
    rows, _ = store.search("some", vector, 10)

    assert len(rows) == 0


def test_search_for_none_finds_none(store: VectorStore) -> None:
    """Nothing is asked of Chroma where no row is wanted."""
    rows, _ = store.search("some", VECTORS[0], 0)

    assert len(rows) == 0


def test_private_copy_leaves_the_original_alone(folder: Path) -> None:
    """Opening and searching a copy changes no byte of the published folder, and closing it leaves no file behind."""
    before = digests(folder)
    store = VectorStore.open_copy(folder)
    copies = Path(store._owned.name) if store._owned else folder
    store.search("some", VECTORS[0], 10)
    store.close()

    assert digests(folder) == before
    assert not copies.exists()


def test_two_copies_do_not_disturb_each_other(folder: Path, store: VectorStore) -> None:
    """Two stores of one folder are open at the same time, and closing one leaves the other at work."""
    other = VectorStore.open_copy(folder)
    found = other.search("some", VECTORS[7], 3)[0].tolist()
    other.close()

    assert store.search("some", VECTORS[7], 3)[0].tolist() == found


def test_environment_file_changes_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env` in the working directory does not turn the store into a client of some server."""
    (tmp_path / ".env").write_text(
        "CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nCHROMA_SERVER_HOST=203.0.113.1\nIS_PERSISTENT=false\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    store = VectorStore.open_copy(folder)
    rows, _ = store.search("some", VECTORS[5], 1)
    store.close()

    assert rows.tolist() == [5]


def test_vectors_that_cannot_be_stored_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma's own error on a full disk becomes a sentence of ours."""
    from chromadb.errors import InternalError

    def fail(*_: Any) -> None:
        raise InternalError("database or disk is full")

    monkeypatch.setattr(VectorStore, "_add", fail)

    with pytest.raises(FootnoteError, match=r"^the vectors cannot be stored: database or disk is full; the old index"):
        VectorStore.create(tmp_path / "chroma", {"some": VECTORS[:2]})


def test_no_room_for_a_copy_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no private copy can be made, the message names the folder that is full."""

    def fail(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copytree", fail)

    with pytest.raises(FootnoteError, match=r"^there is no room for a copy of the vectors in /"):
        VectorStore.open_copy(folder)
