"""Values that are gone through one at a time, as often as wanted, and are never held all at once."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter

In = TypeVar("In")
Out = TypeVar("Out")


class JsonLines(Generic[Out]):
    """Values of one type in a file, as JSON, a line each."""

    def __init__(self, path: Path, type_: type[Out]) -> None:
        self._path = path
        self._type = TypeAdapter(type_)

    def write(self, values: Iterable[Out]) -> None:
        """Write the values, each as it comes."""
        with self._path.open("wb") as file:
            for value in values:
                file.write(self._type.dump_json(value) + b"\n")

    def __iter__(self) -> Iterator[Out]:
        with self._path.open("rb") as file:
            yield from map(self._type.validate_json, file)


class Each(Generic[In, Out]):
    """What is made of each of some values, made anew whenever it is gone through."""

    def __init__(self, values: Iterable[In], make: Callable[[In], Iterable[Out]]) -> None:
        self._values = values
        self._make = make

    def __iter__(self) -> Iterator[Out]:
        return chain.from_iterable(map(self._make, self._values))
