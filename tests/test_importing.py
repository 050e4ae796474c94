import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.corpus import read_corpus
from index.documents import from_markdown
from index.domain import Document
from index.errors import CorpusError
from index.front_matter import split_front_matter
from index.importing import headline, to_markdown

ROOT = Path(__file__).resolve().parents[1]
SUPPLIED = (ROOT / "tests/data/article.txt").read_text(encoding="utf-8")
LICENSE = "supplied by its user; rights with its author"
NOTES = 29

DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
TITLE = "THE EVOLVING NATURE OF PAKISTAN-RUSSIA STRATEGIC RELATIONSHIP"
BYLINE = "*Prof. Dr Muhammad Khan**"
AUTHOR_NOTE = (
    "*Professor Dr. Muhammad Khan is Chairman at the Department of Politics and International Relations in "
    "International Islamic University (IIUI), Islamabad. The authors' email address is drmkedu@gmail.com."
)
KEYWORDS = "Keywords: Pakistan, Russia, Strategic Relationship, South Asia, Central Asia, China, United States and Afghanistan."
PAGE_BREAKS = [
    ("adjacent to Central Asia,", "closely connected"),
    ("such as the U-2", "spy plane incident"),
    ("a thaw in Pakistan-Russia", "relations. Notably"),
    ("technological advancements, and sustained", "diplomatic engagement"),
    ("With realistic", "expectations and policymaker"),
    ("August 7–8, 2018, in", "Islamabad and attended"),
    ("Russia always cooperates", "with India to ensure"),
    ("in both capitals that they", "share more common interests"),
    ("Pakistan was thrust into", "another unwanted conflict"),
]


@pytest.fixture(scope="module")
def article() -> Document:
    return read_corpus(ROOT / "corpus").document("article")


def without_front_matter(text: str) -> str:
    for piece in (TITLE, BYLINE, AUTHOR_NOTE, KEYWORDS):
        assert text.count(f"{piece}\n\n") == 1
        text = text.replace(f"{piece}\n\n", "")
    return text.strip().replace(r"\$", "$")


def superscript(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def test_article_in_the_corpus_is_the_supplied_one() -> None:
    """Importing the supplied text gives the corpus's article, byte for byte."""
    imported = to_markdown(SUPPLIED, license=LICENSE)

    assert imported == (ROOT / "corpus/article.md").read_text(encoding="utf-8")


def test_every_word_stands_in_the_markdown() -> None:
    """The supplied words stand in the Markdown in their order, apart from markers, heading signs and front matter."""
    supplied = without_front_matter(SUPPLIED).replace("\nReferences\n", "\n").replace("\n- ", "\n")
    _, body, _ = split_front_matter(to_markdown(SUPPLIED), file="article.md")
    for number in range(NOTES, 0, -1):
        supplied = supplied.replace(f"\n{superscript(number)} ", f"\n[^{number}]: ")
        supplied = supplied.replace(superscript(number), f"[^{number}]")
    plain = re.sub(r"\\([\[\]*_<>`])", r"\1", body.replace("## ", ""))

    assert plain.split() == supplied.split()


def test_front_matter_keeps_what_was_printed() -> None:
    """Title, byline, author's note and keywords stand in the front matter as printed, their asterisks aside."""
    meta, _, _ = split_front_matter(to_markdown(SUPPLIED), file="article.md")

    assert meta["printed"] == [TITLE, BYLINE.strip("*"), AUTHOR_NOTE.strip("*"), KEYWORDS]
    assert meta["title"] == "The Evolving Nature of Pakistan-Russia Strategic Relationship"
    assert meta["author"] == [{"family": "Khan", "given": "Muhammad"}]
    assert meta["keywords"][-2:] == ["United States", "Afghanistan"]


def test_canonical_text_is_the_supplied_text(article: Document) -> None:
    """The text that is quoted is the supplied one without superscripts and reference list, its page breaks healed."""
    text = without_front_matter(SUPPLIED).partition("\n\nReferences\n")[0]
    text = re.sub(f"[{DIGITS}]+", "", text)
    for end, start in PAGE_BREAKS:
        assert f"{end}\n\n{start}" in text
        text = text.replace(f"{end}\n\n{start}", f"{end} {start}")

    assert article.text == text


@pytest.mark.parametrize("number", range(1, NOTES + 1))
def test_marker_stands_at_its_word(article: Document, number: int) -> None:
    """A note's offset is where its superscript stands in the supplied text, and its text is the entry of its number."""
    supplied = SUPPLIED.replace(r"\$", "$").partition("\nReferences\n")[0]
    note = next(n for n in article.notes if n.number == number)
    before = article.text[note.at - 20 : note.at]
    entry = next(line for line in SUPPLIED.splitlines() if line.startswith(f"- {superscript(number)} "))

    assert re.search(f"{re.escape(before)}{superscript(number)}(?![{DIGITS}])", supplied)
    assert note.text == entry.split(" ", 2)[2].replace("<", "").replace(">", "")
    assert note.references == (number,)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("THE GREAT GAME OF TRADE-OFFS", "The Great Game of Trade-Offs"),
        ("A Title of NATO", "A Title of NATO"),
    ],
)
def test_capitals_become_headline_style(printed: str, title: str) -> None:
    """Only a title printed all in capitals is set anew."""
    assert headline(printed) == title


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  \n\n ", r"^a\.txt: there is no text in it\.$"),
        ("TITLE\n\nOne.¹\n\nTwo.²\n\nReferences\n\n¹ Reed.", r"^a\.txt: note 2 stands in the text but not in the list"),
    ],
)
def test_text_that_is_no_article_is_refused(text: str, message: str) -> None:
    """An empty text, or a note without its entry, is refused in one sentence with the file."""
    with pytest.raises(CorpusError, match=message):
        to_markdown(text, file="a.txt")


def test_bare_article_needs_no_front_matter() -> None:
    """A text with a title and paragraphs is enough; what it lacks is left out, not invented."""
    meta, body, _ = split_front_matter(to_markdown("A Plain Title\n\nOne paragraph."), file="a.md")

    assert meta == {"title": "A Plain Title", "printed": ["A Plain Title"]}
    assert body.strip() == "One paragraph."


def round_trip(text: str) -> Document:
    _, body, _ = split_front_matter(to_markdown(text), file="a.md")
    return from_markdown(body, id="a", kind="article", title="A Title", file="a.md", article="a")


def test_wrapped_entry_is_one_note() -> None:
    """An entry that goes on in further lines is one note with all its words."""
    document = round_trip("A Title\n\nOne.¹ Two.²\n\nReferences\n\n- ¹ A. Reed, Towers\n  of the North,\n1901.\n- ² B. Hale.")

    assert [note.text for note in document.notes] == ["A. Reed, Towers of the North, 1901.", "B. Hale."]


def test_list_is_no_note_of_the_author() -> None:
    """A list with asterisks stays in the body unless the byline's own asterisk announces an author's note."""
    listed = "* One thing\n* and another."
    unsigned = to_markdown(f"A Title\n\nFirst.\n\n{listed}")
    signed = to_markdown(f"A Title\n\n*A. Reed**\n\nFirst.\n\n*The author is known.\n\n{listed}")

    assert round_trip(f"A Title\n\nFirst.\n\n{listed}").text == "First.\n\n* One thing * and another."
    assert split_front_matter(unsigned, file="a.md")[0]["printed"] == ["A Title"]
    assert split_front_matter(signed, file="a.md")[0]["printed"] == ["A Title", "A. Reed", "The author is known."]


paragraph = st.text(st.sampled_from("ab1 #*_-+=~`[]<>()&;:|!\\\"'.>^"), max_size=30).map(lambda text: f"x{text} end.")
opened = st.text(st.sampled_from("1a#*_-+=~`[]<>()&;:|!.> "), min_size=1, max_size=8).map(lambda text: f"{text} is so.")


@given(paragraph | opened)
@example("1. One thing comes first.")
@example("# is a number sign.")
@example("- he said, and left.")
@example("R&amp;D is an entity.")
@example("---- is a rule.")
@example("[^1] and [a]: b are no note.")
def test_signs_survive_the_markdown(text: str) -> None:
    """Characters that mean something in Markdown are read back as they were supplied."""
    document = round_trip(f"A Title\n\n*A. Reed*\n\n*The author is known.\n\nFirst.\n\n{text}\n\nLast.")

    assert document.text == f"First.\n\n{' '.join(text.split())}\n\nLast."


def test_signs_survive_in_a_heading() -> None:
    """A heading keeps its signs, and what ends like a sentence is none."""
    document = round_trip("A Title\n\nThe A*B*C of [Costs]\n\nOne.\n\nThis ends.")

    assert document.text == "The A*B*C of [Costs]\n\nOne.\n\nThis ends."
    assert len(document.headings) == 1
