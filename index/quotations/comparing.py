"""Compare a quotation with the passage nearest to it, word by word."""

from collections.abc import Iterable, Sequence

from index.domain import Document
from index.quotations.changes import Change, Stretch
from index.quotations.domain import Difference, DifferenceKind
from index.quotations.matching import Haystack, note_number
from index.quotations.normalising import LINE_HYPHEN, SUPERSCRIPTS, Canonical, canonical
from index.quotations.words import Word, kinds, words_of


class Comparison:
    """A quotation's words beside those of the passage, with what is needed to judge where they differ."""

    def __init__(
        self, haystack: Haystack, document: Document, lower: frozenset[str], quotation: str, text: str
    ) -> None:  # fmt: skip
        self._haystack, self._document, self._lower = haystack, document, lower
        self._quotation, self._text = quotation, text

    def changes(self, quoted: Sequence[Word], found: Sequence[Word]) -> tuple[Change, ...]:
        """Return the differences in the quotation's order, each with where it stands."""
        from rapidfuzz.distance import Levenshtein

        listed: list[Change] = []
        for step in Levenshtein.opcodes([w.key for w in quoted], [w.key for w in found]):
            said, stands = quoted[step.src_start : step.src_end], found[step.dest_start : step.dest_end]
            before = found[max(step.dest_start - 1, 0) : step.dest_start]
            if step.tag == "equal":
                listed += self._set_otherwise(said, stands, opens=step.src_start == 0)
            elif not self._only_note_numbers(said, stands, before):
                listed += self._changed(said, stands)
            else:
                listed.append(self._change("typography", said, stands))
        return tuple(listed)

    def _set_otherwise(self, said: Sequence[Word], stands: Sequence[Word], *, opens: bool) -> Iterable[Change]:
        """Yield what differs in case or in signs only."""
        for at, (one, other) in enumerate(zip(said, stands, strict=True)):
            raw = self._quotation[one.start : one.end], self._text[other.start : other.end]
            if one.text != other.text:
                first_letter = opens and at == 0 and one.text[1:] == other.text[1:]
                yield self._change("typography" if first_letter else "word", [one], [other])
            elif raw[0] != raw[1]:
                yield self._change("typography", [one], [other])

    def _changed(self, said: Sequence[Word], stands: Sequence[Word]) -> Iterable[Change]:
        """Yield a difference for each word where as many stand for as many; else one, and more for what it also changes."""
        if len(said) == len(stands):
            for one, other in zip(said, stands, strict=True):
                yield self._change(self._kinds([one], [other])[0], [one], [other])
            return
        gravest, *others = self._kinds(said, stands)
        yield self._change(gravest, said, stands)
        for kind in others:
            yield self._change(
                kind, [w for w in said if kind in self._kinds([w], [])], [w for w in stands if kind in self._kinds([w], [])]
            )  # fmt: skip

    def _kinds(self, said: Sequence[Word], stands: Sequence[Word]) -> list[DifferenceKind]:
        return kinds(said, stands, self._lower)

    def _only_note_numbers(self, said: Sequence[Word], stands: Sequence[Word], before: Sequence[Word]) -> bool:
        """Tell whether the quotation has only the document's own note number more, where the document has the note."""
        signs = set(SUPERSCRIPTS) | set("[]^0123456789")
        written = "".join(w.text for w in said)
        if len(said) == len(stands) == 1 and written.startswith(stands[0].text):
            written, at = written[len(stands[0].text) :], stands[0].end
        elif not stands and before:
            at = before[0].end
        else:
            return False
        if not written or not set(written) <= signs or not any(c.isdigit() for c in written):
            return False
        return self._haystack.note_at(self._document, note_number(written), at, at + 2)

    def _change(self, kind: DifferenceKind, said: Sequence[Word], stands: Sequence[Word]) -> Change:
        difference = Difference(kind, _between(self._quotation, said), _between(self._text, stands))
        return Change(difference, _stretch(said), _stretch(stands))


def quoted_words(text: str, offset: int) -> list[Word]:
    """Return the words of a part of a quotation, a word broken at a line's end whole again."""
    found = canonical(text)
    if LINE_HYPHEN in found.text:
        kept = [i for i, c in enumerate(found.text) if c != LINE_HYPHEN]
        found = Canonical(
            "".join(found.text[i] for i in kept), [found.starts[i] for i in kept], [found.ends[i] for i in kept]
        )  # fmt: skip
    return words_of(found, offset)


def _stretch(words: Sequence[Word]) -> Stretch | None:
    return (words[0].start, words[-1].end) if words else None


def _between(text: str, words: Sequence[Word]) -> str:
    return text[words[0].start : words[-1].end] if words else ""
