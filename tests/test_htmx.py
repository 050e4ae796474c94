"""The one script that is not ours: the published one, with its licence, where it is used and nowhere else."""

import hashlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

STATIC = Path(__file__).resolve().parents[1] / "templates" / "static"
HTMX = "htmx-2.0.11.min.js"
PUBLISHED = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""The sha256 of dist/htmx.min.js in the npm package htmx.org 2.0.11."""
LARGEST_BYTES = 60_000


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(fake_corpus())))


def scripts(client: TestClient, address: str) -> list[str]:
    return [t.attributes["src"] for t in Markup(client.get(address).text).named("script")]


def test_htmx_is_the_published_one_with_its_licence() -> None:
    """Not a byte differs from the package, and its licence stands beside it."""
    assert hashlib.sha256((STATIC / HTMX).read_bytes()).hexdigest() == PUBLISHED
    assert (STATIC / "htmx-2.0.11.LICENSE.txt").read_text(encoding="utf-8").startswith("Zero-Clause BSD")


def test_htmx_is_loaded_by_a_conversation_only(client: TestClient) -> None:
    """The first page, the article and the sources do without it."""
    assert any("htmx" in script for script in scripts(client, "/ask?q=helicopters"))
    for address in ("/", "/documents/article", "/sources", "/check"):
        assert not any("htmx" in script for script in scripts(client, address))


def test_htmx_may_neither_evaluate_nor_style(client: TestClient) -> None:
    """Its configuration forbids what our content security policy would block, and keeps no history of its own."""
    page = Markup(client.get("/ask?q=helicopters").text)
    (config,) = [t.attributes["content"] for t in page.named("meta") if t.attributes.get("name") == "htmx-config"]

    assert '"includeIndicatorStyles": false' in config
    assert '"allowEval": false' in config
    assert '"historyCacheSize": 0' in config


def test_a_conversation_is_light(client: TestClient) -> None:
    """An answer with all it loads stays under 60 kB over the wire."""
    page = Markup(client.get("/ask?q=helicopters Russia India sale").text)
    loaded = [t.attributes["href"] for t in page.named("link") if t.attributes["rel"] in ("stylesheet", "icon")]
    addresses = ["/ask?q=helicopters Russia India sale", *loaded, *(t.attributes["src"] for t in page.named("script"))]

    assert sum(wire_size(client, address) for address in addresses) < LARGEST_BYTES


def wire_size(client: TestClient, address: str) -> int:
    with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as response:
        return sum(map(len, response.iter_raw()))
