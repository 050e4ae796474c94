"""The pages render the same objects as their JSON twins, lead somewhere with every link, and escape everything."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from index.domain import Corpus
from server.app import create_app
from server.settings import Settings
from tests.fakes import HELD, FakeSearcher, fake_corpus
from tests.markup import Markup

ANSWERED = "helicopters Russia India sale"
RELATED = "Tashkent declaration"
NOT_FOUND = "volleyball balloon"
STARTERS = ("What is a strategic relationship?", "Who visited Moscow?")
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}} helicopters Russia India"
SCRIPTS = ("footnote.js", "conversation.js", "reading.js", "htmx-2.0.11.min.js")
PAGES = [
    "/",
    f"/ask?q={ANSWERED}",
    f"/ask?q={RELATED}",
    f"/ask?q={NOT_FOUND}",
    f"/ask?q=and the sale&previous={ANSWERED}&previous={NOT_FOUND}",
    "/documents/article",
    "/documents/article?start=9000&end=9300&q=helicopters",
    "/documents/article?find=russia&at=3&q=helicopters",
    "/documents/article?find=zebras",
    "/documents/about",
    "/documents/references",
    "/documents/annotation-7",
    f"/documents/source-{HELD}",
    f"/documents/source-{HELD}?start=900&end=950",
    "/sources",
    "/sources/7",
    "/check",
    "/check?text=%E2%80%9Ca visit that never was%E2%80%9D and %E2%80%9Cthe distance widened in the 1960s%E2%80%9D",
]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return fake_corpus()


@pytest.fixture(scope="module")
def client(corpus: Corpus) -> TestClient:
    app = create_app(Settings(), FakeSearcher(corpus))
    app.user_middleware.clear()  # Compression swallows the template's context, which the twins are compared by.
    return TestClient(app)


def plain(value: Any) -> Any:
    return TypeAdapter(type(value)).dump_python(value, mode="json")


@pytest.mark.parametrize("question", [ANSWERED, RELATED, NOT_FOUND, HOSTILE])
def test_answer_page_is_the_twin_of_its_json(client: TestClient, question: str) -> None:
    """The page about a question renders the very answer that its JSON serialises."""
    page = client.get("/ask", params={"q": question})
    twin = client.get("/ask.json", params={"q": question})

    assert plain(page.context["answer"]) == twin.json()


@pytest.mark.parametrize("question", [ANSWERED, RELATED, NOT_FOUND])
def test_passage_is_copied_as_marked_or_whole(client: TestClient, question: str) -> None:
    """An answer's passages are copied as they are marked, and whole by another button; the nearest ones whole."""
    page = client.get("/ask", params={"q": question})
    answer = page.context["answer"]
    buttons = Markup(page.text).named("button", class_="copy")
    marked = [p.text[p.highlights[0].start : p.highlights[0].end] for p in answer.passages]
    wanted = [(p.text,) if words == p.text else (words, p.text) for p, words in zip(answer.passages, marked, strict=True)]
    wanted += [(p.text,) for p in answer.nearest]

    assert [b.attributes["data-words"] for b in buttons] == [words for found in wanted for words in found]
    assert {b.text.split("(")[0] for b in buttons} <= {"Copy with citation", "Copy the whole passage"}


@pytest.mark.parametrize("address", ["/documents/article", f"/documents/source-{HELD}", "/documents/annotation-7"])
def test_document_page_is_the_twin_of_its_json(client: TestClient, address: str) -> None:
    """The page of a document renders the very view that its JSON serialises."""
    for stretch in ("", "?start=2&end=20"):
        page, twin = client.get(address + stretch), client.get(f"{address}.json{stretch}")

        assert plain(page.context["document"]) == twin.json()


def test_source_pages_are_the_twins_of_their_json(client: TestClient) -> None:
    """The list of sources and the page of one render what their JSON serialises."""
    listed, one = client.get("/sources"), client.get("/sources/7")

    assert [plain(s) for s in listed.context["sources"]] == client.get("/sources.json").json()["sources"]
    assert plain(one.context["source"]) == client.get("/sources/7.json").json()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (f"/documents/source-{HELD}?start=900&end=950&q=helicopters", "document"),
        ("/documents/article", "document"),
        ("/sources?style=apa", "sources"),
        ("/sources/7?style=apa&article=article", "source"),
    ],
)
def test_page_links_its_own_twin(client: TestClient, address: str, named: str) -> None:
    """The JSON that a page links holds what the page shows: the same stretch, the same citation style."""
    page = client.get(address)
    (link,) = [a.attributes["href"] for a in Markup(page.text).named("a") if a.text.endswith("as JSON")]
    twin = client.get(link).json()

    assert plain(page.context[named]) == (twin["sources"] if named == "sources" else twin)


@pytest.mark.parametrize("address", PAGES)
def test_links_within_a_page_lead_somewhere(client: TestClient, address: str) -> None:
    """Every id is there once, and every link to a place on the page finds it: notes, their backlinks, paragraphs."""
    page = Markup(client.get(address).text)

    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(ids)
    assert {t.attributes["aria-labelledby"] for t in page.tags if "aria-labelledby" in t.attributes} <= set(ids)


@pytest.mark.parametrize("address", PAGES)
def test_links_to_other_pages_lead_somewhere(client: TestClient, address: str) -> None:
    """Every link to another page of ours answers 200."""
    links = {link.split("#")[0] for link in Markup(client.get(address).text).links() if link.startswith("/")}

    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_stands_inline(client: TestClient, address: str) -> None:
    """No page holds a script, style or handler of its own, so that the content security policy can be strict."""
    page = Markup(client.get(address).text)

    ours = {client.app.state.assets.address(name) for name in SCRIPTS}
    assert {t.attributes.get("src", "") for t in page.named("script")} <= ours
    assert all(not t.text and "defer" in t.attributes for t in page.named("script"))
    assert not page.named("style")
    assert not [name for t in page.tags for name in t.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_one_title_and_a_language(client: TestClient, address: str) -> None:
    """Every page has a language, one heading of the first level, and a title of its own."""
    page = Markup(client.get(address).text)

    assert page.named("html")[0].attributes["lang"] == "en"
    assert len(page.named("h1")) == 1
    assert page.named("title")[0].text.endswith(" · Footnote")


def test_home_shows_the_article_and_how_to_begin(client: TestClient, corpus: Corpus) -> None:
    """The first page shows title, author and abstract, a focused question box, and the starter questions as links."""
    page = Markup(client.get("/").text)

    assert page.named("h1")[0].text == corpus.document("article").title
    assert page.named("p", class_="authors")[0].text == "Muhammad Khan"
    assert page.named("p", class_="quoted")[0].text in corpus.document("article").text
    assert "autofocus" in page.named("textarea", id="q")[0].attributes
    assert [parse_qs(urlsplit(link).query)["q"][0] for link in page.links() if link.startswith("/ask")] == list(STARTERS)


def test_home_asks_a_question_in_its_address(client: TestClient) -> None:
    """`/?q=` leads to the answer, so that a browser can use the first page as a search engine."""
    response = client.get("/", params={"q": "a & b"}, follow_redirects=False)

    assert response.status_code == 303
    assert response.headers["location"] == "/ask?q=a+%26+b"


@pytest.mark.parametrize(
    ("question", "state", "said"),
    [
        (ANSWERED, "answered", "in the sources’ own words"),
        (RELATED, "related", "Close to your question; judge for yourself."),
        (NOT_FOUND, "not_found", "The sources do not answer this question."),
    ],
)
def test_states_are_told_in_words(client: TestClient, question: str, state: str, said: str) -> None:
    """Each of the three states has its own words and its own look, and only `not found` folds its passages away."""
    page = Markup(client.get("/ask", params={"q": question}).text)

    assert page.named("article", id="newest")[0].attributes["class"] == f"turn {state}"
    assert said in page.named("div", class_="verdict")[0].text
    assert bool(page.named("details", class_="nearest")) == (state == "not_found")


def test_passages_are_set_as_they_stand(client: TestClient) -> None:
    """A passage's words are set unchanged in a quotation of its language, the answering words marked, notes apart."""
    response = client.get("/ask", params={"q": ANSWERED})
    page = Markup(response.text)

    quotations = page.named("blockquote")
    for passage, quotation in zip(response.context["answer"].passages, quotations, strict=True):
        notes = {str(n.number) for n in passage.notes}
        (mark,) = passage.highlights
        assert quotation.attributes["lang"] == "en"
        assert without(quotation.text.strip(), notes) == without(passage.text, notes)
        assert any(without(m.text, notes) == without(passage.text[mark.start : mark.end], notes) for m in page.named("mark"))


def without(text: str, numbers: set[str]) -> str:
    for number in sorted(numbers, key=len, reverse=True):
        text = text.replace(number, "")
    return text


def test_each_passage_says_whose_words_it_holds(client: TestClient) -> None:
    """Author, list of references, cited source and editors are told apart in words."""
    said = {}
    for question in (ANSWERED, "Tashkent declaration", "held source sentence speaks", "balloon read editors tells"):
        response = client.get("/ask", params={"q": question, "k": 20})
        lines = Markup(response.text).named("p", class_="whose")
        answer = response.context["answer"]
        said |= {p.role: line.text for p, line in zip(answer.passages or answer.nearest, lines, strict=True)}

    assert "Muhammad Khan, in the article" in said["body"]
    assert "list of references" in said["reference"]
    assert f"A cited source, number {HELD}" in " ".join(said["source"].split())
    assert "Editors’ words" in said["annotation"]
    assert "not the article’s and not the source’s" in said["annotation"]


def test_quoted_words_are_not_taken_for_the_authors(client: TestClient) -> None:
    """Where the marked words are a quotation in the article, the page says so under the passage."""
    page = Markup(client.get("/ask", params={"q": "Daniel Markey point Russia Pakistan common Afghanistan"}).text)

    assert page.named("mark", class_="within")
    assert "quoted here from someone else" in page.named("span", class_="within-words")[0].text


def test_conversation_keeps_its_turns(client: TestClient) -> None:
    """Earlier questions stay on the page, each with its own address and answer, and travel with the next question."""
    before = [ANSWERED, NOT_FOUND]
    page = Markup(client.get("/ask", params={"q": "and the sale", "previous": before}).text)

    turns = page.named("article", class_="earlier")
    hidden = [t.attributes["value"] for t in page.named("input", type="hidden")]
    addresses = [parse_qs(urlsplit(link).query) for link in page.links() if link.startswith("/ask?q=")]
    assert [t.attributes["id"] for t in turns] == ["turn-1", "turn-2"]
    assert hidden == [*before, "and the sale"]
    assert {"q": [ANSWERED]} in addresses
    assert {"q": [NOT_FOUND], "previous": [ANSWERED]} in addresses


def test_conversation_forgets_its_oldest_turn(client: TestClient) -> None:
    """With eight turns before, the next question leaves the oldest behind instead of failing."""
    before = [f"helicopters {n}" for n in range(8)]
    page = Markup(client.get("/ask", params={"q": "and the sale", "previous": before}).text)

    assert [t.attributes["value"] for t in page.named("input", type="hidden")] == [*before[1:], "and the sale"]


def test_completed_question_is_shown(client: TestClient) -> None:
    """A follow-up that was completed says as what it was searched, with a link to ask it as typed."""
    shown = Markup(client.get("/ask", params={"q": "and the sale", "previous": ANSWERED}).text)
    (line,) = shown.named("p", class_="searched")
    (link,) = [link for link in shown.links() if "as_typed=true" in link]

    assert f"{ANSWERED} and the sale" in line.text
    assert not Markup(client.get(link).text).named("p", class_="searched")


def test_whole_query_is_carried_on(client: TestClient) -> None:
    """Number of passages and style go with every link of a conversation and with the next question; as typed, with this one."""
    asked = {"q": RELATED, "previous": ANSWERED, "k": 1, "style": "apa", "as_typed": "true"}
    shown = Markup(client.get("/ask", params=asked).text)
    links = [(urlsplit(link).path, parse_qs(urlsplit(link).query)) for link in shown.links() if "q=" in link]
    (twin,) = [query for path, query in links if path == "/ask.json"]
    (context,) = [query for path, query in links if path.startswith("/documents/") and query["q"] == [RELATED]]
    (turn,) = [query for path, query in links if path == "/ask" and query["q"] == [ANSWERED]]
    (read,) = [link for link in shown.links() if link.startswith("/documents/") and "as_typed" in link]
    (back,) = [link for link in Markup(client.get(read).text).links() if link.startswith("/ask?")]

    every = {name: [str(value)] for name, value in asked.items()}
    assert twin == every
    assert every.items() <= context.items()
    assert parse_qs(urlsplit(back).query) == every
    assert turn == {"q": [ANSWERED], "k": ["1"], "style": ["apa"]}
    hidden = {t.attributes["name"]: t.attributes["value"] for t in shown.named("input", type="hidden")}
    assert hidden == {"previous": RELATED, "k": "1", "style": "apa"}


def test_words_are_marked_where_they_stand(client: TestClient, corpus: Corpus) -> None:
    """The document page marks the words asked for under the id the link leads to, and links back to the answer."""
    answer = client.get("/ask", params={"q": ANSWERED, "previous": "Moscow"})
    links = [link for link in Markup(answer.text).links() if link.startswith("/documents/article?")]
    link = next(link for link in links if "previous=Moscow" in link)
    page = Markup(client.get(link).text)
    query = parse_qs(urlsplit(link).query)
    start, end = int(query["start"][0]), int(query["end"][0])

    (mark,) = page.named("mark", id="hl")
    assert urlsplit(link).fragment == "hl"
    assert mark.text == corpus.document("article").text[start:end]
    assert "/ask?q=helicopters+Russia+India+sale&previous=Moscow#t2p1" in page.links()


def test_article_page_holds_the_whole_text(client: TestClient, corpus: Corpus) -> None:
    """The article's page sets every paragraph with its number, and every note with marker and way back."""
    page = Markup(client.get("/documents/article").text)
    article = corpus.document("article")

    paragraphs = page.named("div", class_="paragraph")
    assert [p.attributes["id"] for p in paragraphs] == [f"p{p.number}" for p in article.paragraphs]
    assert {f"n{n.number}" for n in article.notes} | {f"m{n.number}" for n in article.notes} <= set(page.ids())
    titles = [m.attributes["content"] for m in page.tags if m.attributes.get("name") == "citation_title"]
    assert titles == [article.title]


def test_note_marked_twice_is_set_once(corpus: Corpus) -> None:
    """A note with two markers stands under the first of them, and no id is there twice."""
    article = corpus.document("article")
    twice = replace(article, notes=(*article.notes, replace(article.notes[0], at=article.paragraphs[-1].end)))
    documents = tuple(twice if d.id == "article" else d for d in corpus.documents)
    client = TestClient(create_app(Settings(), FakeSearcher(replace(corpus, documents=documents))))

    page = Markup(client.get("/documents/article").text)

    assert len(page.ids()) == len(set(page.ids()))
    assert page.links().count("#n1") == 2


def test_withheld_text_is_not_on_the_page(client: TestClient, corpus: Corpus) -> None:
    """The page of a source without a stretch says why its text is not there, and holds none of it."""
    response = client.get(f"/documents/source-{HELD}")

    assert "belongs to its publisher" in Markup(response.text).named("p", class_="withheld")[0].text
    assert corpus.document(f"source-{HELD}").text[:40] not in response.text


def test_words_of_an_article_have_its_language(corpus: Corpus) -> None:
    """On the pages of sources the article's entry and sentences are in the article's language, our words in ours."""
    german = replace(corpus, articles={"article": {**corpus.articles["article"], "lang": "de"}})
    client = TestClient(create_app(Settings(), FakeSearcher(german)))

    for address in ("/sources", f"/sources/{HELD}"):
        page = Markup(client.get(address).text)
        printed = page.named("dd", class_="quoted")
        sentences = [q for q in page.named("blockquote") if q.attributes["cite"].startswith("/documents/article?")]
        assert {tag.attributes.get("lang") for tag in (*printed, *sentences)} == {"de"}
        assert len(printed) == len(sentences) > 0
        assert page.named("html")[0].attributes["lang"] == "en"


def test_editors_words_are_labelled(client: TestClient) -> None:
    """Whatever the editors say of a source stands under their label, and no address in it is one that runs."""
    page = Markup(client.get("/sources/7").text)

    labels = [t.text for t in page.named("dt") if t.text.endswith("Editors’ words")]
    assert len(labels) == len(page.named("dd", class_="editors")) == 1
    assert "https://example.org/page" in page.links()
    assert not [link for link in page.links() if link.startswith("javascript:")]


def test_hostile_question_is_only_text(client: TestClient) -> None:
    """Markup and template syntax in a question are shown as they were typed."""
    page = Markup(client.get("/ask", params={"q": HOSTILE}).text)

    assert page.named("h2", id="question")[0].text == HOSTILE
    assert not [t.text for t in page.named("script") if t.text]


def test_questions_of_any_script_set_their_direction(client: TestClient) -> None:
    """A question's direction follows its own letters, in the heading and in the box."""
    page = Markup(client.get("/ask", params={"q": "روسيا Russia India helicopters"}).text)

    assert page.named("h2", id="question")[0].attributes["dir"] == "auto"
    assert page.named("textarea", id="q")[0].attributes["dir"] == "auto"


def test_static_files_may_be_kept_for_ever(client: TestClient) -> None:
    """Style sheet, script and icon are served under names that hold their hash, as immutable."""
    head = Markup(client.get("/").text)
    kept = [t for t in head.named("link") if t.attributes["rel"] != "search"]
    addresses = [t.attributes["href"] for t in kept] + [t.attributes["src"] for t in head.named("script")]

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert len(addresses) == 3
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert "Disallow: /ask" in client.get("/robots.txt").text


def test_first_page_is_light(corpus: Corpus) -> None:
    """The first page with all it loads stays under 60 kB over the wire, and is compressed."""
    client = TestClient(create_app(Settings(), FakeSearcher(corpus)))
    head = Markup(client.get("/").text)
    addresses = ["/", *(t.attributes["href"] for t in head.named("link")), head.named("script")[0].attributes["src"]]

    sizes = []
    for address in addresses:
        with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as response:
            sizes.append(sum(map(len, response.iter_raw())))
    assert sum(sizes) < 60_000
    assert sizes[0] < len(client.get("/").content)


def test_two_articles_are_both_shown(corpus: Corpus) -> None:
    """A corpus of several articles lists them on the first page, and a title is all that one needs."""
    second = replace(corpus.document("article"), id="d07", title="Second & last", article="d07", notes=())
    several = replace(
        corpus, documents=(*corpus.documents, second), articles={**corpus.articles, "d07": {"title": "Second & last"}}
    )
    client = TestClient(create_app(Settings(), FakeSearcher(several)))

    page = Markup(client.get("/").text)

    assert page.named("h1")[0].text == "Ask the articles"
    assert [t.text for t in page.named("h2", lang="en")] == [corpus.document("article").title, "Second & last"]
    assert client.get("/documents/d07").status_code == 200
    assert client.get("/ask", params={"q": ANSWERED}).status_code == 200
    assert client.get("/sources/7?article=article").status_code == 200


def test_a_browser_can_add_it_as_a_search_engine(client: TestClient) -> None:
    """Each page names the OpenSearch description, XML that asks `/?q=` where it came from, escaped."""
    answer = client.get("/opensearch.xml", headers={"host": 'a"<b>.example'})
    described = client.get("/opensearch.xml")
    tree = ElementTree.fromstring(described.text)
    (url,) = tree.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")

    assert described.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert url.attrib["template"] == "http://testserver/?q={searchTerms}"
    assert "<b>.example" not in answer.text
    assert '<link rel="search" type="application/opensearchdescription+xml"' in client.get("/").text
    assert client.get("/?q=Why", follow_redirects=False).headers["location"] == "/ask?q=Why"


def test_passages_that_say_the_same_stand_together(client: TestClient, corpus: Corpus) -> None:
    """Under a passage stand the words that say the same elsewhere, as they are there, with a link to them."""
    response = client.get("/ask", params={"q": "Pakistan Russia relations strategic relationship evolving", "k": 20})
    answer = response.context["answer"]
    places = [place for passage in answer.passages for place in passage.also_at]
    groups = Markup(response.text).named("div", class_="also")

    assert places
    assert len(groups) == len(places)
    for group, place in zip(groups, places, strict=True):
        assert "Says the same:" in group.text
        assert corpus.document(place.document).text[place.start : place.end] in group.text
