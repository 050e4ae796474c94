from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.canonical import canonical
from index.documents import BREAK, from_markdown, make_document
from index.domain import Document
from index.errors import CorpusError


def read(body: str, **fields: Any) -> Document:
    plain = {"id": "article", "kind": "article", "title": "A Title", "file": "article.md", "article": "article"}
    return from_markdown(body, **(plain | fields))


def paragraphs(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs]


def marked(document: Document) -> list[tuple[int, str]]:
    return [(note.number, document.text[: note.at]) for note in document.notes]


def test_markers_leave_only_their_offset() -> None:
    """A marker is not in the text; its offset is where it stood, also inside quotation marks and after a comma."""
    document = read("The “pivot,[^1]” he said.[^2]\n\n[^1]: One.\n[^2]: Two.")

    assert document.text == "The “pivot,” he said."
    assert marked(document) == [(1, "The “pivot,"), (2, "The “pivot,” he said.")]
    assert [note.text for note in document.notes] == ["One.", "Two."]


def test_marker_behind_a_space_stays_in_its_paragraph() -> None:
    """A marker that stands apart at the end of a paragraph is at the paragraph's end, not beyond it."""
    document = read("One. [^1]\n\nTwo.\n\n[^1]: A note.")

    assert document.text == "One.\n\nTwo."
    assert document.notes[0].at == 4


def test_offsets_count_code_points() -> None:
    """A character outside the Basic Multilingual Plane counts as one."""
    document = read("🗼 is 𝐀[^1] tower.\n\n[^1]: One.")

    assert document.notes[0].at == len("🗼 is A")


def test_text_holds_no_markdown() -> None:
    """Emphasis, links, code, escapes and entities are read as the words they show."""
    document = read("*One* **two** [three](https://example.org) `four` \\* five\\$ &amp; six.")

    assert document.text == "One two three four * five$ & six."


def test_address_stays_as_printed() -> None:
    """An address in angle brackets keeps its characters, percent signs among them."""
    document = read("See <https://example.org/1353036/%7B%7B?a=ü>.")

    assert document.text == "See https://example.org/1353036/%7B%7B?a=ü."


def test_html_is_text() -> None:
    """HTML in an article is shown as it is typed, never as an element."""
    document = read("He typed <script>alert(1)</script> there.")

    assert document.text == "He typed <script>alert(1)</script> there."


def test_line_breaks_are_spaces() -> None:
    """The lines of a paragraph are joined by one space, whatever white space stood between them."""
    document = read("One  \ntwo\n  three\tfour\\\nfive.")

    assert document.text == "One two three four five."


def test_letters_are_composed() -> None:
    """The text is in NFC, so that an accent typed apart is the same as one typed together."""
    document = read("Cafe\u0301[^1] au lait.\n\n[^1]: Re\u0301sume\u0301.")

    assert document.text == "Café au lait."
    assert document.notes[0].at == 4
    assert document.notes[0].text == "Résumé."


def test_headings_stand_in_the_text_unnumbered() -> None:
    """A heading is part of the text and has no paragraph number; the paragraphs are numbered through."""
    document = read("## First\n\nOne.\n\n## Second\n\nTwo.\n\nThree.")

    assert document.text == "First\n\nOne.\n\nSecond\n\nTwo.\n\nThree."
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(2, "First"), (2, "Second")]
    assert [(p.number, p.section) for p in document.paragraphs] == [(1, "First"), (2, "Second"), (3, "Second")]


def test_one_heading_is_no_section() -> None:
    """A document with a single heading beside its abstract has no sections to tell apart."""
    document = read("## Abstract\n\nIn short.\n\n## Introduction\n\nAt length.")

    assert [(p.role, p.section) for p in document.paragraphs] == [("abstract", None), ("body", None)]


def test_abstract_of_a_source_is_the_source() -> None:
    """A source's own abstract stays the source's words, in a section among its sections."""
    document = read("## Abstract\n\nIn short.\n\n## Findings\n\nAt length.", kind="source", reference=7)

    assert [(p.role, p.section) for p in document.paragraphs] == [("source", "Abstract"), ("source", "Findings")]


def test_note_on_a_heading_is_kept() -> None:
    """A marker on a heading is a note where it stood, and the section is called without it."""
    document = read("## First[^1]\n\nOne.[^2]\n\n## Second\n\nTwo.\n\n[^1]: A.\n[^2]: B.")

    assert marked(document) == [(1, "First"), (2, "First\n\nOne.")]
    assert document.paragraphs[0].section == "First"


def test_paragraphs_of_a_source_have_its_role() -> None:
    """A fetched source's paragraphs are a source's, not the article's."""
    document = read("Their words.", kind="source", reference=7)

    assert document.paragraphs[0].role == "source"
    assert document.reference == 7


def test_lists_tables_and_code_are_paragraphs() -> None:
    """Nothing that is shown is lost: list items, table cells and code blocks are paragraphs too."""
    document = read("- One\n- Two\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode here\n```\n\n> Quoted.")

    assert paragraphs(document) == ["One", "Two", "a", "b", "c", "d", "code here", "Quoted."]


def test_note_marked_twice_stands_twice() -> None:
    """A note with two markers is found at both."""
    document = read("One[^1] two[^1].\n\n[^1]: The note.")

    assert marked(document) == [(1, "One"), (1, "One two")]


def test_note_of_several_paragraphs_is_read_whole() -> None:
    """The paragraphs of one note are one text, and none of them is a paragraph of the document."""
    document = read("One[^1].\n\n[^1]: The note\n    goes on.\n\n    And ends.\n\nTwo.")

    assert document.notes[0].text == "The note goes on. And ends."
    assert paragraphs(document) == ["One.", "Two."]


def test_named_notes_are_numbered_in_order() -> None:
    """Notes that are called by words are numbered as they come."""
    document = read("One[^reed] two[^hale].\n\n[^reed]: Reed.\n[^hale]: Hale.")

    assert [(note.number, note.text) for note in document.notes] == [(1, "Reed."), (2, "Hale.")]


@pytest.mark.parametrize(
    ("labels", "numbers"),
    [
        (("1", "2", "3"), (1, 2, 3)),
        (("7", "2"), (7, 2)),
        (("01", "02", "12"), (1, 2, 12)),
        (("1", "reed", "3", "hale"), (1, 4, 3, 5)),
        (("reed", "2"), (3, 2)),
        (("1", "01"), (1, 2)),
        (("0", "x"), (0, 1)),
        (("9" * 5000, "4"), (5, 4)),
    ],
)
def test_a_note_has_its_own_number(labels: tuple[str, ...], numbers: tuple[int, ...]) -> None:
    """A note keeps the number that it is called by, whatever others are called, and no two have the same one."""
    body = " ".join(f"One[^{label}]." for label in labels)
    notes = "\n".join(f"[^{label}]: Note." for label in labels)

    assert tuple(note.number for note in read(f"{body}\n\n{notes}").notes) == numbers


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("One.\n\nTwo[^2].\n", r"^article\.md:13: the note \[\^2\] is marked but not written\.$"),
        ("One.\n\n[^7]: Seven.\n", r"^article\.md:13: the note \[\^7\] is written but no marker points to it\.$"),
    ],
)
def test_note_without_its_other_half_is_refused(body: str, message: str) -> None:
    """A marker without a note, or a note without a marker, is named with file and line."""
    with pytest.raises(CorpusError, match=message):
        read(body, first_line=10)


def test_made_document_numbers_its_blocks() -> None:
    """A document made of blocks has one paragraph a block, in canonical form."""
    document = make_document(
        ["One  line.", "Cafe\u0301."], id="about", kind="metadata", title="About", role="metadata", article="article"
    )

    assert document.text == "One line.\n\nCafé."
    assert [(p.number, p.role) for p in document.paragraphs] == [(1, "metadata"), (2, "metadata")]


def test_digest_is_of_the_text() -> None:
    """Two documents have the same sha256 where their text is the same, and only there."""
    one, same, other = read("*One.*"), read("One."), read("One!")

    assert one.sha256 == same.sha256
    assert one.sha256 != other.sha256


words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=6).map(" ".join)
blocks = st.lists(st.tuples(st.booleans(), sentences), min_size=1, max_size=6)


@given(blocks)
def test_blocks_tile_the_text(parts: list[tuple[bool, str]]) -> None:
    """Headings and paragraphs follow one another with two line breaks between and leave no character out."""
    document = read("\n\n".join(f"# {text}" if heading else text for heading, text in parts))
    spans = sorted((b.start, b.end) for b in (*document.headings, *document.paragraphs))

    assert BREAK.join(document.text[start:end] for start, end in spans) == document.text
    assert [document.text[start:end] for start, end in spans] == [canonical(text) for _, text in parts]
