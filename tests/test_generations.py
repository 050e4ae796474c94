import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index import generations
from index.errors import BuildBusy, FootnoteError, MissingIndex, StaleIndex
from index.generations import building, check_files, current, publish, read_manifest


def make(folder: Path, content: str, fingerprint: str = "f" * 64) -> Path:
    """Build and publish a generation of one file."""
    with building(folder) as aside:
        (aside / "vectors").mkdir()
        (aside / "vectors/data.bin").write_text(content, encoding="utf-8")
        return publish(folder, aside, {"fingerprint": fingerprint, "inputs": {}})


def make_empty(folder: Path) -> None:
    """Build and publish a generation without files; its manifest is all that is written."""
    with building(folder) as aside:
        publish(folder, aside, {"fingerprint": "e" * 64, "inputs": {}})


def content(folder: Path) -> str:
    generation = current(folder)
    check_files(generation, read_manifest(generation))
    return (generation / "vectors/data.bin").read_text(encoding="utf-8")


def test_published_generation_is_current(tmp_path: Path) -> None:
    """What was published is what is opened, its manifest as it was given with the format and each file's sha256."""
    generation = make(tmp_path / "index", "one")
    manifest = read_manifest(generation)

    assert current(tmp_path / "index") == generation
    assert manifest["fingerprint"] == "f" * 64
    assert list(manifest["files"]) == ["vectors/data.bin"]


def test_generation_before_is_kept(tmp_path: Path) -> None:
    """The generation before the current one stays for those who read it; older ones go."""
    first, second, third = (make(tmp_path, text, fingerprint=text * 64) for text in "abc")

    assert current(tmp_path) == third
    assert second.exists()
    assert not first.exists()


def test_same_fingerprint_takes_another_name(tmp_path: Path) -> None:
    """A generation never overwrites one of the same fingerprint that may be in use."""
    first, second = make(tmp_path, "one"), make(tmp_path, "two")

    assert first != second
    assert (first / "vectors/data.bin").read_text(encoding="utf-8") == "one"


@pytest.mark.parametrize("step", ["write_text", "rename", "replace"])
def test_crash_before_the_switch_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A build that dies while it publishes, at whichever step, leaves the old index sound, and the next build works."""
    make(tmp_path, "old")

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "write_text" else os, step, die)
        with pytest.raises(KeyboardInterrupt):
            make_empty(tmp_path)

    assert content(tmp_path) == "old"
    make(tmp_path, "new")
    assert content(tmp_path) == "new"


def test_build_killed_while_it_clears_up_leaves_no_part_of_a_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A generation that was half removed when the build was stopped is gone after the next."""
    for text in "ab":
        make(tmp_path, text, fingerprint=text * 64)

    def die_half_way(path: Path, **_: Any) -> None:
        if (path / "manifest.json").is_file():
            (path / "manifest.json").unlink()
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(generations.shutil, "rmtree", die_half_way)
        with pytest.raises(KeyboardInterrupt):
            make(tmp_path, "c", fingerprint="c" * 64)
    make(tmp_path, "d", fingerprint="d" * 64)

    assert content(tmp_path) == "d"
    assert {path.name[:12] for path in tmp_path.glob("*generation*")} == {"generation-c", "generation-d"}


def test_killed_build_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    """A build that was killed holds no lock, and what it left half done is not part of the next one."""
    make(tmp_path, "old")
    script = (
        "import os, sys; from pathlib import Path; from index.generations import building\n"
        "with building(Path(sys.argv[1])) as aside:\n"
        "    (aside / 'half').write_text('done'); os._exit(9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, tmp_path], cwd=Path(__file__).parents[1], check=False)

    assert killed.returncode == 9
    assert content(tmp_path) == "old"
    make(tmp_path, "new")
    assert list(read_manifest(current(tmp_path))["files"]) == ["vectors/data.bin"]


def test_second_builder_is_refused(tmp_path: Path) -> None:
    """While one build is at work another is refused at once, and may begin when it is done."""
    with building(tmp_path), pytest.raises(BuildBusy, match="another build is at work in"), building(tmp_path):
        pass

    assert content(make(tmp_path, "one").parent) == "one"


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "No space left on device"), (errno.EIO, "Input/output error")])
def test_failing_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str) -> None:
    """A disk that is full or fails is said in one sentence; the old index stays and nothing half done is left."""
    make(tmp_path, "old")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", fail)
        with pytest.raises(FootnoteError, match=f"the index cannot be written: {words}; the old one stays\\.$"):
            make_empty(tmp_path)

    assert content(tmp_path) == "old"
    assert not (tmp_path / ".building").exists()


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """An index folder below a file cannot be made, and that is said in one sentence."""
    (tmp_path / "file").touch()

    with pytest.raises(FootnoteError, match=r"file/index: the index cannot be written: Not a directory\.$"):
        make(tmp_path / "file/index", "one")


def test_read_only_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index folder that may not be written to is named in one sentence."""

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(generations.FileLock, "acquire", refuse)

    with pytest.raises(FootnoteError, match=r"the index cannot be written: Permission denied\.$"):
        make(tmp_path, "one")


def test_damaged_file_is_named(tmp_path: Path) -> None:
    """A byte that changed is found, and the message names the file and the command that mends it."""
    (make(tmp_path, "one") / "vectors/data.bin").write_text("One", encoding="utf-8")

    with pytest.raises(StaleIndex, match=r"vectors/data\.bin is damaged or missing; run 'footnote build'\.$"):
        content(tmp_path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is gone is found."""
    (make(tmp_path, "one") / "vectors/data.bin").unlink()

    with pytest.raises(StaleIndex, match=r"vectors/data\.bin is damaged or missing"):
        content(tmp_path)


def test_added_file_is_named(tmp_path: Path) -> None:
    """A file that the build did not write is found."""
    (make(tmp_path, "one") / "vectors/more.bin").touch()

    with pytest.raises(StaleIndex, match=r"vectors/more\.bin is damaged or missing"):
        content(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    ["", "{", "[]", "\xff", '{"format": 0}', json.dumps({"format": generations.FORMAT, "fingerprint": "f"})],
)
def test_foreign_manifest_is_stale(tmp_path: Path, manifest: str) -> None:
    """A manifest that is no JSON, of another format or incomplete is refused, with the command that mends it."""
    path = make(tmp_path, "one") / "manifest.json"
    path.write_text(manifest, encoding="latin-1")

    with pytest.raises(StaleIndex, match=r"; run 'footnote build'\.$"):
        content(tmp_path)


def test_pointer_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A pointer leads to a generation of its own folder and nowhere else."""
    generation, elsewhere = make(tmp_path / "index", "one"), make(tmp_path / "elsewhere", "two")
    out = f"{generation.name}/../../elsewhere/{elsewhere.name}"
    (tmp_path / "index/CURRENT").write_text(out, encoding="utf-8")

    assert (tmp_path / "index" / out).is_dir()
    with pytest.raises(MissingIndex, match="there is no index in"):
        current(tmp_path / "index")


@pytest.mark.parametrize("pointer", [None, "", "generation-0", "\xff"])
def test_pointer_to_nothing_is_no_index(tmp_path: Path, pointer: str | None) -> None:
    """Without a pointer to a generation of this folder there is no index, and the message names the command."""
    if pointer is not None:
        (tmp_path / "CURRENT").write_text(pointer, encoding="latin-1")

    with pytest.raises(MissingIndex, match=r"^there is no index in .*; run 'footnote build'\.$"):
        current(tmp_path)


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    """A folder that is called like a generation and is none survives the builds."""
    photos = tmp_path / "generation-2019-photos"
    photos.mkdir()
    for fingerprint in ("a" * 64, "b" * 64, "c" * 64):
        with building(tmp_path) as aside:
            (aside / "file").write_text("text", encoding="utf-8")
            publish(tmp_path, aside, {"fingerprint": fingerprint})

    assert photos.is_dir()
    assert len(list(tmp_path.glob("generation-*/manifest.json"))) == 2
