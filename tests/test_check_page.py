"""The check page says where each quotation stands, what was altered and how it is cited, and loses no draft."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape

import pytest
from fastapi.testclient import TestClient

from index.domain import Corpus, Finding
from index.limits import LONGEST_DRAFT
from server.app import create_app
from server.checked import MOST_WITH_A_WAY_BACK
from server.envelope import MAX_BODY_BYTES
from server.line import Line
from server.settings import Settings
from tests.drafts import ALTERED, DRAFT, EXACT, FORM
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

BY_EDITORS = "It tells of a balloon"
FINDING = "Two dates are given for it."
SECONDS = 10


def with_finding() -> Corpus:
    """Return the corpus with a finding on the fourth note, which stands at the end of the sentence quoted."""
    corpus = fake_corpus()
    references = tuple(replace(r, findings=(Finding(FINDING),) if r.number == 4 else ()) for r in corpus.references)
    return replace(corpus, references=references)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(with_finding())))


def places(page: Markup) -> list[tuple[str, str]]:
    """Return what the link to each place says, and where it leads."""
    return [(a.text, a.attributes["href"]) for a in page.named("a") if a.attributes["href"].startswith("/documents/article?")]


def test_link_says_the_paragraph_and_the_quotation(
    client: TestClient,
) -> None:
    """A place's link says its paragraph, as JSON has it, and for the ear which quotation it is of."""
    found = client.get("/check.json", params={"text": DRAFT}).json()["quotations"]
    title = client.get("/documents/article.json").json()["title"]

    said = [text for text, _ in places(Markup(client.post("/check", data={"text": DRAFT}).text))]
    paragraphs = [q["found"][0]["paragraph"] for q in found[:2]]
    assert said == [f"{title}, paragraph {p} (quotation {n}, place 1)" for n, p in enumerate(paragraphs, start=1)]
    document = client.get("/documents/article.json").json()
    stands = next(p for p in document["paragraphs"] if p["start"] <= found[0]["found"][0]["start"] < p["end"])
    assert paragraphs == [stands["number"]] * 2


def test_document_leads_back_to_the_quotation(client: TestClient) -> None:
    """A document opened from a check leads back to the same check at the same quotation, also after words were looked for."""
    page = Markup(client.get("/check", params={"text": DRAFT, "document": "article"}).text)
    document = client.get(places(page)[1][1])
    found = client.get(places(page)[1][1].split("#")[0] + "&find=Moscow")

    for opened in (document, found):
        back = [a for a in Markup(opened.text).named("a") if a.text == "← Back to the check"]
        address, anchor = back[0].attributes["href"].split("#")
        assert anchor == "q2"
        again = client.get(address)
        assert Markup(again.text).named("textarea")[0].text.strip() == DRAFT
        assert Markup(again.text).named("option", selected="")[0].attributes["value"] == "article"
    assert Markup(document.text).named("mark", id="hl")


@pytest.mark.parametrize("text", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", '"><script>'])
def test_way_back_is_always_a_path_of_ours(client: TestClient, text: str) -> None:
    """Whatever an address says to have been checked, the way back leads to our own check page."""
    opened = Markup(client.get("/documents/article", params={"check": text, "claimed": text, "quotation": 7}).text)

    (back,) = [a.attributes["href"] for a in opened.named("a") if a.text == "← Back to the check"]
    assert back.startswith("/check?text=")
    assert back.endswith("#q7")
    assert not [link for link in opened.links() if link.startswith(text)]
    assert client.get("/documents/article", params={"check": text, "q": "Moscow"}).text.count("Back to the answer") == 1


@pytest.mark.parametrize("field", [{"check": "a\0b"}, {"check": "a" * 1501}, {"check": "a", "quotation": 0}])
def test_way_back_that_no_check_page_made_is_refused(client: TestClient, field: dict[str, str]) -> None:
    """A way back that cannot be one of ours is refused in a sentence."""
    assert client.get("/documents/article", params=field).status_code == 422


def test_long_or_crowded_checks_carry_no_way_back(client: TestClient) -> None:
    """Where the draft has no address, or its places are very many, links to places are as JSON has them."""
    long = Markup(client.post("/check", data={"text": f"“{EXACT}” " * 30}).text)
    crowded = Markup(client.post("/check", data={"text": "“the United States” " * 40}).text)

    assert len(places(crowded)) > MOST_WITH_A_WAY_BACK
    assert not [link for page in (long, crowded) for _, link in places(page) if "check=" in link]


def test_altered_words_are_marked_inside_their_sentences(client: TestClient) -> None:
    """The quotation and the nearest words are shown whole, what differs marked in each, and nothing else is shown in them."""
    page = client.post("/check", data={"text": DRAFT}).text
    quoted, nearest = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)[1:3]

    assert re.findall(r'<del><span class="unseen">deleted: </span>(.*?)</del>', quoted) == ["2"]
    assert re.findall(r'<ins><span class="unseen">inserted: </span>(.*?)</ins>', nearest) == ["1"]
    assert seen(quoted) == ALTERED
    assert seen(nearest) == ALTERED.replace("2", "1")


def seen(markup: str) -> str:
    """Return the text that is seen."""
    return unescape(re.sub("<[^>]+>", "", re.sub('<span class="unseen">.*?</span>', "", markup)))


def test_finding_stands_under_exact_and_altered(client: TestClient) -> None:
    """What the editors found of the sentence stands under either, with the way to the source, and in JSON too."""
    page = Markup(client.post("/check", data={"text": DRAFT}).text)
    found = client.get("/check.json", params={"text": DRAFT}).json()["quotations"]

    assert [FINDING in div.text for div in page.named("div", class_="findings")] == [True, True]
    assert page.links().count("/sources/4") == 2
    assert [q["found"][0]["findings"][0]["text"] for q in found[:2]] == [FINDING] * 2


def test_exact_quotation_is_copied_with_its_citation(client: TestClient) -> None:
    """Under an exact quotation stands its citation in words, and a button copies both; under others there is neither."""
    page = Markup(client.post("/check", data={"text": DRAFT}).text)
    number = client.get("/check.json", params={"text": EXACT}).json()["quotations"][0]["found"][0]["paragraph"]

    (citation,) = page.named("p", class_="citation")
    assert citation.text.endswith(f"n.d., para. {number}.")
    (button,) = page.named("button", class_="copy")
    assert button.attributes["data-words"] == EXACT
    assert button.attributes["data-citation"] == citation.text.removeprefix("Cite as ")
    assert "hidden" in button.attributes


def test_words_left_out_stay_left_out_in_the_copy(client: TestClient) -> None:
    """A quotation with an omission is copied as it was quoted, not with what was left out."""
    quoted = "Pakistan established diplomatic relations … on May 1, 1948"
    page = Markup(client.post("/check", data={"text": quoted}).text)

    assert page.named("button", class_="copy")[0].attributes["data-words"] == quoted


def test_editors_words_are_called_that(client: TestClient) -> None:
    """A quotation found only in what the editors wrote says so in words, and so does its place; others do not."""
    page = client.post("/check", data={"text": f"“{BY_EDITORS}” and “{EXACT}”"}).text
    ours, theirs = re.findall(r"<article class=\"checked.*?</article>", page, re.DOTALL)

    assert "found only in the words of the editors" in ours
    assert "Editors’ words on source 3, paragraph 1" in ours
    assert "editors" not in re.sub("Editors’ finding", "", theirs)


def test_another_paragraph_than_claimed_is_said(client: TestClient) -> None:
    """Where the draft names another paragraph the page says both, the verdict's word as before; JSON has what was claimed."""
    draft = f"“{EXACT}” (Khan, 2025, para. 12)"
    page = Markup(client.post("/check", data={"text": draft}).text)
    (found,) = client.get("/check.json", params={"text": draft}).json()["quotations"]

    stands = found["found"][0]["paragraph"]
    assert found["claimed_paragraphs"] == [12]
    assert f"Claimed from paragraph 12; it stands in paragraph {stands}." in page.named("p", class_="claim")[0].text
    assert page.named("strong")[0].text == "Exact"
    right = client.post("/check", data={"text": draft.replace("12", str(stands))})
    assert not Markup(right.text).named("p", class_="claim")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"text=" + b"zyx+" * (LONGEST_DRAFT // 4) + b"zyx", "zyx " * (LONGEST_DRAFT // 4) + "zyx"),
        (b"text=zyx%00+three+words", "zyx three words"),
        (b"text=zyx%ff+three", "zyx\ufffd three"),
        (b"text=%22%22!%3F", '""!?'),
        (b"text=zyx+three+words&document=nowhere", "zyx three words"),
    ],
    ids=["too long", "NUL", "not UTF-8", "no word", "unknown document"],
)
def test_refused_draft_stays_in_its_box(client: TestClient, sent: bytes, kept: str) -> None:
    """A draft that cannot be checked is shown again with one sentence on it; a program gets a problem without it."""
    refused = client.post("/check", content=sent, headers=FORM)
    problem = client.post("/check", content=sent, headers={**FORM, "accept": "*/*"})

    page = Markup(refused.text)
    assert (refused.status_code, refused.headers["cache-control"]) == (422, "no-store")
    assert page.named("textarea", id="draft")[0].text.strip() == kept
    assert not [t for t in page.named("textarea") if t.attributes["name"] != "text"]
    assert problem.json()["detail"] in page.named("p", role="alert")[0].text
    assert (problem.status_code, problem.headers["content-type"]) == (422, "application/problem+json")
    assert "zyx" not in problem.text


def test_refused_address_shows_its_draft(client: TestClient) -> None:
    """A link to a check that cannot be made shows the form with the draft too."""
    refused = client.get("/check", params={"text": "zyx three words", "document": "nowhere"}, headers={"accept": "text/html"})

    assert refused.status_code == 422
    assert Markup(refused.text).named("textarea")[0].text.strip() == "zyx three words"


def test_draft_too_large_to_read_leads_back_to_it(client: TestClient) -> None:
    """A form too large to be read at all is refused without a question box, with the way to the draft."""
    refused = client.post("/check", content=b"text=" + b"a" * MAX_BODY_BYTES, headers=FORM)

    assert refused.status_code == 413
    assert "go back, and check it in parts" in refused.text
    assert not Markup(refused.text).named("textarea")
    assert "/check" in Markup(refused.text).links()


CHECKS: dict[str, Callable[[TestClient], int]] = {
    "the page": lambda client: client.get("/check", params={"text": EXACT}).status_code,
    "the form": lambda client: client.post("/check", data={"text": EXACT}).status_code,
    "JSON": lambda client: client.get("/check.json", params={"text": EXACT}).status_code,
    "JSON posted": lambda client: client.post("/check.json", json={"text": EXACT}).status_code,
}


@pytest.mark.parametrize("ask", CHECKS.values(), ids=CHECKS)
def test_checks_wait_in_the_line(monkeypatch: pytest.MonkeyPatch, ask: Callable[[TestClient], int]) -> None:
    """A check waits for its turn and is told to come again where the line is full; the empty form waits for nothing."""
    began, go = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        began.set()
        go.wait(SECONDS)

    monkeypatch.setattr("server.checking.Checkers.of", slow)
    app = create_app(Settings(), FakeSearcher(fake_corpus()))
    app.state.line = Line(1, 0)
    with TestClient(app, raise_server_exceptions=False) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, client)
        assert began.wait(SECONDS)

        assert ask(client) == 503
        assert client.get("/check").status_code == 200
        go.set()
        first.result()
