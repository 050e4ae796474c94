"""The vectors of a generation on a Chroma server, for whoever wants them off this machine.

The index folder keeps them too: a server is sent them by the build, and only ever told which rows are near.
"""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import numpy as np
from numpy.typing import NDArray

from index.encoder import Floats
from index.errors import VectorServerError
from index.generations import MEND
from index.store import HNSW

TIMEOUT_SECONDS = 3.0
"""Of a question, and of looking whether anybody is there; Chroma's own client waits for ever."""
PATIENCE_SECONDS = 120.0
"""Of sending vectors and of opening collections, which a server first reads from its disk."""
OVERSAMPLING = 10
"""Times as many rows are asked for as are wanted: a graph misses some of the nearest, the order is made here."""
_BYTES_AT_ONCE = 1_000_000
"""Of vectors in one request; `chroma run` takes 40 MB, and written out a number takes several times its four bytes."""
_LISTED_AT_ONCE = 100
_CHECKED = 5
"""Vectors of each collection that are compared when it is opened."""
_LONGEST_ANSWER = 10_000
_OWNER, _FINGERPRINT = "footnote_owner", "footnote_fingerprint"


@dataclass(frozen=True, slots=True)
class ChromaAddress:
    """Where a Chroma server is, and as whom it is asked."""

    url: str
    token: str = field(default="", repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"


class ChromaServer:
    """A connection to a Chroma server; raises VectorServerError where there is none to be had."""

    def __init__(self, address: ChromaAddress) -> None:
        self._url = address.url
        _require_chroma(address)
        with self._asked():
            self._client = _client(address)
            self._sessions = [part._server._session for part in (self._client, self._client._admin_client)]
        self._wait(PATIENCE_SECONDS)

    def publish(self, fingerprint: str, collections: Mapping[str, Floats], *, owner: str) -> int:
        """Send the vectors of a generation, but for what is there already, and return how many were sent."""
        sent = 0
        with self._asked():
            for name, vectors in collections.items():
                sent += self._send(fingerprint, name, vectors, owner)
        return sent

    def forget(self, *, owner: str, keep: set[str]) -> None:
        """Delete the collections that this owner sent and whose generation is none of those to keep."""
        with self._asked():
            for collection in list(self._listed()):
                sent_by = collection.metadata or {}
                if sent_by.get(_OWNER) == owner and sent_by.get(_FINGERPRINT) not in keep:
                    self._client.delete_collection(collection.name)

    def open(self, fingerprint: str, collections: Mapping[str, Floats]) -> "ServedVectors":
        """Return the generation's collections; raise VectorServerError where one is missing or holds something else."""
        with self._asked():
            found = {name: self._found(fingerprint, name) for name in collections}
            for name, vectors in collections.items():
                if found[name] is None or not _holds(found[name], vectors):
                    raise VectorServerError(f"the Chroma server at {self._url} does not hold this index's vectors; {MEND}.")
        self._wait(TIMEOUT_SECONDS)
        return ServedVectors(self, found)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()
        for session in self._sessions:  # which the client leaves open
            session.close()

    def _wait(self, seconds: float) -> None:
        for session in self._sessions:
            session.timeout = seconds

    def _send(self, fingerprint: str, name: str, vectors: Floats, owner: str) -> int:
        collection = self._found(fingerprint, name)
        if collection is not None and _holds(collection, vectors):
            return 0
        if collection is None:
            marks = {_OWNER: owner, _FINGERPRINT: fingerprint}
            collection = self._client.create_collection(
                _name(fingerprint, name), embedding_function=None, configuration={"hnsw": HNSW}, metadata=marks
            )
        batch = max(_BYTES_AT_ONCE // (4 * vectors.shape[1]), 1)
        for at in range(0, len(vectors), batch):
            rows = range(at, min(at + batch, len(vectors)))
            collection.upsert(ids=[str(row) for row in rows], embeddings=np.asarray(vectors[at : at + batch]))
        return len(vectors)

    def _found(self, fingerprint: str, name: str) -> Any:
        from chromadb.errors import NotFoundError

        try:
            return self._client.get_collection(_name(fingerprint, name), embedding_function=None)
        except NotFoundError:
            return None

    def _listed(self) -> Iterator[Any]:
        for at in range(math.ceil(self._client.count_collections() / _LISTED_AT_ONCE)):
            yield from self._client.list_collections(limit=_LISTED_AT_ONCE, offset=at * _LISTED_AT_ONCE)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn whatever goes wrong on the way into one sentence: Chroma's client raises bare Exceptions."""
        try:
            yield
        except VectorServerError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".partition("\n")[0][:200].rstrip(". ")
            raise VectorServerError(f"the Chroma server at {self._url} cannot be asked ({reason}).") from None


class ServedVectors:
    """The collections of one generation on a server."""

    def __init__(self, server: ChromaServer, collections: dict[str, Any]) -> None:
        self._server = server
        self._collections = collections

    def rows(self, collection: str, vector: Floats, count: int) -> NDArray[np.int64]:
        """Return rows among which the nearest `count` are, by row; raise VectorServerError where the server cannot say."""
        with self._server._asked():
            found = self._collections[collection].query(query_embeddings=[vector], n_results=count * OVERSAMPLING, include=[])
            return np.sort(np.asarray([int(id) for id in found["ids"][0]], dtype=np.int64))

    def close(self) -> None:
        """Let go of the connection."""
        self._server.close()


def _name(fingerprint: str, name: str) -> str:
    return f"footnote-{fingerprint}-{name}"


def _holds(collection: Any, vectors: Floats) -> bool:
    """Tell whether the collection has as many vectors, and the same ones at a few places."""
    if collection.count() != len(vectors):
        return False
    rows = [str(row) for row in np.unique(np.linspace(0, len(vectors) - 1, _CHECKED).astype(int))] if len(vectors) else []
    found = collection.get(ids=rows, include=["embeddings"]) if rows else {"ids": [], "embeddings": []}
    there = dict(zip(found["ids"], found["embeddings"], strict=True))
    return all(row in there and np.allclose(there[row], vectors[int(row)], atol=1e-6) for row in rows)


def _require_chroma(address: ChromaAddress) -> None:
    """Look whether a Chroma server answers that has this database: the client's own first requests would wait for ever."""
    where = f"{address.tenant}/{address.database}"
    try:
        int(_read(address, "heartbeat")["nanosecond heartbeat"])
        _read(address, f"tenants/{quote(address.tenant, safe='')}/databases/{quote(address.database, safe='')}")
    except HTTPError as error:
        error.close()
        raise VectorServerError(f"what answers at {address.url} does not serve {where}: it says {error.code}.") from None
    except (ValueError, KeyError, TypeError):
        raise VectorServerError(f"what answers at {address.url} is no Chroma server.") from None
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise VectorServerError(f"the Chroma server at {address.url} cannot be reached: {reason}.") from None


def _read(address: ChromaAddress, path: str) -> Any:
    with urlopen(Request(f"{address.url}/api/v2/{path}", headers=_headers(address)), timeout=TIMEOUT_SECONDS) as answer:
        return json.loads(answer.read(_LONGEST_ANSWER))


def _headers(address: ChromaAddress) -> dict[str, str]:
    return {"x-chroma-token": address.token} if address.token else {}


def _client(address: ChromaAddress) -> Any:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address.url)
    host, ssl = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if ssl else 80)
    return chromadb.HttpClient(
        host=host,
        port=port,
        ssl=ssl,
        headers=_headers(address),
        tenant=address.tenant,
        database=address.database,
        settings=Settings(_env_file=None, anonymized_telemetry=False, chroma_server_host=host, chroma_server_http_port=port),  # type: ignore[call-arg]
    )
