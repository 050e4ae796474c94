"""An address opens at the quoted words, where the page is one that can."""

import pytest

from index.exports.text_fragments import with_text_fragment

LONG = "The first six words of it stand here, and then a great many others follow until the last six words of it."


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://a.example/b", "some words", "https://a.example/b#:~:text=some%20words"),
        ("https://a.example/b?c=d#part", "words", "https://a.example/b?c=d#part:~:text=words"),
        ("https://a.example/b#part:~:text=old", "new", "https://a.example/b#part:~:text=new"),
        ("https://a.example/b#", "words", "https://a.example/b#:~:text=words"),
        ("https://a.example/b", "well-known, R&D: 5 %", "https://a.example/b#:~:text=well%2Dknown%2C%20R%26D%3A%205%20%25"),
        ("https://a.example/b", "naïve  \n words", "https://a.example/b#:~:text=na%C3%AFve%20words"),
        (
            "https://a.example/b", LONG,
            "https://a.example/b#:~:text=The%20first%20six%20words%20of%20it,the%20last%20six%20words%20of%20it.",
        ),
        ("https://a.example/b", " ", "https://a.example/b"),
    ],
)  # fmt: skip
def test_address_carries_the_words(url: str, text: str, expected: str) -> None:
    """Words are percent-encoded, hyphens too; of a long text first and last stand; a fragment that is there is kept."""
    assert with_text_fragment(url, text) == expected


@pytest.mark.parametrize(
    ("media_type", "page", "expected"),
    [
        ("application/pdf", 3, "https://a.example/b.pdf#page=3"),
        ("application/pdf", None, "https://a.example/b.pdf"),
        ("text/plain", None, "https://a.example/b.pdf"),
        ("text/html; charset=utf-8", None, "https://a.example/b.pdf#:~:text=words"),
        ("Application/XHTML+XML", 3, "https://a.example/b.pdf#:~:text=words"),
    ],
)
def test_only_pages_that_can_are_opened_at_words(media_type: str, page: int | None, expected: str) -> None:
    """A PDF is opened at its page, where that is known; what is neither HTML nor PDF as it is."""
    assert with_text_fragment("https://a.example/b.pdf", "words", media_type=media_type, page=page) == expected
