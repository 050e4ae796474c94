"""Fixtures for the tests of fetching: nothing waits between tries, and no proxy of the environment is heeded."""

from collections.abc import Iterator

import pytest
import stamina

from tests.fetching.web import Server


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    """Try as often as ever, without waiting in between."""
    with stamina.set_testing(True, attempts=99, cap=True):
        yield


@pytest.fixture
def site() -> Iterator[Server]:
    """Return a server without pages."""
    with Server() as server:
        yield server
