import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotations.quoted import quoted_stretches


def quoted(draft: str) -> list[str]:
    return [draft[start:end] for start, end in quoted_stretches(draft)]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ('He said "one two three" and left.', ["one two three"]),
        ("He said “one two three” and left.", ["one two three"]),
        ("He said “one two three\" and left.", ["one two three"]),
        ("Il dit « un deux trois » ici.", ["un deux trois"]),
        ("Er sagt »eins zwei drei« hier.", ["eins zwei drei"]),
        ("Er sagt „eins zwei drei“ hier.", ["eins zwei drei"]),
        ("He said ‘one two three’ and left.", ["one two three"]),
        ("He said 'one two three' and left.", ["one two three"]),
        ('"one two three" and "four five six"', ["one two three", "four five six"]),
        ("“he said ‘one two three’ twice”", ["he said ‘one two three’ twice"]),
        ("“he said “one two three” twice”", ["he said “one two three” twice"]),
        ("a “two words” term, “and three words” more", ["and three words"]),
    ],
)  # fmt: skip
def test_marks_of_every_kind_are_read(draft: str, expected: list[str]) -> None:
    """Straight, curly, angled and low marks enclose quotations, of which the outermost of three or more words count."""
    assert quoted(draft) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("It's the states' own doing, isn't it", ["It's the states' own doing, isn't it"]),
        ("‘the states’ interests are here’ he says", ["the states’ interests are here"]),
        ("Russia's 'big new plan' for the '90s isn't ours", ["big new plan"]),
        ("don’t “take it’s word” for it", ["take it’s word"]),
    ],
)
def test_apostrophes_are_no_marks(draft: str, expected: list[str]) -> None:
    """An apostrophe inside or at the end of a word neither opens nor closes a quotation."""
    assert quoted(draft) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ('A lone " mark and “a real quotation here” stand', ["a real quotation here"]),
        ("“lone here.\n\nThen “good words here” follow", ["good words here"]),
        ("“lone here.\n\nThen “good words here” and more” stray", ["good words here"]),
        ('"lone here.\n\nThen "good words here" follow', ["good words here"]),
        ('“one two 5" three” four', ['one two 5" three']),
        ('“one two " three four” five', ['one two " three four']),
        ("close ” first, “then these three words” more", ["then these three words"]),
    ],
)
def test_lone_mark_does_not_swallow_the_draft(draft: str, expected: list[str]) -> None:
    """A mark without its fellow leaves the quotations behind it as they are."""
    assert quoted(draft) == expected


@pytest.mark.parametrize(
    "draft", ["“one two\n\n“three four” end", "“one two\n\nthree four” end", '"one two\n\n"three four" end']
)
def test_quotation_runs_over_paragraphs(draft: str) -> None:
    """A quotation may run over paragraphs, each of which may open with a mark again."""
    (found,) = quoted(draft)

    assert found.startswith("one two")
    assert found.endswith("three four")


def test_text_without_marks_is_one_quotation() -> None:
    """Where nothing is between marks the whole text is checked, without the white space around it."""
    assert quoted("  just these words \n") == ["just these words"]
    assert quoted(" \n ") == []


@given(st.text("ab \n.\"'“”‘’«»„", max_size=60))
def test_stretches_are_in_order_and_apart(draft: str) -> None:
    """Whatever the draft, its quotations lie in it, in order, and none in another."""
    found = quoted_stretches(draft)

    borders = [at for stretch in found for at in stretch]
    assert borders == sorted(borders)
    assert all(0 <= start < end <= len(draft) for start, end in found)


@pytest.mark.parametrize(
    "draft", ['"a b c" ' * 10_000, '"' * 50_000, "“" * 50_000, "' s' " * 10_000, "s' a" * 12_000, "“" * 9_000 + ' a"' * 9_000]
)
def test_many_marks_take_no_quadratic_time(draft: str) -> None:
    """Tens of thousands of marks are read in the time of one pass."""
    started = time.process_time()
    quoted_stretches(draft)

    assert time.process_time() - started < 10
