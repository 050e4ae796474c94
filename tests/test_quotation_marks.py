import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotation_marks import divided, quoted_spans


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He wrote: “The sea rises.” Then he slept.", ["“The sea rises.”"]),
        ('He wrote: "The sea rises." Then he slept.', ['"The sea rises."']),
        ('He wrote: “The sea rises." Then he slept.', ['“The sea rises."']),
        ('He wrote: "The sea rises.” Then he slept.', ['"The sea rises.”']),
        ("Er schrieb: „Die See steigt.“ Dann schlief er.", ["„Die See steigt.“"]),
        ("Il écrivit : «La mer monte.» Puis il dormit.", ["«La mer monte.»"]),
        ("“One two three” and “four five six”", ["“One two three”", "“four five six”"]),
        ("“The ‘grey glass’ rises”", ["“The ‘grey glass’ rises”"]),
        ("“The sea\nrises high”", ["“The sea\nrises high”"]),
    ],
)
def test_quotation_is_found_with_its_marks(text: str, expected: list[str]) -> None:
    """Whatever marks a text uses, what stands between them is quoted, and each quotation is one by itself."""
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is quoted here.",
        "They call it the “grey glass” of the north.",  # a term
        'A "wall" and another "wall" of water.',
        "“”",
        "He wrote: “The sea rises and nobody sleeps.",
        "The sea rises and nobody sleeps.” So he wrote.",
        "It’s the masons’ own island, isn’t it?",
        "‘The sea rises high’",
        "",
    ],
)
def test_term_and_open_quotation_are_none(text: str) -> None:
    """One or two words between marks are a term; a mark without its other half and apostrophes quote nothing."""
    assert quoted(text) == []


def test_terms_do_not_pair_with_one_another() -> None:
    """What stands between two terms in straight quotes is the author's own."""
    assert quoted('The "wall" of grey and cold "glass" rose.') == []


def test_stretch_alone_is_searched() -> None:
    """Only quotations that lie whole in the stretch are found, and offsets count from the text's beginning."""
    text = "“One two three.” Four. “Five six seven.”"

    assert quoted_spans(text) == [(0, 16), (23, 40)]
    assert quoted_spans(text, 16) == [(23, 40)]
    assert quoted_spans(text, 0, 39) == [(0, 16)]
    assert quoted_spans(text, 1, 23) == []


@pytest.mark.parametrize(
    ("start", "end", "quotations", "expected"),
    [
        (0, 10, [], [(0, 10, False)]),
        (0, 10, [(3, 6)], [(0, 3, False), (3, 6, True), (6, 10, False)]),
        (0, 10, [(0, 10)], [(0, 10, True)]),
        (2, 8, [(0, 10)], [(2, 8, True)]),
        (2, 8, [(0, 2), (8, 12)], [(2, 8, False)]),
        (2, 8, [(0, 4), (6, 12)], [(2, 4, True), (4, 6, False), (6, 8, True)]),
        (2, 8, [(2, 5), (5, 8)], [(2, 5, True), (5, 8, True)]),
    ],
)
def test_stretch_is_divided_at_the_borders(
    start: int, end: int, quotations: list[tuple[int, int]], expected: list[tuple[int, int, bool]]
) -> None:
    """A stretch falls into what is quoted and what is not, at the borders that lie inside it."""
    assert divided(start, end, quotations) == expected


@given(st.text('ab “”"«»„', max_size=60), st.data())
def test_division_loses_nothing(text: str, data: st.DataObject) -> None:
    """Put together, the pieces are the stretch, and a piece is marked exactly where its characters are quoted."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = quoted_spans(text)
    pieces = divided(start, end, spans)
    inside = {at for a, b in spans for at in range(a, b)}

    assert "".join(text[a:b] for a, b, _ in pieces) == text[start:end]
    assert all(a < b for a, b, _ in pieces)
    assert all((at in inside) == within for a, b, within in pieces for at in range(a, b))
