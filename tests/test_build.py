import errno
import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import Built, build
from index.errors import CorpusError, FootnoteError, MissingIndex, StaleIndex
from index.freshness import require_fresh
from index.generations import building, check_files, current, read_manifest
from index.opened import OpenedIndex
from tests.conftest import ROOT, ToyEncoder, silent, texts_read


def rebuild(corpus: Path, index: Path, encoder: ToyEncoder) -> Built:
    return build(corpus, index, encoder, progress=silent)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def fingerprint(index: Path) -> str:
    manifest = read_manifest(current(index))
    check_files(current(index), manifest)
    return str(manifest["fingerprint"])


def test_build_tells_what_it_did(toy_corpus: Path, tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """A build counts passages and questions, and what the encoder read is what it says was encoded."""
    done = rebuild(toy_corpus, tmp_path / "new", toy_encoder)
    index = OpenedIndex.open(tmp_path / "new")
    index.close()

    assert done.changed
    assert (done.passages, done.questions) == (len(index.passages), len(index.questions))
    assert done.encoded == len(toy_encoder.read)
    assert done.fingerprint == index.fingerprint


def test_second_build_does_nothing(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """Building what is built encodes nothing and leaves the generation as it is."""
    before = current(built)
    done = rebuild(toy_corpus, built, toy_encoder)

    assert (done.changed, done.encoded, toy_encoder.read) == (False, 0, [])
    assert current(built) == before
    assert done.fingerprint == fingerprint(built)


@pytest.mark.parametrize("anew", [True, False])
def test_build_that_another_has_done_meanwhile_is_not_done_again(
    toy_corpus: Path, built: Path, tmp_path: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    """Of two builds of one corpus that begin together the later publishes nothing, and the generation before both stays."""
    index = tmp_path / "new" if anew else built
    (toy_corpus / "article.md").write_bytes((toy_corpus / "article.md").read_bytes() + b"\nOne more paragraph.\n")
    others: list[Built] = []

    def begin_late(folder: Path) -> AbstractContextManager[Path]:
        monkeypatch.undo()
        others.append(build(toy_corpus, index, toy_encoder, progress=silent))
        return building(folder)

    before = set(index.glob("generation-*"))
    monkeypatch.setattr("index.build.building", begin_late)
    done = build(toy_corpus, index, toy_encoder, progress=silent)

    assert (done.fingerprint, done.changed) == (others[0].fingerprint, False)
    assert set(index.glob("generation-*")) == before | {current(index)}


def test_fingerprint_is_the_same_anywhere(toy_corpus: Path, built: Path, tmp_path: Path) -> None:
    """The same corpus gives the same fingerprint in another folder and in another process."""
    script = (
        "import sys; from pathlib import Path; from index.build import build\n"
        "from tests.conftest import ToyEncoder, silent\n"
        "print(build(Path(sys.argv[1]), Path(sys.argv[2]), ToyEncoder(), progress=silent).fingerprint)\n"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script, toy_corpus, tmp_path / "elsewhere"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert elsewhere.stdout.strip() == fingerprint(built)


def test_edited_paragraph_is_all_that_is_encoded(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """Editing one sentence encodes that sentence and its passage, and the fingerprint changes."""
    before = fingerprint(built)
    edit(toy_corpus / "article.md", "Not one of the masons was hurt.", "Not one of the masons drowned.")
    done = rebuild(toy_corpus, built, toy_encoder)

    assert done.encoded == 2
    assert all("Not one of the masons drowned." in text for text in toy_encoder.read)
    assert fingerprint(built) == done.fingerprint != before


def test_change_without_new_words_encodes_nothing(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """A corrected reference is in the new index though no text was read again."""
    edit(toy_corpus / "references.json", "Only in print.", "Out of print.")
    done = rebuild(toy_corpus, built, toy_encoder)
    index = OpenedIndex.open(built)
    index.close()

    assert (done.changed, done.encoded) == (True, 0)
    assert index.corpus.references[1].reason == "Out of print."


def test_damaged_index_is_not_built_upon(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """Where a file of the old index is damaged, all is made anew and the new index is as the old one was."""
    sound = fingerprint(built)
    vectors = current(built) / "passages/vectors.npy"
    vectors.write_bytes(vectors.read_bytes()[:-4] + b"\0\0\0\0")
    done = rebuild(toy_corpus, built, toy_encoder)

    assert done.encoded == len(toy_encoder.read) > 0
    assert fingerprint(built) == sound


def test_malformed_corpus_leaves_the_old_index(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """A mistake in the corpus is named and the old index stays."""
    before = fingerprint(built)
    edit(toy_corpus / "question_index.jsonl", "Whale oil burned", "Lamp oil burned")

    with pytest.raises(CorpusError, match=r"^question_index\.jsonl:3: the quote “Lamp oil burned in four wicks\.” is not"):
        rebuild(toy_corpus, built, toy_encoder)
    assert fingerprint(built) == before


def test_full_disk_leaves_the_old_index(
    toy_corpus: Path, built: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills while the arrays are written is one sentence, and the old index stays."""

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = fingerprint(built)
    edit(toy_corpus / "article.md", "Nobody speaks", "No one speaks")
    edit(toy_corpus / "question_index.jsonl", "Nobody speaks", "No one speaks")
    monkeypatch.setattr(np, "save", fail)

    with pytest.raises(FootnoteError, match=r"the index cannot be written: No space left on device; the old one stays\.$"):
        rebuild(toy_corpus, built, toy_encoder)
    assert fingerprint(built) == before


def test_no_passage_is_longer_than_the_encoder_reads(toy_corpus: Path, tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """Every passage fits with its title and heading, also where the title of an article or a reference is long."""
    edit(toy_corpus / "article.md", "title: The Lighthouse on Corran Rock", "title: " + "The Lighthouse " * 20)
    edit(toy_corpus / "references.json", '"title": "Towers of the North"', f'"title": "{"Towers of the North " * 9}"')
    rebuild(toy_corpus, tmp_path / "new", toy_encoder)
    index = OpenedIndex.open(tmp_path / "new")
    index.close()
    texts = texts_read(index, toy_encoder)

    assert max(toy_encoder.count_tokens(text.prefix + text.text) for text in texts) <= toy_encoder.limit


def test_bare_corpus_is_built(tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """An article without notes, references or question index is indexed too."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/tower.md").write_text("---\ntitle: A Tower\n---\nIt stands.\n", encoding="utf-8")
    done = rebuild(tmp_path / "corpus", tmp_path / "index", toy_encoder)

    assert (done.passages, done.questions) == (2, 0)


def test_fresh_index_passes(toy_corpus: Path, built: Path) -> None:
    """An index of this corpus by this encoder is fresh."""
    assert require_fresh(toy_corpus, built, ToyEncoder()) is None


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({"format": 0}, "was made by another version of Footnote"),
        (
            {"inputs": {"encoder": "toy", "cutting": "1900-01-01", "corpus": "0"}},
            "has changed since the index was built",
        ),
    ],
)
def test_foreign_index_is_refused(toy_corpus: Path, built: Path, manifest: dict[str, Any], message: str) -> None:
    """An index of another format, or cut by other rules, is named with the command that mends it."""
    path = current(built) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | manifest), encoding="utf-8")

    with pytest.raises(StaleIndex, match=f"{message}.*; run 'footnote build'\\.$"):
        require_fresh(toy_corpus, built, ToyEncoder())


def test_index_of_another_encoder_is_refused(toy_corpus: Path, built: Path) -> None:
    """An index made with another encoder is named with both names."""
    other = ToyEncoder()
    other.name = "other"

    with pytest.raises(StaleIndex, match=r"with the encoder toy, not other; run 'footnote build'\.$"):
        require_fresh(toy_corpus, built, other)


def test_index_of_other_weights_is_refused(toy_corpus: Path, built: Path) -> None:
    """An index made with an encoder of this name whose weights were others is stale."""
    retrained = ToyEncoder()
    retrained.weights_sha256 = "1" * 64

    with pytest.raises(StaleIndex, match=r"weights of the encoder toy have changed .*; run 'footnote build'\.$"):
        require_fresh(toy_corpus, built, retrained)


@pytest.mark.parametrize("name", ["article.md", "references.json", "question_index.jsonl"])
def test_index_of_an_older_corpus_is_stale(toy_corpus: Path, built: Path, name: str) -> None:
    """A change in any file of the corpus makes the index stale."""
    with (toy_corpus / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    with pytest.raises(StaleIndex, match=r"has changed since the index was built; run 'footnote build'\.$"):
        require_fresh(toy_corpus, built, ToyEncoder())


def test_missing_index_names_the_command(toy_corpus: Path, tmp_path: Path) -> None:
    """Where there is no index the message names the command that makes it."""
    with pytest.raises(MissingIndex, match=r"^there is no index in .*; run 'footnote build'\.$"):
        require_fresh(toy_corpus, tmp_path / "nowhere", ToyEncoder())
