import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotations.normalising import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grey  sea", "grey\n sea"),
        ("power — a state’s", "power—a state's"),
        ("2024 – 2025", "2024-2025"),
        ("a “word” here", 'a "word" here'),
        ("a ‘word’ here", 'a "word" here'),
        ("oﬃce ﬁnds", "office finds"),
        ("cafe\u0301", "café"),
        ("left . . . out", "left … out"),
        ("soft\u00adhyphen", "softhyphen"),
        ("( NATO ) in", "(NATO) in"),
        ("at −5", "at -5"),
    ],
)
def test_setting_is_brought_together(one: str, other: str) -> None:
    """What differs only in white space, marks, dashes, ligatures and invisible characters is the same."""
    assert canonical(one).text == canonical(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-5", "15"), ("1 5", "15"), ("3. 5", "3.5"), ("1, 000", "1,000"), ("at -5", "at 5"), ("10²", "102"),
        ("2015¹", "20151"),
        ("no table", "notable"), ("5' long", '5" long'), ("5 -3", "5-3"), ("Sea", "sea"),
    ],
)  # fmt: skip
def test_what_changes_the_sense_is_kept_apart(one: str, other: str) -> None:
    """A dash, sign, space or superscript that makes another number or word makes another text."""
    assert canonical(one).text != canonical(other).text


@given(st.text("a1 \n\t.-—–'’“”[]^²…ﬁe\u0301\u200b\u00ad\"", max_size=60))
def test_offsets_are_in_order_and_inside(text: str) -> None:
    """Every canonical character stands for a stretch of the text that is not before the one of the character before."""
    found = canonical(text)

    assert len(found.text) == len(found.starts) == len(found.ends)
    assert found.starts == sorted(found.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))


def test_storm_of_accents_is_read() -> None:
    """Very many accents on one letter are composed a few at a time."""
    storm = "a" + "\u0301\u0323" * 25_000

    assert canonical(storm).text
