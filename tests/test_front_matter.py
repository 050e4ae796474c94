import pytest

from index.errors import CorpusError
from index.front_matter import split_front_matter


def test_front_matter_is_parted_from_the_body() -> None:
    """The front matter is read, and the body begins at the line after it."""
    meta, body, lines = split_front_matter("---\ntitle: A\nyear: 1901\n---\n\nOne.\n", file="a.md")

    assert meta == {"title": "A", "year": 1901}
    assert body == "\nOne.\n"
    assert lines == 4


def test_front_matter_survives_other_editors() -> None:
    """A byte order mark and Windows line ends change nothing."""
    meta, body, _ = split_front_matter("\ufeff---\r\ntitle: A\r\n---\r\nOne.\r\n", file="a.md")

    assert meta == {"title": "A"}
    assert body == "One.\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", r"^a\.md:1: there is no front matter"),
        ("Just words.\n", r"^a\.md:1: there is no front matter"),
        ("---\ntitle: A\nOne.\n", r"^a\.md:1: there is no front matter"),
        ("---\ntitle: A\nauthor: [Reed\n---\n", r"^a\.md:4: the front matter is not YAML: "),
        ("---\ntitle: A\nissued: 1901-13-01\n---\n", r"^a\.md:\d: the front matter is not YAML: "),
        ("---\ntitle: A \x07 bell\n---\n", r"^a\.md:\d: the front matter is not YAML: .*\.$"),
        ('---\ntitle: "\\ud800"\n---\n', r"^a\.md:2: the front matter's 'title' cannot be stored: "),
        ('---\ntitle: A\n"\\udc00": 1\n---\n', r"^a\.md:2: the front matter's .*udc00' cannot be stored: "),
        ("---\ntitle: A\nseal: !!binary /w==\n---\n", r"^a\.md:2: the front matter's 'seal' cannot be stored: "),
        ("---\ntitle: A\nloop: &a [*a]\n---\n", r"^a\.md:2: the front matter holds more than 100,000 values\.$"),
        (f"---\ntitle: A\ndeep: {'[' * 220}{']' * 220}\n---\n", r"^a\.md:2: the front matter's 'deep' cannot be stored: "),
        (f"---\ntitle: A\ndeep: {'[' * 3000}{']' * 3000}\n---\n", r"^a\.md:2: the front matter is nested too deeply\.$"),
        ("---\n- title\n---\n", r"^a\.md:2: the front matter must be 'name: value' lines\.$"),
    ],
)
def test_malformed_front_matter_is_named(source: str, message: str) -> None:
    """What is wrong with a front matter is said in one line, with file and line."""
    with pytest.raises(CorpusError, match=message) as caught:
        split_front_matter(source, file="a.md")

    assert "\n" not in str(caught.value)
