"""Who holds a page or its twin already is told so, and who holds another is sent the new one."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.domain import Corpus, IndexIdentity
from server import rendering, revalidation
from server.app import create_app
from server.settings import Settings
from tests.fakes import FakeSearcher

Q = "?q=Who+visited+Moscow"
TAGGED = ["/", f"/ask{Q}", f"/ask.json{Q}", f"/ask.md{Q}", f"/ask.csl.json{Q}", "/documents/article", "/documents/article.json",
          "/sources", "/sources.json", "/sources/3", "/sources/3.json", "/sources.bib", "/check?text=a+b+c"]  # fmt: skip


@pytest.mark.parametrize("address", TAGGED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_held_is_not_sent_again(client: TestClient, method: str, address: str) -> None:
    """A page and each of its twins has a tag; asked for again with it the answer is 304, without a body, to be revalidated."""
    tag = client.get(address).headers["etag"]
    again = client.request(method, address, headers={"if-none-match": f'"other", {tag}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == "no-cache"
    assert again.headers["vary"] == "Accept-Encoding"
    assert "content-security-policy" in again.headers


def test_compressed_page_has_the_same_weak_tag(client: TestClient) -> None:
    """The tag is weak, as it is the same for the plain and the compressed bytes, and holds for either."""
    plain = client.get("/documents/article", headers={"accept-encoding": "identity"})
    packed = client.get("/documents/article", headers={"accept-encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] == packed.headers["etag"]
    assert plain.headers["etag"].startswith('W/"')


def test_page_stays_as_it_is_tagged(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that is changed under a running server changes no page, as it does not change the page's tag."""
    folder = shutil.copytree(rendering.FOLDER, tmp_path / "templates")
    monkeypatch.setattr(rendering, "FOLDER", folder)
    client = TestClient(create_app(Settings(), FakeSearcher(corpus)))
    before = client.get("/sources")
    (folder / "sources.html").write_text("changed", encoding="utf-8")
    (folder / "source.html").write_text("changed", encoding="utf-8")

    assert client.get("/sources").content == before.content
    assert client.get("/sources/3").text != "changed"


def test_every_address_has_its_own_tag(client: TestClient) -> None:
    """No two addresses share a tag, and neither do two hosts, as files hold the host's address."""
    tags = [client.get(address).headers["etag"] for address in TAGGED]
    tags += [
        client.get(f"/ask.md{Q}", headers={"host": "other.example"}).headers["etag"],
        client.get(f"/ask{Q}&k=4").headers["etag"],
    ]

    assert len(set(tags)) == len(tags)


def test_tag_changes_with_all_that_changes_a_page(corpus: Corpus, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another index, default style, right to show texts or edition of the program, or no vector server: another tag."""
    alone = FakeSearcher(corpus)
    alone.without_server = "away"
    other_index = FakeSearcher(corpus)
    other_index.identity = replace(other_index.identity, fingerprint="0" * 64)
    assert isinstance(other_index.identity, IndexIdentity)

    def tag(settings: Settings, searcher: FakeSearcher) -> str:
        return TestClient(create_app(settings, searcher)).get(f"/ask{Q}").headers["etag"]

    same = {tag(Settings(), FakeSearcher(corpus)), client.get(f"/ask{Q}").headers["etag"]}
    found = {tag(Settings(), other_index), tag(Settings(style="apa"), FakeSearcher(corpus))}
    found |= {tag(Settings(private_use=True), FakeSearcher(corpus)), tag(Settings(), alone)}
    monkeypatch.setattr(revalidation, "edition", lambda: "tomorrow's")
    found.add(tag(Settings(), FakeSearcher(corpus)))

    assert len(same) == 1
    assert len(found - same) == 5


def test_edition_holds_program_and_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The edition changes when a byte of a template, a style sheet or the program does."""
    files = [tmp_path / name for name in ("templates/ask.html", "templates/static/style.css", "index/a/b.py")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("before")
    monkeypatch.setattr(revalidation, "_ROOT", tmp_path)
    made = revalidation.edition.__wrapped__
    editions = [made()]
    for file in files:
        file.write_text("after")
        editions.append(made())

    assert len(set(editions)) == 4


@pytest.mark.parametrize("address", ["/health", "/ready", "/robots.txt", "/ask?q=%3F", "/sources/999", "/documents/none"])
def test_nothing_else_is_tagged(client: TestClient, address: str) -> None:
    """The state of the server, and errors, carry no tag."""
    assert "etag" not in client.get(address).headers


def test_without_an_index_nothing_is_not_modified(client: TestClient) -> None:
    """While there is no index a page that was held is not confirmed, but answered as all else is."""
    tag = client.get("/sources.json").headers["etag"]
    waiting = TestClient(create_app(Settings()))

    assert waiting.get("/sources.json", headers={"if-none-match": tag}).status_code == 503
