import json
import os
from pathlib import Path

import pytest

from index.build import build
from index.corpus import read_corpus
from index.corpus_files import sources_folder
from index.errors import CorpusError, StaleIndex
from index.freshness import require_fresh
from index.ledger import LEDGER, LedgerEntry, Try, read_ledger, write_ledger, write_whole
from tests.conftest import ToyEncoder

TRY = Try("https://x.example/1", "HTTP 404", "2026-11-25T12:00:00Z")
GONE = LedgerEntry(1, "not_obtained", "2026-11-25T12:00:00Z", "HTTP 404", TRY.url, (TRY,))
HELD = LedgerEntry(
    2, "obtained", "2026-11-25T12:01:00Z", None, "https://x.example/2", (TRY, Try("u", "obtained", "t", "as printed"))
)
SOURCE = "---\ntitle: Towers\n---\n\nThe towers of the north are of granite.\n"


def no_progress(what: str, done: int, total: int) -> None: ...


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every entry with every try comes back, in order of number."""
    write_ledger(tmp_path / "sources", {2: HELD, 1: GONE})

    assert read_ledger(tmp_path / "sources") == {1: GONE, 2: HELD}
    assert [e["reference"] for e in json.loads((tmp_path / "sources" / LEDGER).read_text())] == [1, 2]


def test_without_a_ledger_nothing_was_asked(tmp_path: Path) -> None:
    """A folder without a ledger, or none, has no entries."""
    assert read_ledger(tmp_path) == read_ledger(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "sources/ledger.json: Invalid JSON"),
        (b"{}", "sources/ledger.json: Input should be a valid"),
        (b'[{"reference": 1}]', "sources/ledger.json: 0.result: Field required"),
        (b"\xff\xfe", "sources/ledger.json: Invalid JSON"),
    ],
)
def test_a_broken_ledger_names_itself(toy_corpus: Path, content: bytes, said: str) -> None:
    """A malformed ledger is a mistake in the corpus, told in one sentence with the file."""
    (toy_corpus / "sources").mkdir()
    (toy_corpus / "sources" / LEDGER).write_bytes(content)

    with pytest.raises(CorpusError) as error:
        read_corpus(toy_corpus)
    assert str(error.value).startswith(said)
    assert str(error.value).endswith("delete it to begin anew.")


def test_a_reference_says_why_and_when_it_was_not_obtained(toy_corpus: Path) -> None:
    """The reason and the date come from the ledger; what the editors know of the source stays."""
    before = {r.number: r for r in read_corpus(toy_corpus).references}
    write_ledger(toy_corpus / "sources", {1: GONE})
    after = {r.number: r for r in read_corpus(toy_corpus).references}

    assert (after[1].reason, after[1].asked_at) == ("Not obtained: HTTP 404.", GONE.at)
    assert after[1].status == before[1].status
    assert after[2] == before[2]


def test_a_held_source_has_no_reason(toy_corpus: Path) -> None:
    """A text that is there is held, whatever came of asking for it once."""
    write_ledger(toy_corpus / "sources", {1: GONE, 2: HELD})
    (toy_corpus / "sources" / "1.md").write_text(SOURCE)
    held = read_corpus(toy_corpus).references[0]

    assert (held.status, held.reason) == ("held", None)


def test_a_source_said_to_be_held_that_is_not_is_not_obtained(toy_corpus: Path) -> None:
    """What references.json calls held is so only with its text."""
    entries = json.loads((toy_corpus / "references.json").read_text())
    entries[0]["status"] = "held"
    (toy_corpus / "references.json").write_text(json.dumps(entries))
    write_ledger(toy_corpus / "sources", {1: GONE})

    assert read_corpus(toy_corpus).references[0].status == "not_obtained"


def test_a_ledger_makes_no_index_stale_and_is_taken_up_by_build(toy_corpus: Path, tmp_path: Path) -> None:
    """After asking in vain questions are still answered; the next build knows the reasons and encodes nothing again."""
    encoder, index = ToyEncoder(), tmp_path / "index"
    build(toy_corpus, index, encoder, progress=no_progress)
    write_ledger(toy_corpus / "sources", {1: GONE})

    require_fresh(toy_corpus, index, encoder)
    again = build(toy_corpus, index, encoder, progress=no_progress)
    assert (again.changed, again.encoded) == (True, 0)
    assert not build(toy_corpus, index, encoder, progress=no_progress).changed


def test_a_source_that_came_makes_the_index_stale(toy_corpus: Path, tmp_path: Path) -> None:
    """A new text can be quoted only after a build."""
    build(toy_corpus, tmp_path / "index", ToyEncoder(), progress=no_progress)
    (toy_corpus / "sources").mkdir()
    (toy_corpus / "sources" / "1.md").write_text(SOURCE)

    with pytest.raises(StaleIndex, match="footnote build"):
        require_fresh(toy_corpus, tmp_path / "index", ToyEncoder())


def test_each_article_has_its_own_folder(tmp_path: Path) -> None:
    """The sources of `article` are in `sources`, those of another in a folder with its name."""
    assert sources_folder(tmp_path, "article") == tmp_path / "sources"
    assert sources_folder(tmp_path, "d07") == tmp_path / "d07.sources"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails in the middle, the old file stays and nothing is left beside it."""
    write_whole(tmp_path / "a.md", "old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.md", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.md", "old")]
