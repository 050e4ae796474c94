"""Follow the parts of a quotation through a document: in their order, and near each other."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from index.quotations.changes import Change, Stretch
from index.quotations.domain import Difference, DifferenceKind
from index.quotations.matching import Match
from index.quotations.normalising import canonical
from index.quotations.parts import Divided, Part
from index.quotations.quoted import count_words
from index.quotations.words import is_negation, kinds, words_of

NEAR = 2000
"""Characters that `…` may stand for, about two paragraphs; parts that are farther apart are two quotations."""

NEAR_FOR_A_WORD = 150
"""Times the square of the shorter part's words: the fewer there are, the less says that the parts belong together."""

MOST_REPLACED = 5
"""Words that `[words]` may stand in place of; nobody replaces a sentence so."""

SHOWN_OF_A_SOURCE = 200
"""Characters that are shown of what was left out of a publisher's text."""

FEW_LEFT_OUT = 3
"""Words: a denial among so few that `…` stands for is what was meant to be left out."""

Chain = tuple[Match, ...]
_SENTENCE_ENDS = frozenset('.!?:”"')
_DENYING_BEGINNINGS = [[beginning] for beginning in ("un", "im", "il", "ir", "dis", "non")]
_SET_ASIDE = ("digit", "negation")
_REPLACED = ("digit", "negation", "name")


def chains(divided: Divided, places: Mapping[Part, Sequence[Match]]) -> list[Chain]:
    """Return every way in which the parts stand one after the other, one for each place of the first part."""
    first, *others = divided.parts
    ordered = {part: _by_document(places[part]) for part in others}
    found: list[Chain] = []
    for match in places[first]:
        chain = [match]
        for part in others:
            follower = _following(ordered[part].get(match.document.id, []), chain[-1], part)
            if follower is None:
                break
            chain.append(follower)
        else:
            found.append(tuple(chain))
    return found


def _by_document(matches: Sequence[Match]) -> dict[str, list[Match]]:
    grouped: dict[str, list[Match]] = {}
    for match in matches:
        grouped.setdefault(match.document.id, []).append(match)
    return grouped


def _following(matches: Sequence[Match], after: Match, part: Part) -> Match | None:
    """Return the first of the matches that begins behind the other, where it is near."""
    at = bisect_left(matches, after.end, key=lambda m: m.start)
    if at == len(matches) or matches[at].start - after.end > _near(after, matches[at]):
        return None
    between = after.document.text[after.end : matches[at].start]
    return matches[at] if part.follows_gap or count_words(between) <= MOST_REPLACED else None


def _near(after: Match, follower: Match) -> int:
    words = min(count_words(match.document.text[match.start : match.end]) for match in (after, follower))
    return min(NEAR, NEAR_FOR_A_WORD * words**2)


def set_aside(divided: Divided, chain: Chain, lower: frozenset[str], quotation: str) -> Iterable[Change]:
    """Yield what the quoter left out and put in; what puts in or hides a number, a denial or a name is called that."""
    before: Match | None = None
    at = 0
    for part, match in zip(divided.parts, chain, strict=True):
        stands, between = _left_out(before, match)
        if part.follows_gap and before:
            left_out = Difference("negation" if _hides_denial(stands) else "omitted", "…", _shown(stands, match))
            yield Change(left_out, _stripped(quotation, at, part.start), between)
        for words in part.before:
            put_in = _put_in(words, "" if part.follows_gap else stands, lower, opens=before is None or _ends_sentence(before))
            yield Change(put_in, _stretch(words, quotation, at), between if put_in.found else None)
        before, at = match, part.start + len(part.text)
    for words in divided.behind:
        yield Change(_put_in(words, "", lower), _stretch(words, quotation, at))


def _left_out(before: Match | None, match: Match) -> tuple[str, Stretch | None]:
    """Return what the document has between two parts, and where."""
    between = _stripped(match.document.text, before.end, match.start) if before else None
    return (match.document.text[slice(*between)] if between else ""), between


def _stretch(words: str, quotation: str, at: int) -> Stretch | None:
    """Return where the words that the quoter put in stand behind `at`."""
    start = quotation.find(words, at)
    return (start, start + len(words)) if start >= 0 else None


def _stripped(text: str, start: int, end: int) -> Stretch | None:
    bare = text[start:end].strip()
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    return (first, first + len(bare)) if bare else None


def _hides_denial(stands: str) -> bool:
    """Tell whether little else than a denial was left out."""
    words = [w for w in words_of(canonical(stands, is_document=True)) if w.is_word]
    return len(words) <= FEW_LEFT_OUT and any(is_negation(w.key) for w in words)


def _ends_sentence(match: Match) -> bool:
    return match.document.text[: match.end].rstrip()[-1:] in _SENTENCE_ENDS


def _put_in(words: str, stands: str, lower: frozenset[str], *, opens: bool = True) -> Difference:
    said = words_of(canonical(words.replace("[", " ").replace("]", " ")))
    instead = words_of(canonical(stands, is_document=True))
    instead = [replace(w, opens_sentence=w.opens_sentence and (at > 0 or opens)) for at, w in enumerate(instead)]
    grave: list[DifferenceKind] = [k for k in kinds(said, [], lower) if k in _SET_ASIDE]
    grave += [k for k in kinds([], instead, lower) if k in _REPLACED] if instead else []
    grave += ["negation"] if [w.key for w in said] in _DENYING_BEGINNINGS else []
    return Difference(grave[0] if grave else "inserted", words, stands)


def _shown(stands: str, match: Match) -> str:
    if match.document.kind != "source" or len(stands) <= SHOWN_OF_A_SOURCE:
        return stands
    half = SHOWN_OF_A_SOURCE // 2
    return f"{stands[:half].rstrip()} […] {stands[-half:].lstrip()}"
