"""Judge whether a passage is a hit, and whether the words marked in it are those that answer.

A passage is a hit when it holds a whole quote of the gold, or, for a question about a reference, when it
carries a note that points there or is the printed entry itself. Gold is quotes, so it survives any cutting.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.domain import Document, Highlight, Passage, Quotation, Role
from index.evaluation.domain import Question
from index.evaluation.wording import compact

Relevant = Callable[[Question], tuple[str, ...]]
"""Names all passages of an index that are hits for a question, by their `passage_id`."""

ENOUGH_MARKED = 0.5
"""The share of a quote's characters that marked words must cover, unless they lie inside it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a passage is a hit, and which numbered parts of the question it answers."""

    hit: bool
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What is judged of a passage: its compact text, its role and paragraph, the references that its notes point to."""

    text: str
    role: Role
    paragraph: int
    references: frozenset[int]


def judge(question: Question, quotation: Quotation) -> Judgement:
    """Judge a passage as it was quoted in an answer."""
    return _judge(question, _quoted(quotation))


def judge_passage(question: Question, document: Document, passage: Passage) -> Judgement:
    """Judge a passage of an index, as another system may have found it."""
    return _judge(question, _of_index(document, passage))


def completed_at(question: Question, judgements: Sequence[Judgement]) -> int | None:
    """Return the rank, from 1, at which the question, or the last of its parts, is answered; None where never."""
    missing = set(question.parts)
    for rank, judgement in enumerate(judgements, start=1):
        missing -= judgement.parts
        if judgement.hit and not missing:
            return rank
    return None


def is_marked(question: Question, quotation: Quotation) -> bool:
    """Say whether the marked words of a hit are the right ones.

    They cover half of a quote held there or lie inside one; where the hit is a note's, the note's marker stands
    in or right behind them; of a printed entry asked for, any words are right.
    """
    stretches = [_stretch(quotation.text, highlight) for highlight in quotation.highlights]
    places = [place for gold in question.answers for place in _places(compact(gold.quote), compact(quotation.text))]
    if places:
        return any(_marks(stretches, *place) for place in places)
    if quotation.role == "reference":
        return bool(quotation.highlights)
    asked = set(question.references)
    markers = [note.at for note in quotation.notes if asked & set(note.references)]
    return any(h.start < at <= h.end for h in quotation.highlights for at in markers)


def relevant_passages(documents: Iterable[Document], passages: Sequence[Passage]) -> Relevant:
    """Return what knows all passages of an index that are hits for a question."""
    texts = {document.id: document for document in documents}
    candidates = [(passage_id(p.document, p.start, p.end), _of_index(texts[p.document], p)) for p in passages]

    def relevant(question: Question) -> tuple[str, ...]:
        return tuple(id for id, candidate in candidates if _judge(question, candidate).hit)

    return relevant


def passage_id(document: str, start: int, end: int) -> str:
    """Return the passage's name in run files, a word without white space."""
    return f"{'_'.join(document.split())}:{start}-{end}"


def _judge(question: Question, candidate: _Candidate) -> Judgement:
    held = [gold for gold in question.answers if compact(gold.quote) in candidate.text]
    asked = frozenset(question.references)
    is_entry = candidate.role == "reference" and candidate.paragraph in asked
    parts = frozenset(gold.part for gold in held if gold.part is not None)
    return Judgement(bool(held or is_entry or asked & candidate.references), parts)


def _quoted(quotation: Quotation) -> _Candidate:
    references = frozenset(number for note in quotation.notes for number in note.references)
    return _Candidate(compact(quotation.text), quotation.role, quotation.paragraph, references)


def _of_index(document: Document, passage: Passage) -> _Candidate:
    inside = [note for note in document.notes if passage.start < note.at <= passage.end]
    references = frozenset(number for note in inside for number in note.references)
    return _Candidate(compact(document.text[passage.start : passage.end]), passage.role, passage.paragraph, references)


def _stretch(text: str, highlight: Highlight) -> tuple[int, int]:
    """Return a highlight's (start, end) in the compact text."""
    return len(compact(text[: highlight.start])), len(compact(text[: highlight.end]))


def _places(quote: str, text: str) -> list[tuple[int, int]]:
    places = []
    at = text.find(quote)
    while at >= 0:
        places.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return places


def _marks(stretches: list[tuple[int, int]], start: int, end: int) -> bool:
    if any(start <= s < e <= end for s, e in stretches):
        return True
    marked = {at for s, e in stretches for at in range(max(s, start), min(e, end))}
    return len(marked) >= ENOUGH_MARKED * (end - start)
