"""What a build does on a Chroma server: send the vectors of its generation, delete those of its generations that are gone."""

import os
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from index.arrays import Arrays
from index.chroma_server import ChromaAddress, ChromaServer
from index.encoder import Floats
from index.errors import StaleIndex
from index.generations import current, read_manifest
from index.opened import vector_collections
from index.stored import Stored

_OWNER = "chroma-owner"


def send_vectors(index_folder: Path, fingerprint: str, vectors: Mapping[str, Floats], server: ChromaAddress) -> int:
    """Send the vectors of a generation and return how many were not there yet; raise VectorServerError where it fails."""
    with closing(ChromaServer(server)) as connection:
        return connection.publish(fingerprint, vectors, owner=owner_of(index_folder))


def send_current(index_folder: Path, server: ChromaAddress) -> int:
    """Send the vectors of the current generation, as a server may be new, and tidy up."""
    generation = current(index_folder)
    collections = vector_collections(Arrays.open(generation, with_keys=False), Stored(generation).questions)
    sent = send_vectors(index_folder, read_manifest(generation)["fingerprint"], collections, server)
    forget_vectors(index_folder, server)
    return sent


def forget_vectors(index_folder: Path, server: ChromaAddress) -> None:
    """Delete from the server what this folder sent and no generation in it needs any more."""
    with closing(ChromaServer(server)) as connection:
        connection.forget(owner=owner_of(index_folder), keep=_fingerprints(index_folder))


def owner_of(index_folder: Path) -> str:
    """Return the mark by which a folder knows the collections that it sent; a copy of the folder gets one of its own."""
    path = index_folder / _OWNER
    mark, _, inode = path.read_text(encoding="utf-8").partition(" ") if path.is_file() else ("", "", "")
    if inode != str(_inode(path)):
        mark = uuid.uuid4().hex
        path.unlink(missing_ok=True)
        path.touch()
        path.write_text(f"{mark} {_inode(path)}", encoding="utf-8")
    return mark


def _inode(path: Path) -> int | None:
    return os.stat(path).st_ino if path.exists() else None


def _fingerprints(index_folder: Path) -> set[str]:
    found = set()
    for manifest in index_folder.glob("generation-*/manifest.json"):
        try:
            found.add(read_manifest(manifest.parent)["fingerprint"])
        except StaleIndex:
            continue
    return found
