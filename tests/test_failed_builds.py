"""A build that ends with an error names the file and leaves the index folder as it was."""

from pathlib import Path

import pytest

from index.build import build
from index.domain import CutDocument
from index.errors import CorpusError
from index.freshness import require_fresh
from index.generations import check_files, current, read_manifest
from index.questions import read_question_index
from tests.conftest import ARTICLE, ToyEncoder, silent


def contents(folder: Path) -> set[Path]:
    return set(folder.iterdir())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("zebra.md", "Just words.\n", r"^zebra\.md:1: there is no front matter"),
        ("question_index.jsonl", "\n" * 36 + "{", r"^question_index\.jsonl:41: not JSON"),
        (
            "question_index.jsonl",
            "\n" * 36 + '{"question": "Who?", "kind": "fact", "answers": [{"quote": "Nobody swam."}]}',
            r"^question_index\.jsonl:41: the quote “Nobody swam\.” is not in the corpus",
        ),
    ],
)
def test_malformed_file_behind_good_ones_leaves_the_old_index(
    toy_corpus: Path, built: Path, toy_encoder: ToyEncoder, name: str, content: str, message: str
) -> None:
    """What is wrong is named by file and line however late it is read, and the old index stays, with nothing beside it."""
    before, generation = contents(built), current(built)
    for number in range(5):
        (toy_corpus / f"good{number}.md").write_text(ARTICLE, encoding="utf-8")
    with (toy_corpus / name).open("a", encoding="utf-8") as file:
        file.write(content)
    with pytest.raises(CorpusError, match=message):
        build(toy_corpus, built, toy_encoder, progress=silent)

    assert (contents(built), current(built)) == (before, generation)
    check_files(generation, read_manifest(generation), whole=True)


@pytest.mark.parametrize(("made", "message"), [(False, "there is no such folder"), (True, "there is no article in it")])
def test_corpus_that_is_not_there_brings_no_folder(tmp_path: Path, toy_encoder: ToyEncoder, made: bool, message: str) -> None:
    """Where there is no corpus no index folder is made, least of all as a corpus folder around it."""
    corpus = tmp_path / "corpus"
    if made:
        corpus.mkdir()
    with pytest.raises(CorpusError, match=message):
        build(corpus, corpus / ".index", toy_encoder, progress=silent)

    assert list(tmp_path.rglob("*")) == [corpus] * made


def test_file_that_goes_while_it_is_read_is_named(
    toy_corpus: Path, built: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus file that is gone when its turn comes is said to be the corpus's trouble, not the index folder's."""
    (toy_corpus / "zebra.md").write_text(ARTICLE, encoding="utf-8")
    count_tokens = ToyEncoder.count_tokens

    def count_and_remove(self: ToyEncoder, text: str) -> int:
        (toy_corpus / "zebra.md").unlink(missing_ok=True)
        return count_tokens(self, text)

    before = contents(built)
    monkeypatch.setattr(ToyEncoder, "count_tokens", count_and_remove)
    with pytest.raises(CorpusError, match=r"zebra\.md: the file cannot be read: No such file or directory\.$"):
        build(toy_corpus, built, toy_encoder, progress=silent)

    assert contents(built) == before


def test_question_index_that_cannot_be_read_is_named(toy_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question index that is gone between being seen and opened is named."""
    path = toy_corpus / "question_index.jsonl"
    path.unlink()
    monkeypatch.setattr(Path, "is_file", lambda self: True)
    texts: list[CutDocument] = []

    with pytest.raises(CorpusError, match=r"question_index\.jsonl: the file cannot be read: No such file"):
        list(read_question_index(path, texts))


def test_ledger_that_is_a_folder_is_named(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """What cannot be read when the corpus is compared with the index is named as well."""
    (toy_corpus / "sources" / "ledger.json").mkdir(parents=True)

    with pytest.raises(CorpusError, match=r"ledger\.json: the file cannot be read: Is a directory\.$"):
        build(toy_corpus, built, toy_encoder, progress=silent)


@pytest.mark.parametrize("name", ["article.md", "question_index.jsonl", "new.md"])
def test_corpus_that_changes_while_it_is_read_is_not_published(
    toy_corpus: Path, built: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No index has the fingerprint of another corpus than the one it holds: the old one stays, and the next build works."""
    with (toy_corpus / "article.md").open("a", encoding="utf-8") as file:
        file.write("\nOne paragraph more.\n")
    content = {"article.md": ARTICLE, "question_index.jsonl": "", "new.md": ARTICLE}[name]
    count_tokens = ToyEncoder.count_tokens

    def count_and_change(self: ToyEncoder, text: str) -> int:
        (toy_corpus / name).write_text(content, encoding="utf-8")
        return count_tokens(self, text)

    before = contents(built)
    with monkeypatch.context() as patch:
        patch.setattr(ToyEncoder, "count_tokens", count_and_change)
        with pytest.raises(CorpusError, match=r"was changed while it was read; run 'footnote build' again\.$"):
            build(toy_corpus, built, toy_encoder, progress=silent)

    assert contents(built) == before
    build(toy_corpus, built, toy_encoder, progress=silent)
    require_fresh(toy_corpus, built, toy_encoder)


def test_first_build_that_fails_leaves_no_folder(toy_corpus: Path, tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """Where there was no index folder, a build that ends with an error leaves none; one that is there stays."""
    (toy_corpus / "zebra.md").write_text("Just words.\n", encoding="utf-8")
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new", tmp_path / "there"):
        with pytest.raises(CorpusError):
            build(toy_corpus, folder, toy_encoder, progress=silent)

    assert not (tmp_path / "new").exists()
    assert (tmp_path / "there").is_dir()
