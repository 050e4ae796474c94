"""Index folders: built aside as a generation, switched in by one atomic rename, checked before use."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.digests import file_digest
from index.errors import BuildBusy, FootnoteError, MissingIndex, StaleIndex

FORMAT = 6
MEND = "run 'footnote build'"
_POINTER = "CURRENT"
_BUILDING, _GENERATION, _LOCK = ".building", "generation-", "build.lock"
_SEALED = {"fingerprint", "inputs", "files", "samples"}
_WHOLE_UP_TO = 128 << 20
"""Bytes of a file that is hashed whole whenever an index is opened. Of a larger one, gigabytes of token states, it is
samples: so many, so long, evenly spread, its first and last bytes among them; the whole by `build` and `verify`."""
_SAMPLES, _SAMPLE = 64, 1 << 16


@contextlib.contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Give an empty folder to build a generation in, to one builder at a time; it is gone afterwards.

    Raises BuildBusy where another build holds the index folder, FootnoteError where it cannot be written.
    """
    is_new, ended = not folder.exists(), False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise BuildBusy(f"another build is at work in {folder}; wait for it or use another --index.") from None
    except OSError as error:
        raise FootnoteError(f"{folder}: the index cannot be written: {error.strerror}.") from None
    try:
        aside = folder / _BUILDING
        for left in (aside, *folder.glob(f".{_GENERATION}*")):
            shutil.rmtree(left, ignore_errors=True)
        aside.mkdir()
        yield aside
        ended = True
    except OSError as error:
        raise FootnoteError(f"{folder}: the index cannot be written: {error.strerror}; the old one stays.") from None
    finally:
        shutil.rmtree(folder / _BUILDING, ignore_errors=True)
        lock.release()
        if is_new and not ended:
            _remove_bare(folder)


def publish(folder: Path, aside: Path, manifest: dict[str, Any]) -> Path:
    """Seal the generation with its manifest and make it the current one; keep the one before it."""
    files = {name: file_digest(aside / name) for name in _names(aside)}
    samples = {name: _sampled(aside / name) for name in files if _is_large(aside / name)}
    manifest = {**manifest, "format": FORMAT, "files": files, "samples": samples}
    (aside / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    _sync(aside)
    before = _pointed_at(folder)
    generation = _free_name(folder, manifest["fingerprint"][:12])
    os.rename(aside, generation)
    pointer = folder / f"{_POINTER}.new"
    pointer.write_text(generation.name, encoding="utf-8")
    _sync_file(pointer)
    os.replace(pointer, folder / _POINTER)
    _sync_file(folder)
    for old in folder.glob(f"{_GENERATION}*"):
        if old not in (generation, before) and (old / "manifest.json").is_file():
            _remove(old)
    return generation


def _remove_bare(folder: Path) -> None:
    """Remove an index folder that holds nothing but the lock."""
    with contextlib.suppress(OSError):
        if [path.name for path in folder.iterdir()] == [_LOCK]:
            (folder / _LOCK).unlink()
            folder.rmdir()


def _remove(old: Path) -> None:
    """Remove a generation from where the next build clears up, should this be stopped before all of it is gone."""
    with contextlib.suppress(OSError):
        gone = old.rename(old.with_name(f".{old.name}"))
        shutil.rmtree(gone, ignore_errors=True)


def current(folder: Path) -> Path:
    """Return the folder of the current generation; raise MissingIndex where there is none."""
    generation = _pointed_at(folder)
    if generation is None or not (generation / "manifest.json").is_file():
        raise MissingIndex(f"there is no index in {folder}; {MEND}.")
    return generation


def read_manifest(generation: Path) -> dict[str, Any]:
    """Return the manifest; raise StaleIndex where it cannot be read or is of another format."""
    try:
        manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StaleIndex(f"the manifest of {generation} cannot be read; {MEND}.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not manifest.keys() >= _SEALED:
        raise StaleIndex(f"{generation} was made by another version of Footnote; {MEND}.")
    return manifest


def check_files(generation: Path, manifest: dict[str, Any], *, whole: bool = False) -> None:
    """Raise StaleIndex, naming the file, where one is missing, added or not as it was built.

    Large files are read in samples, or `whole`.
    """
    found = _names(generation)
    for name in sorted(found | manifest["files"].keys()):
        if name not in found or not _is_sound(generation / name, name, manifest, whole=whole):
            raise StaleIndex(f"{generation / name} is damaged or missing; {MEND}.")


def _is_sound(path: Path, name: str, manifest: dict[str, Any], *, whole: bool) -> bool:
    if name in manifest["samples"] and not whole:
        return bool(_sampled(path) == manifest["samples"][name])
    return bool(file_digest(path) == manifest["files"].get(name))


def _pointed_at(folder: Path) -> Path | None:
    try:
        name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    generation = folder / name
    return generation if name.startswith("generation-") and generation.parent == folder else None


def _free_name(folder: Path, stem: str) -> Path:
    names = (folder / f"generation-{stem}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _names(generation: Path) -> set[str]:
    files = (p for p in generation.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {p.relative_to(generation).as_posix() for p in files}


def _is_large(path: Path) -> bool:
    return path.stat().st_size > _WHOLE_UP_TO


def _sampled(path: Path) -> str:
    """Return the sha256 over the file's length and samples of it."""
    size = path.stat().st_size
    found = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(max(size - _SAMPLE, 0) * number // (_SAMPLES - 1))
            found.update(file.read(_SAMPLE))
    return found.hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync_file(path)
    _sync_file(folder)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
