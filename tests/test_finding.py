"""Words are found in a text that is shown whole, at the right offsets, however they are typed; nowhere else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from index.limits import LONGEST_QUESTION
from server.app import create_app
from server.check_page import LONGEST_ADDRESS
from server.citing import citation_of, markers
from server.documents import view_document
from server.finding import LONGEST_FIND, places_of
from server.settings import Settings
from tests.fakes import HELD, FakeCitations, FakeSearcher, fake_corpus
from tests.markup import Markup

SOURCE = f"/documents/source-{HELD}"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(), FakeSearcher(fake_corpus())))


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("CAFÉ", "One cafe, two Cafés.", ["cafe", "Café"]),
        ("cafe", "A cafe\u0301 here", ["cafe\u0301"]),
        ('"so be it"', "He said: “So be it” again.", ["“So be it”"]),
        ("Pakistan's", "Pakistan’s past", ["Pakistan’s"]),
        ("soviet-afghan", "The Soviet–Afghan war", ["Soviet–Afghan"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("fluss", "Der Flu\u00df", ["Flu\u00df"]),
        ("one  two", "one\ntwo", ["one\ntwo"]),
        ("office", "the o\ufb03ce", ["o\ufb03ce"]),
        ("aa", "aaaa", ["aa", "aa"]),
        ("москва", "В Москве и МОСКВА", ["МОСКВА"]),
        ("…", "well... so", ["..."]),
        ("Mi 17", "four Mi-17s, Mi–17, Mi 17, Mi17", ["Mi-17", "Mi–17", "Mi 17"]),
        ("mi17", "four Mi-17s, Mi\u201117, Mi 17, Mi17", ["Mi-17", "Mi\u201117", "Mi17"]),
        ("Mi-17", "four Mi-17s, Mi 17, Mi17", ["Mi-17"]),
        ("mi17 era", "the Mi-17-era", ["Mi-17-era"]),
        ("outofdate", "out-of-date", ["out-of-date"]),
        ("cooperation", "their co-\noperation", ["co-\noperation"]),
        ("to", "out-of-date and to", ["to"]),
        ("of date", "out-of-date", ["of-date"]),
        ("78", "on August 7–8, and 78", ["78"]),
        ("7 8", "on August 7–8", []),
        ("wordother", "a word—other, word - other", []),
        ("a\ue001b", "a-b ab a b", []),
        ("zebra", "none here", []),
        ("\u200b", "any text", []),
    ],
)
def test_words_are_found_however_they_are_typed(words: str, text: str, found: list[str]) -> None:
    """Case, accents, spaces, ligatures, kinds of marks and hyphens in words do not matter; the places are the text’s own."""
    places = places_of(words, text, [(0, len(text))])

    assert [text[start:end] for start, end in places] == found


@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=8))
def test_places_lie_in_the_text_in_order_and_apart(before: str, after: str, words: str) -> None:
    """Whatever is looked for, each place is a stretch of the text, and no two overlap."""
    text = f"{before}{words}{after}"

    places = places_of(words, text, [(0, len(text))])

    ends = [0, *(end for _, end in places)]
    assert all(last <= start < end <= len(text) for (start, end), last in zip(places, ends, strict=False))


def test_words_do_not_run_from_one_paragraph_into_the_next() -> None:
    """What stands in two paragraphs is not one place."""
    assert places_of("one two", "one\n\ntwo", [(0, 3), (5, 8)]) == []


def test_page_marks_every_place_and_leads_through_them(client: TestClient) -> None:
    """The count is said, each place is marked once, the current one told apart, and two links lead to its neighbours."""
    page = Markup(client.get("/documents/article?find=RUSSIA&at=2&q=helicopters").text)
    places = [tag for tag in page.named("mark") if tag.attributes["id"].startswith("f")]
    status = page.named("span", role="status")[0].text
    steps = {tag.attributes["rel"]: tag.attributes["href"] for tag in page.named("a") if "rel" in tag.attributes}

    assert len(places) > 20
    assert {place.text.lower() for place in places} == {"russia"}
    assert status.split("”: ")[1] == f"2 of {len(places)} places"
    assert [place.attributes["id"] for place in places if "aria-current" in place.attributes] == ["f2"]
    assert (urlsplit(steps["prev"]).fragment, urlsplit(steps["next"]).fragment) == ("f1", "f3")
    assert parse_qs(urlsplit(steps["next"]).query) == {"find": ["RUSSIA"], "at": ["3"], "q": ["helicopters"]}
    assert client.get(f"/documents/article{steps['next']}").status_code == 200


@pytest.mark.parametrize(("at", "shown"), [("0", "1"), ("-3", "1"), ("many", "1"), ("²", "1"), ("99999999999999", "1")])
def test_place_that_is_none_is_the_first(client: TestClient, at: str, shown: str) -> None:
    """An address with a place that is no number is read as one without."""
    page = Markup(client.get("/documents/article", params={"find": "Moscow", "at": at}).text)

    assert [m.attributes["id"] for m in page.named("mark", class_="current")] == [f"f{shown}"]


def test_page_takes_what_the_server_takes(client: TestClient) -> None:
    """The boxes, and the tools for words that are selected, have the limits that the server has."""
    page = Markup(client.get("/documents/article").text)
    box = Markup(client.get("/").text).named("textarea", id="q")[0]
    tools = page.named("div", class_="selection-tools")[0].attributes

    assert page.named("input", id="find")[0].attributes["maxlength"] == str(LONGEST_FIND)
    assert tools["data-longest-question"] == box.attributes["maxlength"] == str(LONGEST_QUESTION)
    assert tools["data-longest-address"] == str(LONGEST_ADDRESS)


def test_nothing_found_is_said_with_another_way(client: TestClient) -> None:
    """Words that do not stand there are said not to, and can be asked about."""
    page = Markup(client.get("/documents/article?find=purple+zebras").text)

    assert page.named("span", role="status")[0].text.endswith("not in this text")
    assert "/ask?q=purple+zebras" in page.links()


def test_too_long_a_search_is_refused_in_a_sentence(client: TestClient) -> None:
    """More words than anybody looks for are a user's mistake."""
    response = client.get("/documents/article", params={"find": "a" * (LONGEST_FIND + 1)})

    assert response.status_code == 422
    assert "'find'" in response.json()["detail"]


@pytest.mark.parametrize("stretch", ["", "&start=900&end=950"])
def test_withheld_source_cannot_be_probed(client: TestClient, stretch: str) -> None:
    """A text that is not shown whole answers the same whether or not the words stand in it, and has no form to look."""
    corpus = fake_corpus()
    word = corpus.document(f"source-{HELD}").text.split()[0]
    there, absent = (client.get(f"{SOURCE}?find={words}{stretch}").text for words in (word, "zyxwv"))

    assert there.replace(word, "") == absent.replace("zyxwv", "").replace(word, "")
    assert not Markup(there).named("form", class_="finder")
    assert 'id="f1"' not in there


def test_source_shown_whole_can_be_searched() -> None:
    """Under private use a source is a text like any other."""
    corpus = fake_corpus()
    private = TestClient(create_app(Settings(private_use=True), FakeSearcher(corpus)))
    word = corpus.document(f"source-{HELD}").text.split()[0]

    assert 'id="f1"' in private.get(f"{SOURCE}?find={word}").text


def test_references_lead_back_to_where_they_are_cited(client: TestClient) -> None:
    """Each reference links to the markers of the notes that point to it, and those are there."""
    links = [link for link in Markup(client.get("/documents/references").text).links() if "article#m" in link]
    ids = Markup(client.get("/documents/article").text).ids()

    assert len(links) == sum(len(found) for found in markers(fake_corpus(), "article").values()) > 20
    assert {link.split("#")[1] for link in links} <= set(ids)


@pytest.mark.parametrize("id", ["article", "references", "about", "annotation-7", f"source-{HELD}"])
def test_paragraph_carries_the_citation_of_its_document(client: TestClient, id: str) -> None:
    """What is copied names the work it is from, and an annotation is never passed off as the author's."""
    corpus = fake_corpus()
    view = view_document(corpus, id, 2, 20, private_use=True)
    said = citation_of(FakeCitations(corpus), view, "chicago", 1)
    paragraphs = Markup(client.get(f"/documents/{id}?start=2&end=20").text).named("div", class_="paragraph")

    assert paragraphs[0].attributes["data-citation"] == citation_of(
        FakeCitations(corpus), view, "chicago", int(paragraphs[0].attributes["id"][1:])
    )
    assert ("Editors" in said) == (id == "annotation-7")


def test_draft_in_the_address_stands_in_the_box_unasked(client: TestClient) -> None:
    """Words brought from a text wait in the box for their question."""
    page = Markup(client.get("/", params={"draft": "Mi-17 <helicopters>"}).text)

    assert page.named("textarea")[0].text == "Mi-17 <helicopters>"
