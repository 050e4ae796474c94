"""A place of a quotation says its paragraph, which of its words were altered, and what the editors found there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import from_markdown, make_document
from index.domain import Document, Finding, FindingShown, Reference
from index.findings import with_places
from index.quotations.checking import Checker
from index.quotations.domain import Changed, CheckedQuotation
from tests.quotations.making import CHANGES, article, change, stretch

TEXT = """# A Title

The northern council had not approved the treaty.[^1] Trade reached $88.3 million in 2015, a good year.

The old capital was built on seven hills of clay. Nobody came to the first meeting.[^2]

[^1]: One.
[^2]: Two.
"""
ON_WORDS, ON_NOTE = "The sum is doubtful.", "The source is by others."
ARTICLE = article()
CHECKER = Checker([ARTICLE])


def toy() -> Document:
    read = from_markdown(TEXT, id="article", kind="article", title="A Title", file="a.md", first_line=1, article="article")
    return replace(read, notes=tuple(replace(note, references=(note.number,)) for note in read.notes))


@pytest.fixture(scope="module")
def checker() -> Checker:
    references = (
        Reference(1, "One.", {}, findings=(Finding(ON_NOTE),)),
        Reference(2, "Two.", {}, findings=(Finding(ON_WORDS, ("reached $88.3 million",)),)),
    )
    ours = make_document(
        ["It tells that nobody came to the last meeting in the grey harbour.", "The old capital was built by us."],
        id="annotation-1", kind="annotation", title="About One", role="annotation", reference=1, article="article",
    )  # fmt: skip
    return Checker([ours, toy()], with_places(references, toy()))


def check(checker: Checker, quotation: str, document: str | None = None) -> CheckedQuotation:
    (found,) = checker.check(quotation, document).quotations
    return found


def cut(text: str, changed: tuple[Changed, ...]) -> list[str]:
    return [text[c.start : c.end] for c in changed]


@pytest.mark.parametrize(
    ("quotation", "paragraph"), [("reached $88.3 million", 1), ("built on seven hills", 2), ("A Title", None)]
)
def test_place_says_its_paragraph(checker: Checker, quotation: str, paragraph: int | None) -> None:
    """A place says in which numbered paragraph it stands; a heading is in none."""
    place = check(checker, quotation).found[0]

    assert (place.paragraph, place.last_paragraph) == (paragraph, paragraph)


@pytest.mark.parametrize(
    ("quotation", "quoted", "found"),
    [
        ("the northern council had approved the treaty", [], ["not"]),
        ("the northern council had not rejected the treaty", ["rejected"], ["approved"]),
        ("Trade reached $88.4 million in 2016, a good year", ["88.4", "2016"], ["88.3", "2015"]),
        ("the northern council the had not approved the treaty", ["the"], []),
        ("the northern council … approved the treaty", ["…"], ["had not"]),
        ("the northern council had [never] approved the treaty", ["[never]"], ["not"]),
        ("the Northern council had not approved the treaty", ["Northern"], ["northern"]),
    ],
)
def test_altered_words_are_marked_where_they_stand(
    checker: Checker, quotation: str, quoted: list[str], found: list[str]
) -> None:  # fmt: skip
    """What differs is marked in the quotation and in the nearest words, there and not where the same word stands before."""
    checked = check(checker, quotation)

    assert checked.verdict == "altered"
    assert cut(quotation, checked.changed) == quoted
    assert [words for place in checked.found for words in cut(place.text, place.changed)] == found
    assert all(c.start > len("the northern council") - 1 for c in checked.changed if quoted == ["the"])


@pytest.mark.parametrize("quotation", ["The  northern council", "the northern [regional] council", "hills … clay"])
def test_nothing_is_marked_in_what_is_exact(checker: Checker, quotation: str) -> None:
    """Setting, and what the quoter says to have left out or put in, is no alteration."""
    checked = check(checker, quotation)

    assert checked.changed == ()
    assert all(place.changed == () for place in checked.found)


@given(st.integers(0, 10_000), st.sampled_from(CHANGES))
def test_marks_lie_in_their_texts_and_nothing_else_differs(seed: int, kind: str) -> None:
    """Whatever is changed, marks lie apart inside their texts, and hold no more than the differences name."""
    import random

    chance = random.Random(seed)
    altered = change(ARTICLE.text[slice(*stretch(ARTICLE, chance))], kind, chance)
    if altered is None:
        return
    checked = CHECKER._checked(altered.text, None)

    grave = [d for d in checked.differences if d.kind != "typography"]
    for text, changed in [(checked.quoted, checked.changed), *((p.text, p.changed) for p in checked.found)]:
        ends = [0, *(c.end for c in changed)]
        assert all(last <= c.start < c.end <= len(text) for c, last in zip(changed, ends, strict=False))
        named = {d.quoted for d in grave} | {d.found for d in grave}
        assert all(any(text[c.start : c.end] in words for words in named) for c in changed)
    assert bool(grave) >= bool(checked.changed)


def test_findings_stand_under_exact_and_altered_words(checker: Checker) -> None:
    """What the editors found of a sentence's words or of its note is told with any quotation from it, and with no other."""
    about_note, about_words = FindingShown("article", 1, ON_NOTE), FindingShown("article", 2, ON_WORDS)

    assert check(checker, "council had not approved").found[0].findings == (about_note,)
    assert check(checker, "the northern council had approved the treaty").found[0].findings == (about_note,)
    assert check(checker, "million in 2015, a good year").found[0].findings == (about_words,)
    assert check(checker, "built on seven hills of clay").found[0].findings == ()


def test_editors_words_come_last(checker: Checker) -> None:
    """Words of the article and of the editors are told as the article's first, though the editors' come first in the index."""
    assert [p.document for p in check(checker, "The old capital was built").found] == ["article", "annotation-1"]
    assert check(checker, "Nobody came to the second meeting").document == "article"
    assert check(checker, "meeting in the grey harbour").document == "annotation-1"
    assert check(checker, "The old capital was built", "annotation-1").document == "annotation-1"
