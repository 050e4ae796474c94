"""What stands below an answer keeps apart what several articles call by one number."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.build import build
from index.corpus import read_corpus
from index.searcher import Searcher
from server.app import create_app
from server.footnotes import apparatus
from server.settings import Settings
from tests.conftest import ToyEncoder, silent
from tests.fakes import FakeSearcher
from tests.markup import Markup

WORDS = {"alpha": "Masons cut granite on an island", "beta": "In winter a steamer carried granite for masons"}
BOOKS = {"alpha": "A. Reed, Towers of the North", "beta": "B. Hale, Diary of an Engineer"}
QUESTION = "Where did masons cut granite?"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Open an index of two articles, each with a note 1 and a reference 1, which are different books."""
    folder = tmp_path_factory.mktemp("two")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, book in BOOKS.items():
        text = f"---\ntitle: The {name} tower\n---\n\n{WORDS[name]}.[^1]\n\n[^1]: {book}\n"
        reference = {"number": 1, "printed": book, "csl": {"id": "1", "type": "book", "title": book.split(", ")[1]}}
        (corpus / f"{name}.md").write_text(text, encoding="utf-8")
        (corpus / f"{name}.references.json").write_text(json.dumps([reference]), encoding="utf-8")
    build(corpus, folder / "index", ToyEncoder(), progress=silent)
    opened = Searcher.open(folder / "index", ToyEncoder())
    yield opened
    opened.close()


def test_note_leads_to_the_book_of_its_own_article(searcher: Searcher) -> None:
    """Two articles' notes with the same number show each its own article's book, and no book is left over."""
    answer = searcher.ask(QUESTION)
    below = apparatus(answer)

    assert {f.document: [r.printed for r in f.references] for f in below.footnotes} == {n: [b] for n, b in BOOKS.items()}
    assert below.others == ()
    assert {(s.article, s.reference) for s in answer.not_searched} <= {(name, 1) for name in BOOKS}


@pytest.mark.parametrize("question", [QUESTION, "zebras yodel"])
def test_source_is_linked_with_its_article(searcher: Searcher, question: str) -> None:
    """Below an answer each source's link names its article and opens that article's source."""
    client = TestClient(create_app(Settings(), searcher))
    page = Markup(client.get("/ask", params={"q": question}).text)
    links = {link for link in page.links() if link.startswith("/sources/")}

    assert links == {f"/sources/1?article={name}" for name in BOOKS}
    for name, book in BOOKS.items():
        assert client.get("/sources/1.json", params={"article": name}).json()["printed"] == book


def test_note_on_a_heading_is_cited_there(tmp_path: Path) -> None:
    """A reference whose note stands on a heading is cited at the heading, and the page shows the note below it."""
    reference = {"number": 1, "printed": BOOKS["alpha"], "csl": {"id": "1", "type": "book", "title": "Towers"}}
    body = f"## The lamp[^1]\n\nIt burned.\n\n## The bell\n\nIt rang.\n\n## The end\n\nAll left.\n\n[^1]: {BOOKS['alpha']}\n"
    (tmp_path / "article.md").write_text(f"---\ntitle: A Tower\n---\n\n{body}", encoding="utf-8")
    (tmp_path / "references.json").write_text(json.dumps([reference]), encoding="utf-8")
    client = TestClient(create_app(Settings(), FakeSearcher(read_corpus(tmp_path))))
    page = Markup(client.get("/documents/article").text)

    assert [place["text"] for place in client.get("/sources/1.json").json()["cited_at"]] == ["The lamp"]
    assert {"m1", "n1"} <= set(page.ids())
    assert [a.text for a in page.named("a") if a.attributes["href"].startswith("#s")] == ["The lamp", "The bell", "The end"]


def test_note_that_opens_a_paragraph_is_kept(tmp_path: Path) -> None:
    """A marker before the first word of a paragraph, of the text even, is on the page and in its twin, with its note."""
    body = "[^1] It burned.\n\n[^2] It rang.[^3]\n\n[^1]: One.\n\n[^2]: Two.\n\n[^3]: Three.\n"
    (tmp_path / "article.md").write_text(f"---\ntitle: A Tower\n---\n\n{body}", encoding="utf-8")
    client = TestClient(create_app(Settings(), FakeSearcher(read_corpus(tmp_path))))
    page, twin = Markup(client.get("/documents/article").text), client.get("/documents/article.json").json()

    assert [note["number"] for note in twin["notes"]] == [1, 2, 3]
    assert {f"{kind}{number}" for kind in "mn" for number in (1, 2, 3)} <= set(page.ids())
