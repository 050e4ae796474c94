"""The JSON endpoints keep the contract, and the same question gives the same bytes."""

from dataclasses import replace
from typing import Any

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from index.addresses import document_address
from index.domain import Corpus
from server import exports
from server.app import create_app
from server.documents import AROUND, MOST_OF_A_SOURCE
from server.settings import Settings
from tests.fakes import HELD, FakeSearcher

QUESTION = "helicopters Russia India sale"
ANSWER = {
    "question", "searched", "status", "confidence", "passages", "nearest", "references", "not_searched",
    "related_questions", "degraded", "index",
}  # fmt: skip
PASSAGE = {
    "number", "text", "highlights", "document", "role", "start", "end", "section", "paragraph", "notes", "citation",
    "url", "score", "also_at", "target", "findings",
}  # fmt: skip
SOURCE = {
    "number", "printed", "citation", "url", "status", "reason", "annotation", "editor_notes", "cited_at",
    "duplicate_of", "passages",
}  # fmt: skip


def test_answer_has_the_contract_names(client: TestClient) -> None:
    """An answer, its passages and all inside them carry exactly the names of the contract."""
    answer = client.get("/ask.json", params={"q": QUESTION}).json()

    passage = next(p for p in answer["passages"] if p["notes"])
    assert set(answer) == ANSWER
    assert set(passage) == PASSAGE
    assert set(passage["document"]) == {"id", "title", "kind", "sha256", "article"}
    assert set(passage["highlights"][0]) == {"start", "end", "within_quotation"}
    assert {"number", "at", "references"} <= set(passage["notes"][0])
    assert [s["type"] for s in passage["target"]["selector"]] == ["TextPositionSelector", "TextQuoteSelector"]
    assert set(answer["references"][0]) == {
        "article",
        "number",
        "printed",
        "citation",
        "url",
        "status",
        "editor_notes",
        "passages",
    }
    assert set(answer["index"]) == {"fingerprint", "encoder"}


def test_passages_stand_verbatim_in_their_documents(client: TestClient) -> None:
    """A passage's offsets cut its text out of the document that `/documents/{id}.json` serves."""
    answer = client.get("/ask.json", params={"q": QUESTION}).json()

    for passage in answer["passages"]:
        document = client.get(f"/documents/{passage['document']['id']}.json").json()
        assert document["sha256"] == passage["document"]["sha256"]
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]


def test_get_and_post_give_the_same_bytes(client: TestClient) -> None:
    """The same question gives the same bytes by GET and by POST, again and again; time is told in a header."""
    got = [client.get("/ask.json", params={"q": QUESTION, "k": 3, "previous": ["a", "b"]}) for _ in range(2)]
    posted = client.post("/ask.json", json={"question": QUESTION, "k": 3, "previous": ["a", "b"]})

    assert got[0].content == got[1].content == posted.content
    assert "ask;dur=" in got[0].headers["server-timing"]


def test_fields_reach_the_searcher(client: TestClient) -> None:
    """k, previous, as_typed and style are handed to the searcher as they were sent."""
    fields: dict[str, Any] = {"k": 2, "previous": ["helicopters"], "style": "apa"}

    completed = client.post("/ask.json", json={"question": "and the sale", **fields}).json()
    typed = client.post("/ask.json", json={"question": "and the sale", **fields, "as_typed": True}).json()

    assert completed["searched"] == "helicopters and the sale"
    assert typed["searched"] == "and the sale"
    assert len(completed["passages"] + completed["nearest"]) == 2
    assert all(r["citation"].endswith("(apa)") for r in completed["references"])


def test_settings_give_the_style(corpus: Corpus) -> None:
    """Where a question names no style, the server's setting does."""
    client = TestClient(create_app(Settings(style="mla"), FakeSearcher(corpus)))

    assert client.get("/sources/1.json").json()["citation"].endswith("(mla)")


def test_document_has_the_contract_names(client: TestClient, corpus: Corpus) -> None:
    """A document is served with its text, numbered paragraphs and notes."""
    document = client.get("/documents/article.json").json()

    assert {"id", "title", "kind", "sha256", "text", "paragraphs", "notes"} <= set(document)
    assert document["text"] == corpus.document("article").text
    assert {"number", "start", "end", "section"} <= set(document["paragraphs"][0])
    assert {"number", "at", "text", "references"} == set(document["notes"][0])


def test_source_text_is_left_out(client: TestClient) -> None:
    """A publisher's text is not republished: without a stretch it is left out, and a long stretch is refused."""
    whole = client.get(f"/documents/source-{HELD}.json").json()
    long = client.get(f"/documents/source-{HELD}.json", params={"start": 0, "end": MOST_OF_A_SOURCE + 1})

    assert whole["text"] is None
    assert whole["paragraphs"]
    assert long.status_code == 422


def test_source_stretch_comes_with_a_little_around(client: TestClient, corpus: Corpus) -> None:
    """A stretch of a source comes with whole words around it, within its paragraph, and says where it begins."""
    source = corpus.document(f"source-{HELD}")
    paragraph = source.paragraphs[1]
    start, end = paragraph.start + 220, paragraph.start + 260

    view = client.get(f"/documents/source-{HELD}.json", params={"start": start, "end": end}).json()

    assert view["text"] == source.text[view["start"] : view["end"]]
    assert start - AROUND <= view["start"] <= start < end <= view["end"] <= end + AROUND
    assert source.text[view["start"] - 1] == " "
    assert source.text[view["end"]] == " "


def test_private_use_shows_sources_whole(corpus: Corpus) -> None:
    """With the setting for private use a source's text is served like any other."""
    client = TestClient(create_app(Settings(private_use=True), FakeSearcher(corpus)))

    assert client.get(f"/documents/source-{HELD}.json").json()["text"] == corpus.document(f"source-{HELD}").text


def test_document_may_be_called_by_any_name(corpus: Corpus) -> None:
    """Whatever an article's file is called, its document is served under that name; an unknown one is a 404."""
    name = "it's β, (draft) & more"
    renamed = replace(corpus, documents=(*corpus.documents, replace(corpus.document("about"), id=name)))
    client = TestClient(create_app(Settings(), FakeSearcher(renamed)))

    assert client.get(f"{document_address(name)}.json").json()["id"] == name
    assert client.get(f"{document_address(name + '!')}.json").status_code == 404


def test_sources_have_the_contract_names(client: TestClient) -> None:
    """All 29 sources are listed, each with the names of the contract, and one alone is the same as in the list."""
    listed = client.get("/sources.json").json()["sources"]

    assert [s["number"] for s in listed] == list(range(1, 30))
    assert set(listed[0]) >= SOURCE
    assert client.get("/sources/7.json").json() == listed[6]


def test_citing_sentences_are_found(client: TestClient, corpus: Corpus) -> None:
    """Each source names the sentence that carries its note, by offsets into the article."""
    listed = client.get("/sources.json").json()["sources"]

    notes = {n.number: n for n in corpus.document("article").notes}
    for source in listed:
        (place,) = source["cited_at"]
        assert corpus.document(place["document"]).text[place["start"] : place["end"]] == place["text"]
        assert place["start"] < notes[source["number"]].at <= place["end"] + 1


def test_addresses_of_sources_are_safe(corpus: Corpus) -> None:
    """An address that is not http or https is not passed on."""
    reference = corpus.references[0]
    reference.csl["URL"] = "javascript:alert(1)"

    client = TestClient(create_app(Settings(), FakeSearcher(corpus)))

    assert client.get("/sources/1.json").json()["url"] is None


def test_health_and_readiness(client: TestClient) -> None:
    """A server with an open index is up and ready, and says which index it asks."""
    health, ready = client.get("/health"), client.get("/ready")

    assert health.json()["status"] == "up"
    assert ready.json()["status"] == "ready"
    assert ready.json()["index"]["encoder"] == "none"


def test_openapi_describes_the_contract(client: TestClient) -> None:
    """The OpenAPI description names the endpoints, the problem bodies and no page."""
    described = client.get("/openapi.json").json()

    exported = {route.path for route in exports.router.routes if isinstance(route, APIRoute)}
    assert set(described["paths"]) - exported == {
        "/ask.json", "/check.json", "/documents/{id}.json", "/sources.json", "/sources/{number}.json", "/health",
        "/metrics", "/ready",
    }  # fmt: skip
    assert set(described["paths"]) >= exported > {"/ask.md", "/ask.bib", "/ask.ris", "/ask.csl.json", "/ask.jsonld"}
    for path in described["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["422"]["content"]
    assert "HTTPValidationError" not in str(described)
