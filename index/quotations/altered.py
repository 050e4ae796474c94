"""Find what a quotation that stands nowhere was made from, and tell how it differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.domain import Document
from index.quotations.changes import Change
from index.quotations.comparing import Comparison, quoted_words
from index.quotations.domain import Difference
from index.quotations.matching import Haystack, Match
from index.quotations.nearest import Passage, WordIndex
from index.quotations.parts import Divided, Part
from index.quotations.typography import typographic
from index.quotations.words import Word

CLOSE_FROM = 0.5
"""Share of the words' weight in common, in order, from which a passage is taken for what was quoted.

Measured on altered quotations and strangers of three to thirty words: tests/quotations/test_measures.py."""

Place = tuple[Document, int, int]


@dataclass(frozen=True, slots=True)
class Altered:
    """Where the parts of an altered quotation stand, as (document, start, end), and how they differ."""

    places: tuple[Place, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    """A part of a quotation beside the place that is nearest to it: `likeness` is 1 where it stands there as it is."""

    words: int
    likeness: float
    place: Place | None
    changes: tuple[Change, ...]


class NearestPassages:
    """Looks for the passages that altered quotations were made from."""

    def __init__(self, haystack: Haystack, index: WordIndex, lower: frozenset[str]) -> None:
        self._haystack, self._index, self._lower = haystack, index, lower

    def find(
        self, divided: Divided, quoted: str, row: int | None, matches: Callable[[Part], list[Match]]
    ) -> Altered | None:  # fmt: skip
        """Return the nearest passage, in the document of `row` where it is close enough there; None where there is none."""
        if row is not None:
            found = self._find(divided, quoted, row, matches)
            if found is not None:
                return found
        return self._find(divided, quoted, None, matches)

    def likeness(self, quoted: str) -> float:
        """Return the share of the words' weight that the nearest passage has in common with the quotation."""
        passage = self._index.nearest(quoted_words(quoted, 0))
        return passage.likeness if passage else 0.0

    def _find(
        self, divided: Divided, quoted: str, row: int | None, matches: Callable[[Part], list[Match]]
    ) -> Altered | None:  # fmt: skip
        longest = max(divided.parts, key=lambda part: len(part.text))
        anchor = self._near(longest, quoted, row, matches)
        if anchor.place is None:
            return None
        own = self._haystack.documents.index(anchor.place[0])
        near = [anchor if p is longest else self._near(p, quoted, own, matches) for p in divided.parts]
        words = sum(n.words for n in near)
        if sum(n.words * n.likeness for n in near if n.place) < CLOSE_FROM * words:
            return None
        changes = [change for n in near for change in n.changes]
        changes += _out_of_order(divided.parts, near)
        return Altered(tuple(n.place for n in near if n.place), tuple(changes))

    def _near(self, part: Part, quoted: str, row: int | None, matches: Callable[[Part], list[Match]]) -> _Near:
        raw = quoted[part.start : part.start + len(part.text)].strip()
        words = quoted_words(part.text, part.start)
        count = sum(w.is_word for w in words)
        document = None if row is None else self._haystack.documents[row]
        exact = next((m for m in matches(part) if document in (None, m.document)), None)
        if exact is not None:
            setting = tuple(map(Change, typographic(exact, quoted)))
            return _Near(count, 1.0, (exact.document, exact.start, exact.end), setting)
        passage = self._index.nearest(words, row)
        if passage is None or passage.likeness < CLOSE_FROM:
            return _Near(count, 0.0, None, (Change(Difference("word", raw, ""), _stretch(part)),))
        return self._compared(passage, words, count, quoted)

    def _compared(self, passage: Passage, words: Sequence[Word], count: int, quoted: str) -> _Near:
        document = self._haystack.documents[passage.row]
        comparison = Comparison(self._haystack, document, self._lower, quoted, document.text)
        every = self._index.words[passage.row]
        first, last = passage.first, passage.last
        changes = comparison.changes(words, every[first:last])
        if not any(change.is_grave for change in changes):
            while first and every[first - 1].end == every[first].start:
                first -= 1
            while last < len(every) and every[last - 1].end == every[last].start:
                last += 1
            changes = comparison.changes(words, every[first:last])
        return _Near(count, passage.likeness, (document, every[first].start, every[last - 1].end), changes)


def _out_of_order(parts: Sequence[Part], near: Sequence[_Near]) -> list[Change]:
    """Return the parts that do not stand behind the one before them, where everything else is as it should be."""
    if any(change.is_grave for n in near for change in n.changes):
        return []
    return [Change(Difference("word", part.text.strip(), ""), _stretch(part)) for part in parts[1:]]


def _stretch(part: Part) -> tuple[int, int]:
    """Return where the part's words stand in the quotation, without the space around them."""
    start = part.start + len(part.text) - len(part.text.lstrip())
    return start, start + len(part.text.strip())
