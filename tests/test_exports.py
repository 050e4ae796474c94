"""Exports are sent as files of their media types, for the question and the style that were asked for."""

import json
import re

import bibtexparser
import pytest
import rispy
from fastapi.testclient import TestClient

from index.domain import Corpus
from server.envelope import SECURITY_HEADERS
from server.export_links import STYLE_TITLES
from server.exports import file_name
from tests.markup import Markup

QUESTION = "helicopters Russia India sale"
ANSWERED = f"q={QUESTION.replace(' ', '+')}"
NOT_FOUND = "q=zebra+quantum+helicopters"
MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "jsonld": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
}
ADDRESSES = [
    *(f"/ask.{suffix}?{ANSWERED}" for suffix in MEDIA_TYPES),
    *(f"/ask.{suffix}?{NOT_FOUND}" for suffix in MEDIA_TYPES),
    *(f"/{path}.{suffix}" for path in ("sources", "sources/16") for suffix in ("md", "bib", "ris", "csl.json")),
    *(f"/documents/article.{suffix}" for suffix in ("bib", "ris", "csl.json")),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_export_is_a_file_of_its_type(client: TestClient, address: str) -> None:
    """Each export has its media type, a plain file name and the envelope; HEAD gives the same without the body."""
    got, head = client.get(address), client.head(address)
    suffix = address.partition("?")[0].partition(".")[2]

    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    assert got.headers["content-type"] == head.headers["content-type"] == MEDIA_TYPES[suffix]
    assert re.fullmatch(rf'attachment; filename="[a-z0-9-]+\.{re.escape(suffix)}"', got.headers["content-disposition"])
    assert SECURITY_HEADERS.items() <= {name: got.headers.get(name) for name in SECURITY_HEADERS}.items()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ask.bib", 422),
        ("/ask.md?q=%3F", 422),
        ("/ask.ris?q=a&k=21", 422),
        ("/ask.jsonld?q=a&style=harvard", 422),
        ("/ask.csl.json?q=a&unknown=1", 422),
        ("/sources/99.bib", 404),
        ("/sources/x.csl.json", 404),
        ("/sources/16.md?article=none", 404),
        ("/sources.md?article=none", 404),
        ("/sources.ris?article=none", 404),
        ("/sources.md?style=harvard", 422),
        ("/documents/none.bib", 404),
        ("/documents/about.csl.json", 404),
    ],
)
def test_what_cannot_be_exported_is_a_problem(client: TestClient, address: str, status: int) -> None:
    """An export that there is not is a problem body, for a browser too, as it was asked for data."""
    for accept in ("*/*", "text/html"):
        response = client.get(address, headers={"accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_bibliographies_list_the_same_works(client: TestClient) -> None:
    """BibTeX, RIS and CSL-JSON of one answer list the same works under the same keys, the article first with its places."""
    bib = bibtexparser.parse_string(client.get(f"/ask.bib?{ANSWERED}").text).entries
    ris = rispy.loads(client.get(f"/ask.ris?{ANSWERED}").text)
    csl = client.get(f"/ask.csl.json?{ANSWERED}").json()

    keys = [entry.key for entry in bib]
    assert keys == [record["id"] for record in ris] == [record["id"] for record in csl]
    assert len(keys) > 2
    assert re.fullmatch(r"paragraphs \d+(, \d+)+.*", csl[0]["note"])
    assert bib[0]["note"] == ris[0]["notes"][0] == csl[0]["note"]


def test_whole_list_is_exported(client: TestClient, corpus: Corpus) -> None:
    """The list holds every reference, and each of them the same entry that the source has alone."""
    whole = client.get("/sources.csl.json").json()

    assert whole == client.get("/sources.csl.json?article=article").json()
    assert whole == [client.get(f"/sources/{r.number}.csl.json").json()[0] for r in corpus.references]
    assert len(client.get("/sources.md").text.splitlines()) == len(corpus.references)


def test_fields_of_the_question_are_kept(client: TestClient) -> None:
    """The style, the number of passages and the questions before count in an export as they do in the answer."""
    query = f"{ANSWERED}&k=2&style=apa&previous=helicopters"
    answer = client.get(f"/ask.json?{query}").json()
    page = json.loads(client.get(f"/ask.jsonld?{query}").text)

    assert page["partOf"]["total"] == len(answer["passages"]) == 2
    assert page["id"] == "http://testserver/ask.jsonld?q=helicopters+Russia+India+sale&previous=helicopters&k=2&style=apa"
    assert "(apa)" in client.get(f"/ask.md?{query}").text
    assert "(apa)" in client.get("/sources/16.md?style=apa").text
    assert answer["searched"] in client.get(f"/ask.md?{query}").text


def test_silence_exports_no_work(client: TestClient) -> None:
    """Where the sources do not answer, bibliographies are empty and read as such, and Markdown says it."""
    assert bibtexparser.parse_string(client.get(f"/ask.bib?{NOT_FOUND}").text).blocks[0].raw.startswith("%")
    assert client.get(f"/ask.ris?{NOT_FOUND}").content == b""
    assert client.get(f"/ask.csl.json?{NOT_FOUND}").json() == []
    assert "The sources do not answer" in client.get(f"/ask.md?{NOT_FOUND}").text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Who visited Moscow?", "who-visited-moscow"),
        ('a\r\nSet-Cookie: b="c"; /../', "a-set-cookie-b-c"),
        ("Où est Łódź?", "ou-est-odz"),
        ("谁访问了莫斯科？", "footnote"),
        ("x" * 100, "x" * 60),
    ],
)
def test_file_names_are_plain(text: str, name: str) -> None:
    """A file is called after the question in letters that every system and header takes."""
    assert file_name(text) == name


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"/ask?{ANSWERED}&k=2&style=mla", [f"/ask.{s}?{ANSWERED}&k=2&style=mla" for s in MEDIA_TYPES]),
        (f"/ask?{NOT_FOUND}", [f"/ask.md?{NOT_FOUND}"]),
        ("/sources/16", [f"/sources/16.{s}" for s in ("md", "bib", "ris", "csl.json")]),
        ("/sources?style=apa", ["/sources.md?style=apa", "/sources.bib", "/sources.ris", "/sources.csl.json"]),
        ("/documents/article", [f"/documents/article.{s}" for s in ("bib", "ris", "csl.json")]),
    ],
)
def test_pages_link_their_exports(client: TestClient, address: str, expected: list[str]) -> None:
    """A page links each form it can be had in, with the question and the choices as they are, and each link works."""
    links = [
        link for link in Markup(client.get(address).text).links() if re.search(r"\.(md|bib|ris|csl\.json|jsonld)(\?|$)", link)
    ]

    assert list(dict.fromkeys(links)) == expected
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    "address", [f"/ask?{ANSWERED}&k=2&previous=a+b&previous=c", "/sources/16", "/sources", "/documents/article"]
)
def test_pages_offer_the_other_styles(client: TestClient, address: str) -> None:
    """A page links itself in every style but its own, all else in the address as it was."""
    links = Markup(client.get(address).text).links()
    joint = "&" if "?" in address else "?"

    offered = [link.partition("#")[0] for link in links if re.search("[?&]style=", link) and link.startswith(address)]
    assert [f"{address}{joint}style={style}" for style in STYLE_TITLES if style != "chicago"] == list(dict.fromkeys(offered))


def test_every_style_has_its_name() -> None:
    """The styles that pages offer are those that there are."""
    from index.citations import STYLES

    assert tuple(STYLE_TITLES) == STYLES
