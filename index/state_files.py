"""Write encodings to files as they are made, so that a large corpus is never held in memory."""

import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from index.arrays import KEYS, TokenStates
from index.encoded_texts import Rows

STATES = "int8"
"""How token states are written; an index says which it was made with, and none is read as another."""


class GrowingArray:
    """A `.npy` file that rows are appended to; as one written at once when it is closed."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: Any) -> None:
        self._shape, self._dtype = shape, np.dtype(dtype)
        self._row_bytes: int = int(self._dtype.itemsize * np.prod(shape, dtype=np.int64))
        self._file = path.open("w+b")
        self._count = 0
        self._write_header()
        self._begin = self._file.tell()

    def __len__(self) -> int:
        return self._count

    @property
    def row_bytes(self) -> int:
        """Return how many bytes a row takes."""
        return self._row_bytes

    def append(self, rows: NDArray[Any]) -> None:
        """Write rows behind the others."""
        self._file.seek(0, 2)
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self._count += len(rows)

    def read(self, start: int, end: int) -> NDArray[Any]:
        """Return rows that are written already."""
        self._file.seek(self._begin + start * self._row_bytes)
        content = self._file.read((end - start) * self._row_bytes)
        return np.frombuffer(content, dtype=self._dtype).reshape(-1, *self._shape)

    def clear(self) -> None:
        """Forget all rows."""
        self._file.truncate(self._begin)
        self._count = 0

    def close(self) -> None:
        """Write into the header how many rows there are; numpy leaves room there for the number to grow."""
        self._file.seek(0)
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        header = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (self._count, *self._shape)}
        npy.write_array_header_1_0(self._file, header)


class OnDisk:
    """Keeps encodings in a new folder; token states only as long as they take no more than `most_bytes`."""

    def __init__(self, folder: Path, *, most_bytes: int | None = None) -> None:
        folder.mkdir()
        self._folder, self._most_bytes = folder, most_bytes
        self._arrays: dict[str, GrowingArray] = {}
        self._rows, self._firsts = array("q", [0]), array("q", [0])
        self._too_many = False

    def append(self, rows: Rows) -> None:
        """Write the next text's behind the others."""
        if not self._arrays:
            self._create(rows.vector.shape, rows.states.shape[1:])
        self._arrays["vectors"].append(rows.vector[None])
        self._arrays["tokens"].append(rows.tokens)
        self._append_states(rows)
        at = self._rows[-1]
        self._rows.extend((at + np.cumsum(rows.lengths)).tolist())
        self._firsts.append(len(self._rows) - 1)

    def take(self, row: int) -> Rows:
        """Return those of a text that are written already."""
        bounds = np.asarray(self._rows[self._firsts[row] : self._firsts[row + 1] + 1], dtype=np.int64)
        inside = (int(bounds[0]), int(bounds[-1]))
        return Rows(
            self._arrays["vectors"].read(row, row + 1)[0],
            self._arrays["states"].read(*((0, 0) if self._too_many else inside)),
            self._arrays["scales"].read(*((0, 0) if self._too_many else inside)),
            self._arrays["tokens"].read(*inside),
            np.diff(bounds),
        )

    def finish(self, keys: Sequence[str]) -> TokenStates:
        """Return all of them, mapped into memory; the keys stay in their file."""
        if not self._arrays:
            self._create((1,), (1,))
        for kept in self._arrays.values():
            kept.close()
        np.save(self._folder / "rows.npy", np.asarray(self._rows, dtype=np.int64))
        np.save(self._folder / "firsts.npy", np.asarray(self._firsts, dtype=np.int64))
        (self._folder / KEYS).write_text(json.dumps(list(keys)), encoding="utf-8")
        return TokenStates.open(self._folder, with_keys=False)

    def _create(self, vector: tuple[int, ...], state: tuple[int, ...]) -> None:
        for name, shape, dtype in (
            ("vectors", vector, np.float32), ("states", state, STATES), ("scales", (), np.float32), ("tokens", (), np.int32),
        ):  # fmt: skip
            self._arrays[name] = GrowingArray(self._folder / f"{name}.npy", shape, dtype)

    def _append_states(self, rows: Rows) -> None:
        kept, scales = self._arrays["states"], self._arrays["scales"]
        if self._most_bytes is not None and (len(kept) + len(rows.states)) * kept.row_bytes > self._most_bytes:
            self._too_many = True
            kept.clear()
            scales.clear()
        if not self._too_many:
            kept.append(rows.states)
            scales.append(rows.scales)
