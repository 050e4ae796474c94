"""Vectors in Chroma; the only file that knows chromadb.

One Chroma folder has one owner: a published generation is never opened itself, each process opens a copy
of its own. Chroma holds nothing that cannot be made again from the arrays beside it.
"""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Floats
from index.errors import FootnoteError

BATCH = 1000
HNSW = {"space": "ip", "ef_construction": 200, "ef_search": 800, "max_neighbors": 32, "num_threads": 1}
"""Inner products, as all vectors have length one; one thread and a graph written at the last vector, so that every copy
that is opened searches the same graph."""


class VectorStore:
    """Named collections of vectors, searched by cosine similarity; a vector's id is its row."""

    def __init__(self, folder: Path, *, owned: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._owned = owned
        self._client = _client(folder)
        self._collections: dict[str, Any] = {}

    @classmethod
    def create(cls, folder: Path, collections: dict[str, Floats]) -> None:
        """Write the collections, each an array (rows, dimensions) of unit vectors, into a new Chroma folder.

        Raises FootnoteError where Chroma cannot write, as on a full disk.
        """
        from chromadb.errors import ChromaError

        try:
            with closing(cls(folder)) as store:
                for name, vectors in collections.items():
                    store._add(name, vectors)
        except ChromaError as error:
            raise FootnoteError(f"the vectors cannot be stored: {error}; the old index stays.") from None

    @classmethod
    def open_copy(cls, folder: Path) -> "VectorStore":
        """Open a private copy of the folder, removed at `close`; raise FootnoteError where there is no room for it."""
        owned = tempfile.TemporaryDirectory(prefix="footnote-")
        copy = Path(owned.name) / "chroma"
        try:
            shutil.copytree(folder, copy)
        except OSError:
            owned.cleanup()
            raise FootnoteError(f"there is no room for a copy of the vectors in {tempfile.gettempdir()}.") from None
        return cls(copy, owned=owned)

    def search(self, collection: str, vector: Floats, count: int) -> tuple[np.ndarray, Floats]:
        """Return (rows, cosine similarities) of the nearest `count` vectors, nearest first."""
        if not np.isfinite(vector).all() or count < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        found = self._collection(collection).query(query_embeddings=[vector], n_results=count, include=["distances"])
        rows = np.asarray([int(id) for id in found["ids"][0]], dtype=np.int64)
        return rows, 1 - np.asarray(found["distances"][0], dtype=np.float32)

    def count(self, collection: str) -> int:
        """Return how many vectors the collection holds."""
        return int(self._collection(collection).count())

    def close(self) -> None:
        """Let go of the folder; a private copy is removed."""
        self._client.close()
        if self._owned:
            self._owned.cleanup()

    def _add(self, name: str, vectors: Floats) -> None:
        collection = self._client.create_collection(
            name, embedding_function=None, configuration={"hnsw": {**HNSW, "sync_threshold": max(len(vectors), 2)}}
        )
        for at in range(0, len(vectors), BATCH):
            rows = range(at, min(at + BATCH, len(vectors)))
            collection.add(ids=[str(row) for row in rows], embeddings=vectors[at : at + BATCH])

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_collection(name, embedding_function=None)
        return self._collections[name]


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(  # a .env in the working directory must not turn this into a network client
        _env_file=None,  # type: ignore[call-arg]
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        anonymized_telemetry=False,
    )
    return chromadb.PersistentClient(path=str(folder), settings=settings)
