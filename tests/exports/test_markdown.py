"""Markdown renders to the words as they stand, with every marker where the author set it."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from index.domain import Answer, Citation, Note
from index.exports.markdown import citation, citation_list, one_line, to_markdown
from tests.fakes import FakeSearcher, fake_corpus

MARKERS = "*_`\\[](){}<>#~|$^&!-+=.:@'\"/ 1aAiIwW—“é"
HARD = (
    "1986. A year", "# no heading", "- no item", "+ no item", "> no quotation", "*no* _emphasis_ `code`", "a | b", "I. One",
    "(1) one", "[a](b) and [c] and ![d](e)", "<b>x</b> &amp; &copy;", "$5 and $6", "x^2^ ~y~ ~~z~~", "a -- b --- c ... d",
    "\"q\" 'r' it's", "\\ and \\* and \\", "https://a.b/c_d_e", "www.a_b.c", "a@b.c @cite", "Term\\n: x", "===", "---",
    ":smile: [^1] [^p1]:", "::: x", "| a | b |", "{.class}", "a  b", "Mr. Khan: no",
)  # fmt: skip
CORPUS = fake_corpus()
ANSWER = FakeSearcher(CORPUS).ask("helicopters Russia India sale", k=4)
NOT_FOUND = FakeSearcher(CORPUS).ask("zebra quantum helicopters", k=2)


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).render(markdown)


def text_of(html: str) -> str:
    """Return the words of a piece of HTML, without the numbers of its notes."""
    return unescape(re.sub("<[^>]+>", "", re.sub(r'<sup class="footnote-ref">.*?</sup>', "", html))).strip()


def quotations_of(markdown: str) -> list[str]:
    return [text_of(found) for found in re.findall("<blockquote>(.*?)</blockquote>", rendered(markdown), re.DOTALL)]


def quoting(text: str, *notes: int) -> Answer:
    """Return an answer that quotes this text, with a note at each of the offsets."""
    passage = replace(
        ANSWER.passages[0], text=text, highlights=(), notes=tuple(Note(n, at, "Ibid.") for n, at in enumerate(notes, 1))
    )
    return replace(ANSWER, passages=(passage,))


def test_passages_are_rendered_as_they_stand() -> None:
    """The block quotations of an answer are its passages, word for word and in order."""
    assert quotations_of(to_markdown(ANSWER)) == [p.text for p in ANSWER.passages]


def test_whole_article_is_rendered_as_it_stands() -> None:
    """Every paragraph of every document of the corpus comes back from its rendering."""
    texts = [d.text[p.start : p.end] for d in CORPUS.documents for p in d.paragraphs]

    assert [quotations_of(to_markdown(quoting(text)))[0] for text in texts] == [text.strip() for text in texts]


@pytest.mark.parametrize("text", HARD)
def test_what_looks_like_markup_is_text(text: str) -> None:
    """What is markup elsewhere is only text in a quotation, a heading and a citation."""
    answer = replace(quoting(text), question=text, searched=text)
    html = rendered(to_markdown(answer))

    assert quotations_of(to_markdown(answer)) == [text]
    assert text_of(re.findall("<h1>(.*?)</h1>", html)[0]) == " ".join(text.split())
    assert text_of(rendered(citation(text))) == text


@given(st.text(MARKERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool), st.data())
@example("a(b)", None)
def test_markers_change_no_word(text: str, data: st.DataObject | None) -> None:
    """Wherever notes stand in whatever text, the text is rendered as it stands and each note is a footnote."""
    at = data.draw(st.lists(st.integers(1, len(text)), max_size=3, unique=True)) if data else [1]
    html = rendered(to_markdown(quoting(text, *at)))

    assert quotations_of(to_markdown(quoting(text, *at))) == [text]
    assert html.count('<sup class="footnote-ref">') == len(at) + 1


@pytest.mark.parametrize("text", HARD)
def test_pandoc_renders_the_same(text: str) -> None:
    """Pandoc, whose dialect sets quotes, dashes and citations, renders the words as they stand too."""
    import pypandoc

    printed = pypandoc.convert_text(to_markdown(quoting(text)), "html", format="markdown", extra_args=["--quiet"])
    (quotation,) = re.findall("<blockquote>(.*?)</blockquote>", printed, re.DOTALL)

    assert " ".join(unescape(re.sub("<a.*?</a>|<[^>]+>", "", quotation, flags=re.DOTALL)).split()) == " ".join(text.split())


def test_every_marker_has_its_note() -> None:
    """Each passage has its own footnote with the citation, and each of the author's notes one with what it cites."""
    markdown = to_markdown(ANSWER, base="https://notes.example/")
    html = rendered(markdown)
    numbers = {note.number for p in ANSWER.passages for note in p.notes}

    assert set(re.findall(r"(?m)^\[\^(\w+)\]: ", markdown)) == {
        *(f"p{p.number}" for p in ANSWER.passages),
        *(f"n{n}" for n in numbers),
    }
    for passage in ANSWER.passages:
        assert f'href="https://notes.example{passage.url}"'.replace("&", "&amp;") in html
    footnotes = text_of(html.partition('<section class="footnotes">')[2])
    assert all(p.citation in footnotes for p in ANSWER.passages)
    assert all(r.citation in footnotes for r in ANSWER.references)


def test_notes_of_two_documents_are_kept_apart() -> None:
    """Two documents' notes of one number are two footnotes."""
    first = replace(ANSWER.passages[0], notes=(Note(1, 3, "One."),))
    second = replace(first, number=2, document=replace(first.document, id="other"), notes=(Note(1, 3, "Other."),))
    markdown = to_markdown(replace(ANSWER, passages=(first, second), references=()))

    assert "[^n1]: Note 1: One." in markdown
    assert "[^n2-1]: Note 1: Other." in markdown


def test_silence_is_said() -> None:
    """Where the sources do not answer it says so before anything else, and the nearest stand apart under their name."""
    markdown = to_markdown(NOT_FOUND)

    said, nearest = (
        markdown.index("The sources do not answer"),
        markdown.index("## The nearest passages, which are not an answer"),
    )
    assert said < nearest < markdown.index("\n> ")
    assert f"{len(NOT_FOUND.not_searched)} cited sources" in markdown
    assert quotations_of(markdown) == [p.text for p in NOT_FOUND.nearest]


def test_addresses_are_links() -> None:
    """An address in a citation is a link, and the source's is added where the style leaves it out."""
    linked = rendered(citation("Reed, Towers, https://a.example/b_c.", "https://a.example/b_c"))
    added = rendered(citation("Reed, Towers.", "https://a.example/b_c"))

    assert linked == '<p>Reed, Towers, <a href="https://a.example/b_c">https://a.example/b_c</a>.</p>\n'
    assert added == '<p>Reed, Towers. <a href="https://a.example/b_c">https://a.example/b_c</a></p>\n'
    assert "href" not in rendered(citation("Reed.", "javascript:alert(1)"))


def test_list_keeps_the_numbers() -> None:
    """A reference keeps its number in the list, whatever numbers are left out before it."""
    cited = [Citation("article", n, "", f"Work {n}.", None, "held", "Wrong year." if n == 7 else None) for n in (3, 7)]

    assert text_of(rendered(citation_list(cited))).split("\n") == ["[3] Work 3.", "[7] Work 7. Editors’ note: Wrong year."]


def test_question_is_one_line() -> None:
    """A question of several lines is one heading."""
    assert one_line("a\n# b\t c") == "a \\# b c"
