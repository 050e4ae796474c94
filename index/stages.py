"""Measure the stages of a question's way, for whoever wants to know; no stage holds another, so that they add up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_wanted: ContextVar[dict[str, float] | None] = ContextVar("stages", default=None)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure what is done inside as this stage, where anybody measures."""
    spent = _wanted.get()
    started = time.perf_counter()
    try:
        yield
    finally:
        if spent is not None:
            spent[name] = spent.get(name, 0.0) + (time.perf_counter() - started) * 1000


@contextmanager
def measured(spent: dict[str, float]) -> Iterator[None]:
    """Add to `spent` the milliseconds of each stage that is passed inside, by its name."""
    token = _wanted.set(spent)
    try:
        yield
    finally:
        _wanted.reset(token)
