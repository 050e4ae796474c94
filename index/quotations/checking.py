"""Check a draft: every quotation in it against every document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.domain import Document, Reference
from index.errors import BadDraft
from index.limits import LONGEST_DRAFT
from index.quotations.altered import Altered, NearestPassages
from index.quotations.chains import Chain, chains, set_aside
from index.quotations.changes import Change, changed_in_quotation, differences_of
from index.quotations.claims import claimed_paragraphs
from index.quotations.domain import CheckedDraft, CheckedQuotation, FoundPlace, Verdict
from index.quotations.matching import Haystack, Match
from index.quotations.nearest import WordIndex
from index.quotations.needles import needle
from index.quotations.parts import Divided, Part, divided, undivided
from index.quotations.placing import Placing
from index.quotations.quoted import count_words, quoted_stretches
from index.quotations.typography import typographic
from index.quotations.words import lower_words

FEWEST_IN_A_PART = 2
"""Words: a part of fewer stands in every text, so a quotation of nothing else is no quotation."""

MOST_PARTS = 40
"""Parts of one quotation; more than these are nobody's words any more."""

_PROSE = ("article", "source")
"""The documents without addresses, which write every name small."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A quotation as it stands in a document, part by part, and what differs."""

    chain: Chain
    changes: tuple[Change, ...]

    @property
    def document(self) -> Document:
        """Return the document."""
        return self.chain[0].document

    @property
    def is_exact(self) -> bool:
        """Tell whether nothing differs that matters."""
        return not any(change.is_grave for change in self.changes)

    def comes_after(self, asked: str | None) -> tuple[bool, bool]:
        """Return its rank: what is claimed from a document stands there first, and the editors' words stand last."""
        return self.document.id != asked, self.document.kind == "annotation"


class Checker:
    """The documents, prepared once, with the references that their notes lead to; several threads may ask at a time."""

    def __init__(self, documents: Sequence[Document], references: Sequence[Reference] = ()) -> None:
        self._haystack = Haystack(documents)
        index = WordIndex(documents, self._haystack.canonicals)
        texts = zip(documents, index.words, strict=True)
        self._lower = lower_words(words for d, words in texts if d.kind in _PROSE)
        self._nearest = NearestPassages(self._haystack, index, self._lower)
        self._placing = Placing(references)
        self._rows = {d.id: row for row, d in enumerate(documents)}

    def check(self, draft: str, document: str | None = None) -> CheckedDraft:
        """Return every quotation of the draft with its verdict; raise BadDraft where there is nothing to check.

        `document` is the id of the one that they are claimed from, where that is known.
        """
        if len(draft) > LONGEST_DRAFT:
            raise BadDraft(f"The draft is longer than {LONGEST_DRAFT:,} characters; check it in parts.")
        if not any(c.isalnum() for c in draft):
            raise BadDraft("There is no word to check; paste a quotation or a draft.")
        if document is not None and document not in self._rows:
            raise BadDraft("There is no document with this id to check against.")
        checked: dict[str, CheckedQuotation] = {}
        quotations = []
        for start, end in quoted_stretches(draft):
            quoted = draft[start:end]
            if quoted not in checked:
                checked[quoted] = self._checked(quoted, document)
            claimed = claimed_paragraphs(draft, end)
            quotations.append(replace(checked[quoted], start=start, end=end, claimed_paragraphs=claimed))
        return CheckedDraft(tuple(quotations))

    def _checked(self, quoted: str, asked: str | None) -> CheckedQuotation:
        standings = self._standings(quoted)
        standings.sort(key=lambda s: s.comes_after(asked))
        exact = [s for s in standings if s.is_exact]
        if exact:
            first = exact[0]
            verdict: Verdict = "exact" if asked in (None, first.document.id) else "elsewhere"
            places = [place for s in exact for place in self._placing.of_chain(s.chain)]
            return _result(quoted, verdict, places, first.changes)
        if standings:
            first = standings[0]
            return _result(quoted, "altered", self._placing.of_chain(first.chain, first.changes), first.changes)
        altered = self._altered(quoted, asked)
        if altered is None:
            return _result(quoted, "not_found", (), ())
        return _result(quoted, "altered", self._placing.of_altered(altered), altered.changes)

    def _standings(self, quoted: str) -> list[_Standing]:
        """Return where the quotation stands as it is written, or else part by part."""
        whole = undivided(quoted)
        found = self._followed(whole, quoted)
        if found:
            return found
        parts = divided(quoted)
        if parts == whole or not _is_supported(parts) or len(parts.parts) > MOST_PARTS:
            return []
        return self._followed(parts, quoted)

    def _followed(self, parts: Divided, quoted: str) -> list[_Standing]:
        places: dict[Part, list[Match]] = {}
        for part in parts.parts:
            places[part] = self._find(part)
            if not places[part]:
                return []
        return [_Standing(chain, tuple(self._changes(parts, chain, quoted))) for chain in chains(parts, places)]

    def _find(self, part: Part) -> list[Match]:
        return list(self._haystack.find(needle(part, self._haystack.note_numbers)))

    def _changes(self, parts: Divided, chain: Chain, quoted: str) -> Iterable[Change]:
        for match in chain:
            yield from map(Change, typographic(match, quoted))
        yield from set_aside(parts, chain, self._lower, quoted)

    def _altered(self, quoted: str, asked: str | None) -> Altered | None:
        parts = divided(quoted)
        if not _is_supported(parts):
            return None
        if len(parts.parts) > MOST_PARTS:
            parts = undivided(quoted)
        find = self._find if len(parts.parts) > 1 else _nowhere
        return self._nearest.find(parts, quoted, None if asked is None else self._rows[asked], find)


def _nowhere(part: Part) -> list[Match]:
    """Return no place: a quotation of one part has been looked for as a whole."""
    return []


def _is_supported(parts: Divided) -> bool:
    return len(parts.parts) == 1 or any(count_words(p.text) >= FEWEST_IN_A_PART for p in parts.parts)


def _result(
    quoted: str, verdict: Verdict, places: Sequence[FoundPlace], changes: Sequence[Change]
) -> CheckedQuotation:  # fmt: skip
    document = places[0].document if places else None
    changed = changed_in_quotation(changes)
    return CheckedQuotation(
        quoted, 0, len(quoted), verdict, document, tuple(places), differences_of(changes), changed
    )  # fmt: skip
