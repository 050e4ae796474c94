import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import make_document
from index.domain import Document
from index.locating import Locator, Span, overlapping, squash


def document(text: str, id: str = "a") -> Document:
    return make_document([text], id=id, kind="article", title="A Title", role="body", article="a")


@pytest.mark.parametrize(
    "quote",
    ["the grey sea", "the  grey\n sea", "the grey[^12] sea", "the grey¹² sea", "*the grey* sea", "the \\grey <sea>"],
)
def test_markers_spaces_and_marks_are_set_aside(quote: str) -> None:
    """A quotation is found whatever white space, note markers and Markdown marks it carries."""
    locator = Locator([document("We saw the grey sea.")])

    assert locator.find(quote) == (Span("a", 7, 19),)


@pytest.mark.parametrize("quote", ["the gray sea", "The grey sea", "the grey sea!", "", " [^1] "])
def test_other_words_are_not_found(quote: str) -> None:
    """A letter, a capital or a sign that differs is another quotation, and nothing is nowhere."""
    locator = Locator([document("We saw the grey sea.")])

    assert locator.find(quote) == ()


def test_accents_may_be_typed_apart() -> None:
    """A quotation is compared in NFC."""
    locator = Locator([document("At the café we sat.")])

    assert locator.find("cafe\u0301 we") == (Span("a", 7, 14),)


def test_every_place_is_found() -> None:
    """A quotation is found at each place where it stands, overlapping ones among them, in the documents' order."""
    locator = Locator([document("aha ha ha."), document("No ha ha.", id="b")])

    assert locator.find("ha ha") == (Span("a", 1, 6), Span("a", 4, 9), Span("b", 3, 8))


@given(st.text("ab ¹*\n", min_size=1, max_size=30), st.data())
def test_any_stretch_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    """Each stretch of a document is found at its place, and every place found says the same."""
    whole = document(text)
    start = data.draw(st.integers(0, len(whole.text)))
    end = data.draw(st.integers(start, len(whole.text)))
    quote = whole.text[start:end]
    found = Locator([whole]).find(quote)

    assert all(squash(whole.text[span.start : span.end]) == squash(quote) for span in found)
    assert any(start <= span.start and span.end <= end for span in found) == bool(squash(quote))


def test_nearest_names_the_likeliest_place() -> None:
    """For a quotation with a slip, the nearest words of the documents are shown, no more than asked for."""
    locator = Locator([document("We saw the grey sea rise."), document("Nothing here.", id="b")])

    assert locator.nearest("we saw the gray sea") == "We saw the grey sea"
    assert locator.nearest("we saw the gray sea", width=6) == "We saw"


def test_overlapping_stretches_are_those_touched() -> None:
    """Only stretches that share a character with a span are returned, once each, in the spans' order."""
    starts = [("a", 0), ("a", 10), ("a", 20), ("b", 0)]
    ends = [("a", 9), ("a", 19), ("a", 29), ("b", 9)]

    assert overlapping([Span("a", 15, 21)], starts, ends) == [1, 2]
    assert overlapping([Span("a", 9, 10)], starts, ends) == []
    assert overlapping([Span("b", 0, 3), Span("a", 0, 3), Span("b", 4, 5)], starts, ends) == [3, 0]
    assert overlapping([Span("a", 0, 99)], starts, ends) == [0, 1, 2]
