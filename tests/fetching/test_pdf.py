import io
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fetching import pdf as reading
from index.fetching.domain import NotObtained
from index.fetching.pdf import read_pdf
from tests.fetching.pages import paragraphs
from tests.fetching.pdfs import bomb, cyclic_pages, cyclic_table, many_pages, pdf

LINES = [line for p in paragraphs(3) for line in (p[:85], p[85:170], p[170:])]
SOUND = pdf([["The Lamp of Corran Rock", "Ada Stone", *LINES], LINES[:3]], title="The Lamp (of Corran)")


def encrypted(*, user: str) -> bytes:
    """Return the sound PDF, encrypted."""
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(SOUND))), io.BytesIO()
    writer.encrypt(user, "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def test_a_paper_is_read_with_its_pages() -> None:
    """Paragraphs come with the page they begin on, and titles from the metadata and the first lines."""
    found = read_pdf(SOUND)

    assert found.titles[:2] == ("The Lamp (of Corran)", "The Lamp of Corran Rock")
    assert "On day 1 the two delegations spoke for hours about the harbour" in found.text
    assert {block.page for block in found.blocks} == {1, 2}
    assert found.extractor.startswith("pypdf 7.")


def test_a_paper_that_only_its_owner_may_change_is_read() -> None:
    """An empty password opens what is encrypted against changes alone."""
    assert read_pdf(encrypted(user="")).words == read_pdf(SOUND).words


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(encrypted(user="secret"), "an encrypted PDF", id="encrypted"),
        pytest.param(SOUND[: len(SOUND) // 3], "a damaged PDF", id="truncated"),
        pytest.param(b"%PDF-1.7\n", "a damaged PDF", id="nothing but a mark"),
        pytest.param(b"", "an empty file", id="0 bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n" * 50, "a damaged PDF", id="a picture"),
        pytest.param(bomb(400_000_000), "a PDF that unpacks to too much", id="bomb"),
        pytest.param(many_pages(100_000), "a PDF of more than 2,000 pages", id="100,000 pages"),
        pytest.param(many_pages(3), "a PDF without text: its pages are pictures", id="empty pages"),
        pytest.param(cyclic_pages(), "a damaged PDF", id="cyclic pages"),
        pytest.param(cyclic_table(), "a PDF without pages", id="cyclic table"),
    ],
)
def test_a_bad_pdf_has_a_reason(content: bytes, reason: str) -> None:
    """What cannot be read, or not within the limits, says why."""
    with pytest.raises(NotObtained) as said:
        read_pdf(content)

    assert str(said.value).startswith(reason)


def test_a_pdf_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process is stopped when its time is over."""
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.05)
    started = time.monotonic()

    with pytest.raises(NotObtained, match="takes more than"):
        read_pdf(SOUND)
    assert time.monotonic() - started < 5


@settings(max_examples=8)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=40))
def test_any_damage_is_read_or_refused(at: int, noise: bytes) -> None:
    """A PDF damaged anywhere raises nothing but the reason that it cannot be read."""
    with suppress(NotObtained):
        assert read_pdf(SOUND[:at] + noise + SOUND[at + len(noise) :]).blocks
