import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import unit
from index.vector_search import VectorSearch, largest
from tests.handmade import floats


@given(st.lists(st.sampled_from([(1, 0), (0, 1), (0.6, 0.8), (-1, 0)]), max_size=30), st.integers(1, 12))
def test_nearest_are_those_of_a_full_sort(vectors: list[tuple[float, float]], count: int) -> None:
    """The nearest come in the order that sorting all would give them, ties by row."""
    search = VectorSearch({"some": floats(vectors).reshape(-1, 2)}, None)
    rows, similarities = search.search("some", floats([1, 0]), count)
    expected = sorted(range(len(vectors)), key=lambda row: (-vectors[row][0], row))[:count]

    assert rows.tolist() == expected
    assert similarities.tolist() == pytest.approx([vectors[row][0] for row in expected])


def test_vectors_on_disk_are_found_as_those_in_memory(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Whether an array is mapped from disk changes no row and no digit."""
    vectors = unit(np.random.default_rng(1).standard_normal((500, 64)).astype(np.float32))
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = VectorSearch({"some": np.load(tmp_path / "vectors.npy", mmap_mode="r")}, None)
    rows, similarities = VectorSearch({"some": vectors}, None).search("some", vectors[3], 20)

    assert mapped.search("some", vectors[3], 20)[0].tolist() == rows.tolist()
    assert mapped.search("some", vectors[3], 20)[1].tolist() == similarities.tolist()


@given(st.lists(st.integers(-1, 4), max_size=40), st.integers(1, 8))
def test_largest_are_those_of_a_full_sort(values: list[int], count: int) -> None:
    """The largest values come in the order that sorting all would give them, ties to the first."""
    given_values = np.asarray(values, dtype=np.float32)

    assert largest(given_values, count).tolist() == np.argsort(-given_values, kind="stable")[:count].tolist()
