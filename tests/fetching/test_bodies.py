import gzip
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import httpx2
import pytest

from index.fetching.bodies import pieces, whole
from index.fetching.domain import NotObtained
from index.fetching.limits import Limits
from tests.fetching.web import bomb

TEXT = b"A keeper lit the lamp. " * 100
LIMITS = Limits(body_bytes=100_000, unpacked_bytes=5_000_000)


class Body(httpx2.SyncByteStream):
    """A body that comes in these pieces; `taken` counts those that were asked for."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.taken += 1
            yield piece


def response(content: bytes, coding: str = "", size: int = 1000, **headers: str) -> httpx2.Response:
    """Make a response whose body comes in pieces of this size."""
    body = Body([content[at : at + size] for at in range(0, len(content), size)])
    return httpx2.Response(200, headers={"Content-Encoding": coding, **headers}, stream=body)


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT) + b"\0" * 20),
        ("gzip", gzip.compress(TEXT[:500]) + gzip.compress(TEXT[500:])),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
def test_body_is_unpacked(coding: str, packed: bytes, size: int) -> None:
    """What was packed comes out whole, in whatever pieces it arrives and whichever kind of deflate it is."""
    assert whole(response(packed, coding, size), LIMITS) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", ""])
def test_empty_body_is_empty(coding: str) -> None:
    """Nothing packed is nothing."""
    assert whole(response(b"", coding), LIMITS) == b""


@pytest.mark.parametrize(("coding", "packed"), [("gzip", gzip.compress(TEXT)[:-9]), ("deflate", zlib.compress(TEXT)[:-5])])
def test_body_that_breaks_off_is_refused(coding: str, packed: bytes) -> None:
    """Half a text is never taken for the text."""
    with pytest.raises(NotObtained, match=r"^broke off before its end$"):
        whole(response(packed, coding), LIMITS)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
def test_other_packing_is_refused(coding: str) -> None:
    """What we did not ask for is not unpacked."""
    with pytest.raises(NotObtained, match=rf"^packed in a way that was not asked for: {coding}$"):
        whole(response(TEXT, coding), LIMITS)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_broken_packing_is_refused(coding: str) -> None:
    """What only claims to be packed is refused."""
    with pytest.raises(NotObtained, match=r"^packed in a way that cannot be unpacked$"):
        whole(response(b"\x18<p>plain after all", coding), LIMITS)


def test_body_that_says_it_is_too_long_is_not_read() -> None:
    """A declared length beyond the limit is refused before the first piece."""
    declared = response(TEXT, **{"Content-Length": "100001"})

    with pytest.raises(NotObtained, match=r"^more than 0\.1 MB$"):
        whole(declared, LIMITS)
    assert isinstance(declared.stream, Body)
    assert declared.stream.taken == 0


def test_endless_body_is_cut_at_the_limit() -> None:
    """A body that never ends is read no further than the limit."""
    body = Body(bytes(1000) for _ in iter(int, 1))

    with pytest.raises(NotObtained, match=r"^more than 0\.1 MB$"):
        whole(httpx2.Response(200, stream=body), LIMITS)
    assert body.taken == 101


def test_bomb_is_stopped_early_and_takes_little_memory() -> None:
    """A body that unpacks to a thousand times its size is stopped long before, piece by piece."""
    packed = bomb(90)
    tracemalloc.start()

    with pytest.raises(NotObtained, match=r"^unpacks to more than 200 times its size$"):
        whole(response(packed, "gzip", size=64_000), Limits())
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) < 100_000
    assert peak_bytes < 20_000_000


def test_unpacked_size_has_a_limit_of_its_own() -> None:
    """A body is stopped at what it may unpack to, even if it is packed no tighter than others."""
    with pytest.raises(NotObtained, match=r"^unpacks to more than 2 MB$"):
        whole(response(bomb(3), "gzip"), Limits(unpacked_bytes=2_000_000, unpacked_times=10_000))


def test_pieces_are_small() -> None:
    """However tightly it is packed, a body is unpacked in small steps."""
    assert max(map(len, pieces(response(bomb(1), "gzip"), LIMITS))) <= 1 << 16
