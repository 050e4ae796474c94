"""Quotations are checked by JSON, on a page and on the command line, and all three say the same."""

import json
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from index.limits import LONGEST_DRAFT
from server.app import create_app
from server.cli import main
from server.settings import Settings
from tests.drafts import DRAFT, EXACT, FORM
from tests.fakes import HELD, FakeSearcher, fake_corpus
from tests.markup import Markup

JSON = {"content-type": "application/json"}
HOSTILE = "<script>alert(1)</script> {{7*7}} \"' & three words"
EXACT_IN_TOY = "Forty masons cut granite on the island"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = create_app(Settings(), FakeSearcher(fake_corpus()))
    app.user_middleware.clear()  # Compression swallows the template's context, which the twins are compared by.
    return TestClient(app)


def test_check_has_the_contract_names(client: TestClient) -> None:
    """A check, its quotations and all inside them carry the names of the contract, in the draft's order."""
    checked = client.post("/check.json", json={"text": DRAFT}).json()
    named = client.post("/check.json", json={"text": DRAFT, "document": None}).json()

    exact, altered, strange = checked["quotations"]
    assert set(checked) == {"quotations"}
    assert set(exact) == {
        "quoted", "start", "end", "verdict", "document", "found", "differences", "changed", "claimed_paragraphs",
    }  # fmt: skip
    assert set(exact["found"][0]) == {
        "document", "start", "end", "text", "url", "paragraph", "last_paragraph", "changed", "findings",
    }  # fmt: skip
    assert [q["verdict"] for q in checked["quotations"]] == ["exact", "altered", "not_found"]
    assert [q["quoted"] for q in checked["quotations"]] == [DRAFT[q["start"] : q["end"]] for q in checked["quotations"]]
    assert {"kind": "digit", "quoted": "2", "found": "1"} in altered["differences"]
    assert (strange["document"], strange["found"], strange["differences"]) == (None, [], [])
    assert named == checked


def test_places_are_cut_out_of_the_document_served(client: TestClient) -> None:
    """The offsets of a place cut its text out of the document that its address serves, marked."""
    place = client.get("/check.json", params={"text": EXACT}).json()["quotations"][0]["found"][0]
    document = client.get(f"/documents/{place['document']}.json").json()

    assert document["text"][place["start"] : place["end"]] == place["text"] == EXACT
    assert Markup(client.get(place["url"]).text).named("mark", id="hl")[0].text.startswith("Pakistan established")


def test_claimed_document_is_heeded(client: TestClient) -> None:
    """What is claimed from another document than it stands in is exact elsewhere."""
    verdicts = [
        client.get("/check.json", params={"text": EXACT, "document": id}).json()["quotations"][0]["verdict"]
        for id in ("article", "about")
    ]

    assert verdicts == ["exact", "elsewhere"]


BODIES: dict[str, tuple[bytes, int]] = {
    "not JSON": (b"{", 400),
    "no text": (b"{}", 422),
    "a number": (b'{"text": 7}', 422),
    "an empty text": (b'{"text": ""}', 422),
    "only marks": (b'{"text": "\\"\\" \\"\\""}', 422),
    "NUL": (b'{"text": "zyxcanary\\u0000"}', 422),
    "a lone surrogate": (b'{"text": "zyxcanary \\ud800"}', 422),
    "too long": (json.dumps({"text": "a" * (LONGEST_DRAFT + 1)}).encode(), 422),
    "100,000 characters": (json.dumps({"text": "a " * 50_000}).encode(), 422),
    "an unknown document": (b'{"text": "three words here", "document": "zyxcanary"}', 422),
    "an unknown field": (b'{"text": "a", "zyxcanary": 1}', 422),
    "a name twice": (b'{"text": "a", "text": "zyxcanary"}', 400),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_bad_body_is_a_problem(client: TestClient, body: bytes, status: int) -> None:
    """Whatever is wrong with a body, the answer is a problem with one sentence that repeats nothing of it."""
    response = client.post("/check.json", content=body, headers=JSON)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].endswith(".")
    assert "zyxcanary" not in response.text


def test_only_json_and_forms_are_taken(client: TestClient) -> None:
    """The JSON address takes JSON alone, the page's a form in UTF-8 alone."""
    assert client.post("/check.json", content=b'{"text": "a"}', headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/check", content=b"text=a", headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/check", content=b"text=%ff", headers=FORM).status_code == 422
    assert client.post("/check", content=b"text=%00", headers=FORM).status_code == 422


def test_page_is_the_twin_of_its_json(client: TestClient) -> None:
    """The page renders the very check that its JSON serialises, by GET and by the form."""
    twin = client.post("/check.json", json={"text": DRAFT, "document": "article"}).json()
    by_form = client.post("/check", data={"text": DRAFT, "document": "article"})
    by_address = client.get("/check", params={"text": DRAFT, "document": "article"})

    for page in (by_form, by_address):
        checked = page.context["checked"]
        assert TypeAdapter(type(checked)).dump_python(checked, mode="json") == twin


def test_page_marks_what_differs(client: TestClient) -> None:
    """The page says each verdict in words, marks what differs, and leads to every place and back to the same check."""
    page = Markup(client.post("/check", data={"text": DRAFT}).text)

    assert [t.attributes["class"] for t in page.named("article")] == ["checked exact", "checked altered", "checked not_found"]
    assert [t.text for t in page.named("strong")] == ["Exact", "Altered", "Not found"]
    assert "quoted: 2" in [t.text for t in page.named("del")]
    assert "in the document: 1" in [t.text for t in page.named("ins")]
    links = [link for link in page.links() if link.startswith(("/documents/article?", "/check"))]
    assert {link: client.get(link.split("#")[0]).status_code for link in links} == dict.fromkeys(links, 200)
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_draft_is_shown_as_it_was_typed(client: TestClient) -> None:
    """Markup in a draft is only text, in the box, in the marked draft and in its quotations."""
    page = Markup(client.post("/check", data={"text": f"A “{HOSTILE}” here “and three more words”"}).text)

    assert page.named("textarea")[0].text.strip() == f"A “{HOSTILE}” here “and three more words”"
    assert HOSTILE in [t.text for t in page.named("blockquote")]
    assert len(page.named("script")) == 1


def test_long_draft_has_no_address(client: TestClient) -> None:
    """A draft that no address should carry is checked by the form, and its page offers no link to itself."""
    page = client.post("/check", data={"text": f"“{EXACT}” " * 300})

    assert page.status_code == 200
    assert not [link for link in Markup(page.text).links() if link.startswith("/check?")]


def test_sources_text_leads_to_a_page_that_shows_it(client: TestClient) -> None:
    """A quotation of a held source is found, and its link opens the stretch that may be shown."""
    quoted = "of the held source speaks of helicopters and of nothing else"
    found = client.get("/check.json", params={"text": quoted, "document": f"source-{HELD}"}).json()["quotations"][0]

    assert found["verdict"] == "exact"
    assert found["document"] == f"source-{HELD}"
    assert client.get(found["found"][0]["url"].split("#")[0]).status_code == 200


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], toy_corpus: Path, built: Path, tmp_path: Path
) -> Run:
    """Return a function that runs `check` over the toy corpus, without an encoder to be had."""

    def refuse(name: str) -> Any:
        raise AssertionError("a check needs no encoder")

    monkeypatch.setattr("index.encoder.open_encoder", refuse)
    for name, value in (("CORPUS", toy_corpus), ("INDEX", built)):
        monkeypatch.setenv(f"FOOTNOTE_{name}", str(value))
    monkeypatch.chdir(tmp_path)

    def run_check(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["footnote", "check", *arguments])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code or 0, *capsys.readouterr()

    return run_check


def test_exact_quotation_is_exit_code_zero(run: Run) -> None:
    """Where all is exact the place is printed and the command exits 0; no encoder is opened for it."""
    code, out, err = run("--text", EXACT_IN_TOY)

    assert (code, err) == (0, "")
    assert out.startswith(f"1. exact: “{EXACT_IN_TOY}”")
    assert "paragraph 1: /documents/article?start=" in out
    assert out.endswith("1 of 1 quotations are exact.\n")


def test_altered_quotation_is_exit_code_one(run: Run, tmp_path: Path) -> None:
    """Where one is not exact the difference is printed, in JSON as well, and the command exits 1."""
    (tmp_path / "draft.md").write_text("She wrote “Forty masons cut marble on the island of Tarra”.", encoding="utf-8")
    code, out, _ = run("draft.md")
    as_json = run("draft.md", "--json")

    assert code == as_json[0] == 1
    assert "word: “marble” is not “granite”" in out
    assert json.loads(as_json[1])["quotations"][0]["verdict"] == "altered"


def test_another_paragraph_than_claimed_is_printed(run: Run) -> None:
    """A quotation that stands in another paragraph than the draft says is told of; its verdict and the exit code stay."""
    code, out, _ = run("--text", f"“{EXACT_IN_TOY}” (para. 9)")

    assert code == 0
    assert "Claimed from paragraph 9; it stands in paragraph 1." in out


def test_draft_is_read_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads the draft from standard input, which must be text."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(EXACT_IN_TOY.encode())))
    assert run("-")[0] == 0

    for bad in (b"\xff\xfe", b"a\0b"):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(bad)))
        assert run("-")[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("nowhere.txt",), ("binary",), ("long.txt",), ("empty.txt",), ("a", "--text", "b"),
        ("--text", "three words here", "--document", "nowhere"), ("--text", "a", "--index", "nowhere"),
    ],
)  # fmt: skip
def test_mistake_is_said_in_one_sentence(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A user's mistake is one line on standard error and exit code 2."""
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\xff")
    (tmp_path / "long.txt").write_text("a " * LONGEST_DRAFT, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("footnote: ")


def test_stale_index_is_not_checked_against(run: Run, toy_corpus: Path) -> None:
    """Where the corpus has changed since the index was built, the command that mends it is named."""
    (toy_corpus / "article.md").write_text("---\ntitle: Another\n---\n\nOther words.\n", encoding="utf-8")
    code, _, err = run("--text", EXACT_IN_TOY)

    assert code == 2
    assert "run 'footnote build'" in err


def test_documents_to_claim_from_stand_in_groups(client: TestClient) -> None:
    """Every document can be chosen, under a heading that says whose words it holds."""
    page = Markup(client.get("/check").text)
    labels = [group.attributes["label"] for group in page.named("optgroup")]

    assert labels == ["Articles", "Cited sources", "What the editors of these pages wrote about the cited sources"]
    assert len(page.named("option")) == 1 + len(client.app.state.searcher.corpus.documents)  # type: ignore[attr-defined]


def test_longest_draft_of_any_script_can_be_sent(client: TestClient) -> None:
    """Fifty thousand Chinese characters, each nine bytes in a form, are not too large to be checked."""
    response = client.post("/check", data={"text": "“" + "兵" * (LONGEST_DRAFT - 2) + "”"}, headers={"accept": "text/html"})

    assert response.status_code == 200
