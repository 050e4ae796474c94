"""A text cut at its marks and notes is still the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.domain import Heading, Highlight, Note, Paragraph
from server.marking import Run, blocks, marked_words, runs

TEXT = "In 1948 relations began. An ambassador came in 1949. More followed."

texts = st.text(st.characters(codec="utf-8"), max_size=60)
marks = st.lists(st.builds(Highlight, st.integers(0, 70), st.integers(0, 70), st.booleans()), max_size=4)
places = st.lists(st.integers(0, 60), max_size=4)


def said(cut: tuple[Run, ...]) -> str:
    return "".join(piece for run in cut for piece in run.pieces if isinstance(piece, str))


@given(texts, marks, places)
def test_no_word_is_lost(text: str, highlights: list[Highlight], at: list[int]) -> None:
    """Whatever is marked, the runs' words are the text, and every note within it stands there once."""
    notes = [Note(number, place, "") for number, place in enumerate(at) if 0 < place <= len(text)]

    cut = runs(text, highlights, notes)

    assert said(cut) == text
    assert sorted(n.number for run in cut for n in run.pieces if isinstance(n, Note)) == [n.number for n in notes]


@given(texts, marks)
def test_marked_words_are_those_asked_for(text: str, highlights: list[Highlight]) -> None:
    """The marked characters are exactly those inside some highlight, and only the first marked run is the first."""
    cut = runs(text, highlights)
    wanted = [i for i in range(len(text)) if any(h.start <= i < h.end for h in highlights)]

    marked, at = [], 0
    for run in cut:
        length = len(said((run,)))
        marked += range(at, at + length) if run.marked else []
        at += length
    assert marked == wanted
    assert [run.first for run in cut if run.marked] == [n == 0 for n in range(sum(run.marked for run in cut))]


def test_marker_stays_with_the_words_it_notes() -> None:
    """A marker at the end of marked words stands inside the mark, one at its beginning before it."""
    before, inside, _ = runs(TEXT, [Highlight(24, 52)], [Note(1, 24, ""), Note(2, 52, "")])

    assert before.pieces == (TEXT[:24], Note(1, 24, ""))
    assert inside.pieces == (TEXT[24:52], Note(2, 52, ""))


def test_mark_across_paragraphs_has_one_beginning() -> None:
    """A mark that runs through a heading and two paragraphs is cut at their ends, and begins once."""
    text = "First one.\n\nHeading\n\nSecond one."

    cut = blocks(
        text,
        offset=100,
        paragraphs=[Paragraph(1, 100, 110), Paragraph(2, 121, 132)],
        headings=[Heading(2, 112, 119)],
        notes=[],
        mark=(106, 127),
    )

    assert [b.kind for b in cut] == ["paragraph", "heading", "paragraph"]
    assert [said(tuple(r for r in b.runs if r.marked)) for b in cut] == ["one.", "Heading", "Second"]
    assert [r.first for b in cut for r in b.runs if r.marked] == [True, False, False]


def test_excerpt_says_where_it_breaks_off() -> None:
    """Of a stretch of a document only the paragraphs it touches are set, and those cut short say so."""
    (only,) = blocks(
        "words in the",
        offset=10,
        paragraphs=[Paragraph(1, 0, 30), Paragraph(2, 32, 40)],
        headings=[],
        notes=[],
        mark=None,
    )

    assert said(only.runs) == "words in the"
    assert (only.number, only.opens_inside, only.ends_inside) == (1, True, True)


@pytest.mark.parametrize(
    ("highlights", "words"),
    [
        ([(0, 24), (25, 52)], "In 1948 relations began. An ambassador came in 1949."),
        ([(0, 24), (53, 67)], "In 1948 relations began. … More followed."),
        ([(53, 67), (0, 7), (7, 24)], "In 1948 relations began. … More followed."),
        ([(0, 30), (25, 52)], "In 1948 relations began. An ambassador came in 1949."),
        ([], TEXT),
    ],
    ids=["adjoining", "apart", "in any order", "overlapping", "none"],
)
def test_marked_words_are_joined_as_one_quotation(highlights: list[tuple[int, int]], words: str) -> None:
    """Marks that adjoin are quoted as they stand, others with dots between; where nothing is marked all is quoted."""
    assert marked_words(TEXT, [Highlight(start, end) for start, end in highlights]) == words
