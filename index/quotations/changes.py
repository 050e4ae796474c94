"""Keep where a difference stands, in the quotation and in the document, so that its words can be marked in either."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.quotations.domain import HARMLESS, Changed, Difference

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with its offsets in the quotation and in the document's text, each none where no words stand there."""

    difference: Difference
    quoted: Stretch | None = None
    found: Stretch | None = None

    @property
    def is_grave(self) -> bool:
        """Tell whether it makes a quotation inexact."""
        return self.difference.kind not in HARMLESS


def differences_of(changes: Iterable[Change]) -> tuple[Difference, ...]:
    """Return the differences alone."""
    return tuple(change.difference for change in changes)


def changed_in_quotation(changes: Iterable[Change]) -> tuple[Changed, ...]:
    """Return which words of the quotation were altered."""
    return _joined(c.quoted for c in changes if c.is_grave and c.quoted)


def changed_in_place(changes: Iterable[Change], start: int, end: int) -> tuple[Changed, ...]:
    """Return which words of the document from `start` to `end` were altered, counted from `start`."""
    inside = (c.found for c in changes if c.is_grave and c.found)
    return _joined((max(a, start) - start, min(b, end) - start) for a, b in inside)


def _joined(stretches: Iterable[Stretch]) -> tuple[Changed, ...]:
    """Return the stretches in order, those that overlap as one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return tuple(Changed(start, end) for start, end in joined)
