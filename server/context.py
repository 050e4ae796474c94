"""Find the sentences around a passage, of a publisher's text no more than its document page would show with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.domain import Corpus, Document, Quotation
from index.passages import sentences
from server.documents import BadStretch, view_document

STEPS = (0, 2, 5)
"""Sentences before and after that a reader is led through."""
MOST = STEPS[-1]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a passage in its section, by paragraph, as it stands there.

    `wider` and `narrower` say how many sentences to ask for instead, none where there are no more or no fewer;
    a text that `opens_inside` or `ends_inside` is cut in mid-sentence.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    wider: int | None
    narrower: int | None
    opens_inside: bool
    ends_inside: bool


def context_of(corpus: Corpus, passage: Quotation, count: int, *, private_use: bool) -> Context:
    """Return `count` sentences before the passage and as many after it, or as many as there are."""
    document = corpus.document(passage.document.id)
    first, last = _bounds(corpus, document, passage, private_use=private_use)
    stretches = (_stretches(document, first, passage.start), _stretches(document, passage.end, last))
    before, after = (_sentences(document, found) if count else [] for found in stretches)
    shown = before[-count:], after[:count]
    remaining = any(stretches) if not count else len(before) > count or len(after) > count
    return Context(
        before=_texts(document, shown[0]), after=_texts(document, shown[1]),
        wider=next((step for step in STEPS if step > count), None) if remaining else None,
        narrower=next((step for step in reversed(STEPS) if step < count), None),
        opens_inside=any(span[0] == first and _inside(document, first) for span in shown[0]),
        ends_inside=any(span[1] == last and _inside(document, last) for span in shown[1]),
    )  # fmt: skip


def _bounds(corpus: Corpus, document: Document, passage: Quotation, *, private_use: bool) -> Span:
    """Return from where to where text may be shown: the passage's section, of a publisher's text what its page shows."""
    nothing = passage.start, passage.end
    if passage.role in ("reference", "metadata"):
        return nothing
    if document.kind == "source":
        try:
            view = view_document(corpus, document.id, *nothing, private_use=private_use)
        except BadStretch:
            return nothing
        first, last = view.start, view.end
    else:
        first, last = 0, len(document.text)
    section = _section(document, passage)
    return max(first, section[0]), min(last, section[1])


def _section(document: Document, passage: Quotation) -> Span:
    """Return the paragraphs on either side that stand under the same heading and are of the same role."""
    runs = groupby(document.paragraphs, key=lambda p: (p.section, p.role))
    paragraphs = next(own for own in (list(run) for _, run in runs) if own[-1].end >= passage.end)
    return paragraphs[0].start, paragraphs[-1].end


def _stretches(document: Document, first: int, last: int) -> list[Span]:
    """Return what each paragraph has between these offsets."""
    clipped = ((max(p.start, first), min(p.end, last)) for p in document.paragraphs)
    return [(start, end) for start, end in clipped if document.text[start:end].strip()]


def _sentences(document: Document, stretches: Iterable[Span]) -> list[Span]:
    return [
        (start + first, start + last)
        for start, end in stretches
        for first, last in sentences(document.text[start:end])
    ]  # fmt: skip


def _texts(document: Document, spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the sentences as they stand, those of one paragraph together."""
    paragraphs = groupby(spans, key=lambda span: next(p.number for p in document.paragraphs if p.end >= span[1]))
    together = [[*run] for _, run in paragraphs]
    return tuple(document.text[run[0][0] : run[-1][1]] for run in together)


def _inside(document: Document, offset: int) -> bool:
    """Tell whether this offset is neither the beginning nor the end of a paragraph."""
    return not any(offset in (p.start, p.end) for p in document.paragraphs)
