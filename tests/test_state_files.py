import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from index import encoded_texts, generations
from index.arrays import TokenStates
from index.build import build
from index.encoded_texts import Rows, encode
from index.encoder import Encoding
from index.errors import StaleIndex
from index.followups import Searched
from index.freshness import require_fresh
from index.generations import building, check_files, current, publish, read_manifest
from index.searcher import Searcher
from index.state_files import GrowingArray, OnDisk
from index.texts import whole_text
from tests.conftest import ToyEncoder, silent

WORDS = ["oil burns", "whales sing in the gale", "granite", "the keeper lit the lamp", "oil burns", "fog", "granite"]


class Watched(OnDisk):
    """Counts the token states that are encoded and not yet written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.written = 0

    def append(self, rows: Rows) -> None:
        self.written += 1
        super().append(rows)


@pytest.fixture(scope="module")
def without_states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Return a searcher of the toy corpus whose token states did not fit."""
    from tests.conftest import write_toy_corpus

    folder = tmp_path_factory.mktemp("small")
    built = build(write_toy_corpus(folder / "corpus"), folder / "index", ToyEncoder(), progress=silent, disk_budget_mb=0)
    assert not built.token_states
    searcher = Searcher.open(folder / "index", ToyEncoder())
    yield searcher
    searcher.close()


@pytest.mark.parametrize(("shape", "dtype"), [((3,), np.float16), ((), np.int32), ((384,), np.float32)])
@pytest.mark.parametrize("parts", [[], [1], [2, 0, 5]])
def test_file_that_grew_is_as_one_written_at_once(
    tmp_path: Path, shape: tuple[int, ...], dtype: type, parts: list[int]
) -> None:  # fmt: skip
    """An array written in parts has the very bytes that numpy writes of the whole, and any rows can be read between."""
    whole = np.random.default_rng(1).integers(0, 99, (sum(parts), *shape)).astype(dtype)
    np.save(tmp_path / "whole.npy", whole)
    array = GrowingArray(tmp_path / "parts.npy", shape, dtype)
    for end, count in zip(np.cumsum(parts), parts, strict=True):
        array.append(whole[end - count : end])
        assert_array_equal(array.read(0, int(end)), whole[:end])
    array.close()

    assert (tmp_path / "parts.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_windows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_encoder: ToyEncoder) -> None:
    """Encoded a few texts at a time the arrays are the same, and a text that comes again is read once."""
    texts = [whole_text(words) for words in WORDS]
    whole, _ = encode(texts, toy_encoder, before=None, progress=silent, what="encoding")
    toy_encoder.read.clear()
    monkeypatch.setattr(encoded_texts, "_WINDOW", 20)
    on_disk, count = encode(texts, toy_encoder, before=None, progress=silent, what="encoding", into=OnDisk(tmp_path / "new"))

    assert count == len(toy_encoder.read) == len(set(WORDS))
    for name in ("vectors", "states", "rows", "tokens", "firsts"):
        assert_array_equal(getattr(on_disk, name), getattr(whole, name), strict=True)
    assert TokenStates.open(tmp_path / "new").keys == whole.keys


def test_states_are_written_before_many_more_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_encoder: ToyEncoder
) -> None:
    """However many texts there are, no more than a window of them is encoded and not written."""
    kept = Watched(tmp_path / "new")
    waiting: list[int] = []

    def read(texts: Sequence[str]) -> list[Encoding]:
        waiting.append(len(toy_encoder.read) + len(texts) - kept.written)
        return toy_encoder.encode(texts)

    monkeypatch.setattr(encoded_texts, "_WINDOW", 1000)
    texts = [whole_text(f"lamp number {n:03}") for n in range(600)]  # of 15 characters
    encode(texts, toy_encoder, before=None, progress=silent, what="encoding", into=kept, read=read)

    assert max(waiting) <= 1000 // 15
    assert kept.written == 600


def test_states_that_do_not_fit_are_left_out(tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """With a byte less than they take there are no states, with as many there are all; vectors and tokens stay."""
    texts = [whole_text(words) for words in WORDS]

    def kept(most_bytes: int) -> TokenStates:
        into = OnDisk(tmp_path / str(most_bytes), most_bytes=most_bytes)
        return encode(texts, toy_encoder, before=None, progress=silent, what="encoding", into=into)[0]

    whole, _ = encode(texts, toy_encoder, before=None, progress=silent, what="encoding")
    fits, too_many = kept(whole.states.nbytes), kept(whole.states.nbytes - 1)

    assert_array_equal(fits.states, whole.states)
    assert (fits.has_states, too_many.has_states, len(too_many.states)) == (True, False, 0)
    for name in ("vectors", "rows", "tokens", "firsts"):
        assert_array_equal(getattr(too_many, name), getattr(whole, name))


def test_answer_says_that_vectors_alone_ranked_it(without_states: Searcher, toy_searcher: Searcher) -> None:
    """Without token states a question is answered from the right place all the same, and the answer says what it lacks."""
    answer = without_states.ask("What fuel did the lamp burn?")
    usual = toy_searcher.ask("What fuel did the lamp burn?")

    assert (answer.passages or answer.nearest)[0].text == (usual.passages or usual.nearest)[0].text
    assert "Whale oil burned in four wicks." in (answer.passages or answer.nearest)[0].text
    assert set(answer.degraded) - set(usual.degraded) == {
        "This index holds no token states, so passages are ranked by their sentences' vectors alone."
    }


def test_every_part_of_a_ranking_is_there_without_states(without_states: Searcher) -> None:
    """Each hit has the same parts, with the best sentence's cosine in place of late interaction."""
    _, hits = without_states.find(Searched("When was the tower built?"))

    assert hits
    assert all(hit.parts["late_interaction"] == hit.parts["sentence"] for hit in hits)


def test_budget_that_grew_brings_the_states_back(toy_corpus: Path, tmp_path: Path) -> None:
    """Built again without the budget, the index is the one that never had it; built again with it, nothing is done."""
    index, never = tmp_path / "index", tmp_path / "never"
    build(toy_corpus, never, ToyEncoder(), progress=silent)
    build(toy_corpus, index, ToyEncoder(), progress=silent, disk_budget_mb=0)
    again = build(toy_corpus, index, ToyEncoder(), progress=silent, disk_budget_mb=0)
    back = build(toy_corpus, index, ToyEncoder(), progress=silent)

    assert (again.changed, back.changed, back.token_states) == (False, True, True)
    assert back.fingerprint == read_manifest(current(never))["fingerprint"]


def test_states_of_two_precisions_are_never_mixed(toy_corpus: Path, built: Path, toy_encoder: ToyEncoder) -> None:
    """An index whose states were written otherwise is stale, and none of them is taken for a new one."""
    manifest = current(built) / "manifest.json"
    made = json.loads(manifest.read_text(encoding="utf-8"))
    made["inputs"]["states"] = "float16"
    manifest.write_text(json.dumps(made), encoding="utf-8")

    with pytest.raises(StaleIndex, match="holds token states as float16, not int8; run 'footnote build'"):
        require_fresh(toy_corpus, built, toy_encoder)
    done = build(toy_corpus, built, toy_encoder, progress=silent)
    assert done.encoded == len(toy_encoder.read) > 0


@pytest.mark.parametrize(("damage", "found"), [("cut", True), ("first", True), ("last", True), ("between", False)])
def test_large_file_is_sampled_and_read_whole_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, found: bool
) -> None:
    """Of a large file opening sees its length, its ends and samples; a whole check sees every byte."""
    monkeypatch.setattr(generations, "_WHOLE_UP_TO", 10_000)
    monkeypatch.setattr(generations, "_SAMPLE", 16)
    content = bytearray(b"x" * 20_000)
    with building(tmp_path) as aside:
        (aside / "states.bin").write_bytes(content)
        generation = publish(tmp_path, aside, {"fingerprint": "f" * 64, "inputs": {}})
    content[{"cut": -1, "first": 0, "last": -1, "between": 100}[damage]] = 0
    (generation / "states.bin").write_bytes(content[:-1] if damage == "cut" else content)
    manifest = read_manifest(generation)

    with pytest.raises(StaleIndex, match=r"states\.bin is damaged"):
        check_files(generation, manifest, whole=True)
    if found:
        with pytest.raises(StaleIndex, match=r"states\.bin is damaged"):
            check_files(generation, manifest)
    else:
        check_files(generation, manifest)
