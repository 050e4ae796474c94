"""Open the index for a command, and close it after."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.opened import OpenedIndex
    from index.searcher import Searcher
    from server.settings import Settings


@contextmanager
def open_index(settings: "Settings") -> "Iterator[Searcher]":
    """Give the searcher over a fresh index; raise MissingIndex or StaleIndex, naming the command that mends it."""
    from index.freshness import require_fresh
    from index.query_encoder import open_query_encoder
    from index.searcher import Searcher

    encoder = open_query_encoder(settings.index, settings.encoder)
    require_fresh(settings.corpus, settings.index, encoder)
    with closing(Searcher.open(settings.index, encoder, settings.chroma)) as searcher:
        yield searcher


@contextmanager
def read_index(settings: "Settings") -> "Iterator[OpenedIndex]":
    """Give the fresh index to read, without an encoder: what is known can be listed and compared, but nothing asked."""
    from index.freshness import require_same_corpus
    from index.generations import current, read_manifest
    from index.opened import OpenedIndex

    require_same_corpus(settings.corpus, read_manifest(current(settings.index))["inputs"])
    with closing(OpenedIndex.open(settings.index)) as index:
        yield index
