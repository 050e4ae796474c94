"""The vectors on a Chroma server, a real one: the same answers as without it, sent once, never another's deleted."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import chroma_server
from index.build import Built, build
from index.chroma_server import OVERSAMPLING, ChromaAddress, ChromaServer
from index.encoder import Floats, unit
from index.errors import MissingIndex, VectorServerError
from index.generations import current, read_manifest
from index.searcher import WITHOUT_SERVER, Searcher
from index.sending import owner_of, send_vectors
from index.vector_search import EXACT_UP_TO, VectorSearch
from server.settings import BadSetting, read_settings
from tests.chroma import RunningChroma
from tests.conftest import ARTICLE, QUESTIONS, ToyEncoder, silent
from tests.ports import free_port

ASKED = [q["question"] for q in QUESTIONS] + ["Who slept in the barrack?", "whale oil", "How deep is the sea there?"]
COUNT = 100


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningChroma]:
    running = RunningChroma(tmp_path_factory.mktemp("chroma"))
    yield running
    running.stop()


@pytest.fixture
def address(chroma: RunningChroma) -> ChromaAddress:
    """Return the server's address, the server being empty."""
    with closing(ChromaServer(ChromaAddress(chroma.url))) as server:
        for collection in server._client.list_collections():
            server._client.delete_collection(collection.name)
    return ChromaAddress(chroma.url)


def rebuild(corpus: Path, index: Path, address: ChromaAddress | None) -> Built:
    return build(corpus, index, ToyEncoder(), progress=silent, server=address)


def names(address: ChromaAddress) -> list[str]:
    with closing(ChromaServer(address)) as server:
        return sorted(c.name for c in server._client.list_collections())


def named(index: Path) -> list[str]:
    """Return the names that the collections of the current generation should have."""
    fingerprint = read_manifest(current(index))["fingerprint"]
    return [f"footnote-{fingerprint}-{name}" for name in ("answered", "gaps", "passages")]


def answers(index: Path, address: ChromaAddress | None) -> list[dict[str, Any]]:
    with closing(Searcher.open(index, ToyEncoder(), address)) as searcher:
        return [asdict(searcher.ask(question)) for question in ASKED]


def random_vectors(count: int, seed: int) -> Floats:
    return unit(np.random.default_rng(seed).standard_normal((count, 64)).astype(np.float32))


def change(corpus: Path, year: int) -> None:
    (corpus / "article.md").write_text(ARTICLE.replace("summer of 1838", f"summer of {year}"), encoding="utf-8")
    (corpus / "question_index.jsonl").unlink(missing_ok=True)


@pytest.mark.parametrize("exact_up_to", [0, EXACT_UP_TO])
def test_answers_are_the_same(
    toy_corpus: Path, built: Path, address: ChromaAddress, monkeypatch: pytest.MonkeyPatch, exact_up_to: int
) -> None:
    """With the vectors on a server, asked or not, every answer is what it is without one, and so is the index."""
    monkeypatch.setattr("index.vector_search.EXACT_UP_TO", exact_up_to)
    before = read_manifest(current(built))
    done = rebuild(toy_corpus, built, address)

    assert names(address) == named(built)
    assert (done.fingerprint, done.changed) == (before["fingerprint"], False)
    assert answers(built, address) == answers(built, None)


def test_nearest_are_the_exact_ones(address: ChromaAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some thousand vectors those that the server names hold the exact nearest, in the exact order."""
    vectors = {"some": random_vectors(3000, 1)}
    send_vectors(tmp_path, "f" * 64, vectors, address)
    exact = VectorSearch(vectors, None)
    monkeypatch.setattr("index.vector_search.EXACT_UP_TO", 0)
    with closing(VectorSearch.served(ChromaServer(address).open("f" * 64, vectors), vectors)) as served:
        for query in random_vectors(40, 2):
            found, wanted = served.search("some", query, COUNT), exact.search("some", query, COUNT)

            assert found[0].tolist() == wanted[0].tolist()
            assert found[1].tolist() == wanted[1].tolist()
            assert not served.server_is_away


@pytest.mark.parametrize("changed", ["added", "deleted"])
def test_changed_collection_is_not_believed(
    address: ChromaAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """Where somebody changes a collection after it was opened, the vectors of the folder are searched instead."""
    vectors = {"some": random_vectors(300, 1)}
    query = random_vectors(1, 2)[0]
    send_vectors(tmp_path, "f" * 64, vectors, address)
    monkeypatch.setattr("index.vector_search.EXACT_UP_TO", 0)
    with closing(VectorSearch.served(ChromaServer(address).open("f" * 64, vectors), vectors)) as served:
        with closing(ChromaServer(address)) as other:
            collection = other._client.get_collection(names(address)[0], embedding_function=None)
            if changed == "added":
                collection.upsert(ids=["300"], embeddings=[query])
            else:
                collection.delete(ids=[str(row) for row in range(290)])
        found = served.search("some", query, COUNT)

        assert found[0].tolist() == VectorSearch(vectors, None).search("some", query, COUNT)[0].tolist()
        assert served.server_is_away


def test_vectors_are_sent_once(address: ChromaAddress, tmp_path: Path) -> None:
    """Vectors that are there are not sent again; a sending that broke off, or other numbers, are mended."""
    vectors = {"some": random_vectors(300, 1)}
    first = send_vectors(tmp_path, "f" * 64, vectors, address)
    again = send_vectors(tmp_path, "f" * 64, vectors, address)
    with closing(ChromaServer(address)) as server:
        server._client.list_collections()[0].delete(ids=["7"])
    after_a_loss = send_vectors(tmp_path, "f" * 64, vectors, address)
    with closing(ChromaServer(address)) as server:
        server.open("f" * 64, vectors)
        server._client.list_collections()[0].upsert(ids=["0"], embeddings=vectors["some"][1:2])
        with pytest.raises(VectorServerError, match=r"does not hold this index's vectors; run 'footnote build'\.$"):
            server.open("f" * 64, vectors)

    assert (first, again, after_a_loss) == (300, 0, 300)


def test_large_collections_are_sent_in_parts(address: ChromaAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many vectors there are, each request stays small, and all of them arrive under their own rows."""
    monkeypatch.setattr(chroma_server, "_BYTES_AT_ONCE", 64 * 4 * 70)
    vectors = {"some": random_vectors(300, 1)}
    send_vectors(tmp_path, "f" * 64, vectors, address)
    with closing(ChromaServer(address).open("f" * 64, vectors)) as served:
        near = [served.rows("some", vectors["some"][row], 1).tolist() for row in (0, 69, 70, 299)]

    assert all(row in found for row, found in zip((0, 69, 70, 299), near, strict=True))
    assert {len(found) for found in near} == {OVERSAMPLING}


def test_collections_of_gone_generations_are_deleted(toy_corpus: Path, built: Path, address: ChromaAddress) -> None:
    """A build deletes what it sent for generations that are gone, keeps those of the one before, and leaves all else alone."""
    with closing(ChromaServer(address)) as server:
        server._client.create_collection("footnote-of-somebody", embedding_function=None)
    rebuild(toy_corpus, built, address)
    first = named(built)
    change(toy_corpus, 1839)
    rebuild(toy_corpus, built, address)
    second = named(built)
    change(toy_corpus, 1840)
    rebuild(toy_corpus, built, address)

    assert names(address) == sorted([*second, *named(built), "footnote-of-somebody"])
    assert not {*first} & {*names(address)}


def test_copies_do_not_delete_each_others(toy_corpus: Path, built: Path, address: ChromaAddress, tmp_path: Path) -> None:
    """A copy of an index folder that is built further deletes nothing that the folder it was copied from has sent."""
    rebuild(toy_corpus, built, address)
    first = named(built)
    copy = Path(shutil.copytree(built, tmp_path / "copy"))
    for year in (1839, 1840, 1841):
        change(toy_corpus, year)
        rebuild(toy_corpus, copy, address)

    assert {*first} <= {*names(address)}
    assert answers(built, address) == answers(built, None)


def test_owner_is_a_folders_own(tmp_path: Path) -> None:
    """A folder keeps its mark when it is moved, and a copy of it gets another."""
    folder = tmp_path / "one"
    folder.mkdir()
    mark = owner_of(folder)
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    os.rename(folder, tmp_path / "moved")

    assert owner_of(tmp_path / "moved") == mark
    assert owner_of(copy) != mark


def test_stopped_server_is_made_up_for(
    toy_corpus: Path, built: Path, address: ChromaAddress, chroma: RunningChroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the server is gone answers come from the index folder and say so; when it is back they come from there again."""
    rebuild(toy_corpus, built, address)
    expected = answers(built, None)[0]
    monkeypatch.setattr("index.vector_search.EXACT_UP_TO", 0)
    monkeypatch.setattr("index.vector_search.ASKED_AGAIN_SECONDS", 0.5)
    with closing(Searcher.open(built, ToyEncoder(), address)) as searcher:
        chroma.stop()
        try:
            alone = asdict(searcher.ask(ASKED[0]))
        finally:
            chroma.start()
        time.sleep(0.6)
        again = asdict(searcher.ask(ASKED[0]))

    assert alone["degraded"] == (WITHOUT_SERVER,)
    assert {**alone, "degraded": ()} == expected
    assert again == expected


def test_no_server_is_one_sentence(toy_corpus: Path, built: Path, tmp_path: Path) -> None:
    """Where nothing listens neither a build nor an opening begins, the address is named, and the old index stays."""
    nowhere = ChromaAddress(f"http://127.0.0.1:{free_port()}")
    before = current(built)
    change(toy_corpus, 1839)
    for act in (lambda: rebuild(toy_corpus, built, nowhere), lambda: Searcher.open(built, ToyEncoder(), nowhere)):
        with pytest.raises(VectorServerError, match=rf"^the Chroma server at {nowhere.url} cannot be reached: .*refused\.$"):
            act()
    with pytest.raises(VectorServerError):
        rebuild(toy_corpus, tmp_path / "new", nowhere)
    with pytest.raises(MissingIndex):
        current(tmp_path / "new")

    assert current(built) == before


def test_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and says nothing is given up soon."""
    monkeypatch.setattr(chroma_server, "TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began = time.monotonic()
        with pytest.raises(VectorServerError, match=r"cannot be reached: timed out\.$"):
            ChromaServer(ChromaAddress(f"http://127.0.0.1:{listener.getsockname()[1]}"))

    assert time.monotonic() - began < 5


def test_client_does_not_wait_for_ever(address: ChromaAddress) -> None:
    """Every later request has an end too, a question's a near one; Chroma's own client has none."""
    with closing(ChromaServer(address)) as server:
        sending = server._client._server._session.timeout.read
        server.open("f" * 64, {})
        asking = server._client._server._session.timeout.read

    assert (sending, asking) == (chroma_server.PATIENCE_SECONDS, chroma_server.TIMEOUT_SECONDS)


class Wrong(BaseHTTPRequestHandler):
    """A web server that is not Chroma; it keeps the headers it was sent."""

    status, body, seen = 200, b"hello", []

    def do_GET(self) -> None:
        """Answer anything with the same."""
        self.seen.append(dict(self.headers))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(200, b"hello", r"is no Chroma server\.$"), (200, b"[]", r"is no Chroma server\.$"), (404, b"", r"it says 404\.$")],
)
def test_another_server_is_told_from_chroma(status: int, body: bytes, said: str) -> None:
    """What answers and is no Chroma server is named as that, and was shown the token in Chroma's own header."""
    handler = type("Handler", (Wrong,), {"status": status, "body": body, "seen": []})
    with HTTPServer(("127.0.0.1", 0), handler) as wrong:
        threading.Thread(target=wrong.handle_request).start()
        with pytest.raises(VectorServerError, match=said):
            ChromaServer(ChromaAddress(f"http://127.0.0.1:{wrong.server_port}", token="secret"))

    assert {k.lower(): v for k, v in handler.seen[0].items()}["x-chroma-token"] == "secret"  # type: ignore[attr-defined]


def test_index_that_was_never_sent_is_not_opened(built: Path, address: ChromaAddress) -> None:
    """A server without this index's vectors is named with the command that sends them."""
    with pytest.raises(VectorServerError, match=r"does not hold this index's vectors; run 'footnote build'\.$"):
        Searcher.open(built, ToyEncoder(), address)


def test_tenant_that_is_not_there_is_one_sentence(address: ChromaAddress) -> None:
    """A tenant that the server does not know is said in one sentence."""
    with pytest.raises(VectorServerError, match=r"does not serve nobody/default_database: it says 404\.$"):
        ChromaServer(ChromaAddress(address.url, tenant="nobody"))


def test_token_is_never_shown() -> None:
    """Neither the settings nor the address show the token when they are printed."""
    settings = read_settings(chroma_url="http://localhost:8000", chroma_token="secret")

    assert settings.chroma is not None
    assert settings.chroma.token == "secret"
    assert "secret" not in f"{settings!r} {settings.chroma!r}"


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host:1", "http://", "http://me:secret@host", "http://host/path?x"])
def test_address_is_checked(url: str) -> None:
    """What is not the address of a server is refused with the variable's name; none is no server."""
    with pytest.raises(BadSetting, match=r"^FOOTNOTE_CHROMA_URL is .*: input should be http:// or https://"):
        read_settings(chroma_url=url)

    assert read_settings().chroma is None
