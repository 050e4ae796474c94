"""What came over the network, or why nothing did."""

from dataclasses import dataclass

from index.errors import FootnoteError


@dataclass(frozen=True, slots=True)
class Received:
    """A body as it came: `asked` and `final` are addresses, `at` is UTC in ISO 8601, `content` is unpacked bytes."""

    asked: str
    final: str
    at: str
    status: int
    media_type: str
    charset: str | None
    content: bytes


class NotObtained(FootnoteError):
    """A source could not be had; the message is the reason, in a few words, as the ledger prints it."""
