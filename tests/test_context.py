"""More of the context: the sentences around a passage, as they stand, and never more than may be shown."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from index.domain import Answer, Corpus, Quotation
from server.context import MOST, STEPS, Context, context_of
from server.documents import AROUND
from tests.fakes import HELD, FakeSearcher
from tests.markup import Markup

ASKED = {"q": "helicopters Russia India sale"}


def asked(corpus: Corpus, question: str, **role: str) -> list[Quotation]:
    """Return the passages for a question, of one role where it is given."""
    answer: Answer = FakeSearcher(corpus).ask(question, k=20)
    return [q for q in (*answer.passages, *answer.nearest) if q.role == role.get("role", q.role)]


def around(corpus: Corpus, passage: Quotation, count: int, **settings: bool) -> Context:
    return context_of(corpus, passage, count, private_use=settings.get("private_use", False))


@pytest.mark.parametrize("count", [1, 2, MOST])
def test_context_stands_right_beside_the_passage(corpus: Corpus, count: int) -> None:
    """With white space aside, the words before and after and the passage between them are one stretch of the document."""
    for passage in asked(corpus, ASKED["q"], role="body"):
        context = around(corpus, passage, count)
        text = corpus.document(passage.document.id).text
        together = "".join("".join((*context.before, passage.text, *context.after)).split())

        assert together in "".join(text.split())
        assert context.before or context.after


def test_each_step_shows_more(corpus: Corpus) -> None:
    """From step to step the context grows, until there are no more sentences or steps; and back."""
    passage = asked(corpus, ASKED["q"], role="body")[0]
    none, some, most = (around(corpus, passage, step) for step in STEPS)
    lengths = [sum(map(len, (*c.before, *c.after))) for c in (none, some, most)]

    assert lengths[0] == 0 < lengths[1] < lengths[2]
    assert [c.wider for c in (none, some, most)] == [*STEPS[1:], None]
    assert [c.narrower for c in (none, some, most)] == [None, *STEPS[:-1]]


def test_context_keeps_to_its_section(corpus: Corpus) -> None:
    """No word of the abstract stands around a passage of the body, and the first paragraph has nothing before it."""
    body = [p for p in corpus.document("article").paragraphs if p.role == "body"]
    passages = {
        p.paragraph: p for p in asked(corpus, "Pakistan Russia relations strategic relationship history") if p.role == "body"
    }
    abstract = next(p for p in corpus.document("article").paragraphs if p.role == "abstract")
    words = corpus.document("article").text[abstract.start : abstract.end]

    for passage in passages.values():
        context = around(corpus, passage, MOST)
        assert not any(text in words for text in (*context.before, *context.after))
        assert bool(context.before) == (passage.start > body[0].start)


def test_a_publishers_text_is_shown_no_further_than_its_own_page_shows_it(corpus: Corpus) -> None:
    """Around a passage of a held source stand at most 200 characters on either side, unless use is private."""
    source = corpus.document(f"source-{HELD}")
    (passage, *_) = asked(corpus, "held source sentence speaks", role="source")
    inner = passage_within(passage, source.paragraphs[3].start + 240, source.paragraphs[3].end - 160)
    context, private = around(corpus, inner, MOST), around(corpus, inner, MOST, private_use=True)

    assert all(0 < sum(map(len, side)) <= AROUND for side in (context.before, context.after))
    assert sum(map(len, private.before)) > AROUND
    assert context.opens_inside


def passage_within(passage: Quotation, start: int, end: int) -> Quotation:
    """Return the passage as if it stood elsewhere in its document."""
    return replace(passage, start=start, end=end)


@pytest.mark.parametrize(("role", "question"), [("reference", "Tashkent declaration"), ("metadata", "Muhammad Khan keywords")])
def test_entries_have_no_context(corpus: Corpus, role: str, question: str) -> None:
    """An entry of the list of references, or of the title page, stands for itself."""
    passages = asked(corpus, question, role=role)

    assert passages
    assert {around(corpus, p, MOST) for p in passages} == {Context((), (), None, STEPS[-2], False, False)}


def test_links_lead_through_the_context_and_land_on_the_passage(client: TestClient) -> None:
    """Each passage links to the page that shows more, or less, at that very passage; without it nothing is around."""
    plain, some, most = (Markup(client.get("/ask", params=ASKED | {"context": c}).text) for c in STEPS)

    assert not plain.named("div", class_="around")
    assert some.named("div", class_="around")
    assert contexts(plain, "#t1p1") == [["2"]]
    assert contexts(some, "#t1p1") == [["5"], None]
    assert contexts(most, "#t1p1") == [["2"]]


def contexts(page: Markup, anchor: str) -> list[Any]:
    leading_there = [link for link in page.links() if link.startswith("/ask?") and link.endswith(anchor)]
    links = [urlsplit(link) for link in leading_there if "style=" not in link]
    return [parse_qs(link.query).get("context") for link in links]


def test_context_is_shown_around_one_passage_where_one_is_named(client: TestClient) -> None:
    """The links name their own passage, whose context alone is shown; without a name it is around each."""
    everywhere, one = (Markup(client.get("/ask", params=ASKED | {"context": 2} | named).text) for named in ({}, {"around": 2}))
    links = [link for link in one.links() if "around=" in link and link.endswith("p2")]

    assert len(one.named("div", class_="around")) < len(everywhere.named("div", class_="around"))
    assert {parse_qs(urlsplit(link).query)["around"][0] for link in links} == {"2"}
    assert client.get("/ask", params=ASKED | {"context": 2, "around": 0}).status_code == 422


def test_the_way_back_alone_carries_the_choice(client: TestClient) -> None:
    """The way back shows the page as it was; the next question, the turns before, the twin and the exports do not."""
    page = Markup(client.get("/ask", params=ASKED | {"previous": "Moscow visit", "context": 2, "around": 1}).text)
    hidden = {t.attributes["name"]: t.attributes["value"] for t in page.named("input", type="hidden")}
    before = next(link for link in page.links() if link.startswith("/ask?q=Moscow"))
    document = [link for link in page.links() if link.startswith("/documents/article?")][-1]
    back = next(link for link in Markup(client.get(document).text).links() if link.startswith("/ask?"))

    assert "context" not in hidden
    assert "context" not in before
    assert [parse_qs(urlsplit(back).query)[name] for name in ("context", "around")] == [["2"], ["1"]]
    others = [link for link in page.links() if link.startswith("/ask.")]
    assert others
    assert not [link for link in others if "context" in link]
    assert client.get("/ask.json", params=ASKED | {"context": 2}).status_code == 422


@pytest.mark.parametrize("context", ["-1", "6", "many"])
def test_no_other_amount_is_shown(client: TestClient, context: str) -> None:
    """More than five sentences, fewer than none, or what is no number, is a mistake that is told."""
    assert client.get("/ask", params=ASKED | {"context": context}).status_code == 422
