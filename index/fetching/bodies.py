"""Read a response's body, packed or not, and stop as soon as it is more than is borne."""

import zlib
from collections.abc import Iterable, Iterator

import httpx2

from index.fetching.domain import NotObtained
from index.fetching.limits import Limits
from index.fetching.reasons import Broken

CODINGS = "gzip, deflate"
STEP_BYTES = 1 << 16
ALWAYS_BORNE_BYTES = 1_000_000
"""A short page may be packed as tightly as it likes."""
GZIP_MARK = b"\x1f"
"""Several gzip members may follow one another (RFC 1952, 2.2); anything else behind an end is padding."""


def whole(response: httpx2.Response, limits: Limits) -> bytes:
    """Return the unpacked body; raise NotObtained before reading one that says itself that it is too much."""
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limits.body_bytes:
        raise _more_than(limits.body_bytes)
    return b"".join(pieces(response, limits))


def pieces(response: httpx2.Response, limits: Limits) -> Iterator[bytes]:
    """Yield the unpacked body piece by piece; raise NotObtained at the piece that is too much."""
    received = unpacked = 0

    def counted() -> Iterator[bytes]:
        nonlocal received
        for piece in response.iter_raw():
            received += len(piece)
            if received > limits.body_bytes:
                raise _more_than(limits.body_bytes)
            yield piece

    for piece in _unpack(counted(), response.headers.get("content-encoding", "")):
        unpacked += len(piece)
        if unpacked > limits.unpacked_bytes:
            raise NotObtained(f"unpacks to more than {limits.unpacked_bytes / 1e6:g} MB")
        if unpacked > max(ALWAYS_BORNE_BYTES, limits.unpacked_times * received):
            raise NotObtained(f"unpacks to more than {limits.unpacked_times} times its size")
        yield piece


def _more_than(size: int) -> NotObtained:
    return NotObtained(f"more than {size / 1e6:g} MB")


def _unpack(packed: Iterable[bytes], coding: str) -> Iterator[bytes]:
    match coding.strip().lower():
        case "" | "identity":
            return iter(packed)
        case "gzip" | "x-gzip":
            return _inflated(packed, zlib.MAX_WBITS | 16)
        case "deflate":
            return _inflated(packed, None)
        case other:
            raise NotObtained(f"packed in a way that was not asked for: {other[:40]}")


def _inflated(packed: Iterable[bytes], bits: int | None) -> Iterator[bytes]:
    """Yield at most STEP_BYTES at a time; `bits` None is deflate, which servers send with and without zlib's header."""
    inflater = None
    try:
        for piece in packed:
            inflater = inflater or zlib.decompressobj(bits or (zlib.MAX_WBITS if piece[0] & 15 == 8 else -zlib.MAX_WBITS))
            while piece:
                if inflater.eof and not piece.startswith(GZIP_MARK):
                    return
                inflater = zlib.decompressobj(bits or zlib.MAX_WBITS) if inflater.eof else inflater
                yield inflater.decompress(piece, STEP_BYTES)
                piece = inflater.unconsumed_tail or inflater.unused_data
        if inflater is not None:
            yield inflater.flush()
    except zlib.error:
        raise NotObtained("packed in a way that cannot be unpacked") from None
    if inflater is not None and not inflater.eof:
        raise Broken("broke off before its end")
