"""In a real browser people take an answer with them, choose a citation style, and open a page at the quoted words."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import bibtexparser
import pytest
from playwright.sync_api import Page, expect

from index.exports.text_fragments import with_text_fragment
from index.searcher import Searcher

pytestmark = pytest.mark.browser

QUESTION = "Which helicopters did Russia sell to Pakistan?"
Visit = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_answer_is_saved_in_the_style_chosen(visit: Visit, javascript: bool) -> None:
    """A style is chosen, the question stays, and what is saved then is the answer in a file called after the question."""
    page = visit(f"/ask?q={quote(QUESTION)}", java_script_enabled=javascript)
    page.get_by_role("link", name="APA").click()
    expect(page.locator("#question")).to_have_text(QUESTION)
    cited = page.locator("#t1p1 .citation").inner_text().removeprefix("Cite as").strip()
    saved: dict[str, str] = {}
    for title in ("Markdown", "BibTeX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=title).click()
        saved[download.value.suggested_filename] = Path(download.value.path()).read_text(encoding="utf-8")

    assert list(saved) == [f"which-helicopters-did-russia-sell-to-pakistan.{suffix}" for suffix in ("md", "bib")]
    assert cited in next(iter(saved.values()))
    assert "style=apa" in page.url
    assert bibtexparser.parse_string(list(saved.values())[1]).entries[0].key == "khanevolving"


@pytest.mark.parametrize("length", [90, 400])
def test_text_fragment_opens_the_page_at_the_words(visit: Visit, searcher: Searcher, length: int) -> None:
    """Chromium opens an address with a text fragment at the words, of a short quotation and of a long one."""
    document = searcher.corpus.document("article")
    paragraph = document.paragraphs[-3]
    words = document.text[paragraph.start : paragraph.start + length].rpartition(" ")[0]
    page = visit(with_text_fragment(f"/documents/{document.id}", words))

    expect(page.locator(f"#p{paragraph.number}")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
