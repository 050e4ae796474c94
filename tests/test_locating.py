import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import make_document
from index.domain import Document
from index.locating import Locator, Span, nearest, overlapping, squash


def document(text: str) -> Document:
    return make_document([text], id="a", kind="article", title="A Title", role="body", article="a")


@pytest.mark.parametrize(
    "quote",
    ["the grey sea", "the  grey\n sea", "the grey[^12] sea", "the grey¹² sea", "*the grey* sea", "the \\grey <sea>"],
)
def test_markers_spaces_and_marks_are_set_aside(quote: str) -> None:
    """A quotation is found whatever white space, note markers and Markdown marks it carries."""
    locator = Locator(document("We saw the grey sea."))

    assert locator.find(quote) == (Span(7, 19),)


@pytest.mark.parametrize("quote", ["the gray sea", "The grey sea", "the grey sea!", "", " [^1] "])
def test_other_words_are_not_found(quote: str) -> None:
    """A letter, a capital or a sign that differs is another quotation, and nothing is nowhere."""
    locator = Locator(document("We saw the grey sea."))

    assert locator.find(quote) == ()


def test_accents_may_be_typed_apart() -> None:
    """A quotation is compared in NFC."""
    locator = Locator(document("At the café we sat."))

    assert locator.find("cafe\u0301 we") == (Span(7, 14),)


def test_every_place_is_found() -> None:
    """A quotation is found at each place where it stands, overlapping ones among them, in their order."""
    assert Locator(document("aha ha ha.")).find("ha ha") == (Span(1, 6), Span(4, 9))


@given(st.text("ab ¹*\n", min_size=1, max_size=30), st.data())
def test_any_stretch_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    """Each stretch of a document is found at its place, and every place found says the same."""
    whole = document(text)
    start = data.draw(st.integers(0, len(whole.text)))
    end = data.draw(st.integers(start, len(whole.text)))
    quote = whole.text[start:end]
    found = Locator(whole).find(quote)

    assert all(squash(whole.text[span.start : span.end]) == squash(quote) for span in found)
    assert any(start <= span.start and span.end <= end for span in found) == bool(squash(quote))


def test_nearest_names_the_likeliest_place() -> None:
    """For a quotation with a slip, the nearest words of the documents are shown, no more than asked for."""
    documents = [document("Nothing here."), document("We saw the grey sea rise."), document("We say.")]

    assert nearest("we saw the gray sea", documents) == "We saw the grey sea"
    assert nearest("we saw the gray sea", documents, width=6) == "We saw"
    assert not nearest("we saw the gray sea", [])


def test_overlapping_stretches_are_those_touched() -> None:
    """Only stretches that share a character with a span are returned, once each, in the spans' order."""
    starts, ends = [0, 10, 20, 30], [9, 19, 29, 39]

    assert overlapping([Span(15, 21)], starts, ends) == [1, 2]
    assert overlapping([Span(9, 10)], starts, ends) == []
    assert overlapping([Span(30, 33), Span(0, 3), Span(34, 35)], starts, ends) == [3, 0]
    assert overlapping([Span(0, 29)], starts, ends) == [0, 1, 2]
    assert overlapping([Span(0, 9)], [], []) == []
