"""Make questions and answers for the tests of the evaluation."""

from typing import Any

from index.domain import Answer, DocumentLink, Highlight, IndexIdentity, Note, Quotation, Role, Status, Target
from index.evaluation.domain import Gold, Outcome, Question


def question(id: str = "q1", *quotes: str, parts: tuple[int, ...] = (), **fields: Any) -> Question:
    """Make a question whose gold is these quotes, numbered by `parts` where there are any."""
    numbers = parts or (None,) * len(quotes)
    answers = tuple(Gold(quote, part) for quote, part in zip(quotes, numbers, strict=True))
    answerable = fields.pop("answerable", "yes" if quotes or fields.get("references") else "no")
    plain = {"question": f"What of {id}?", "kind": "fact", "split": "dev", "origin": "close"}
    return Question(id=id, answers=answers, answerable=answerable, **(plain | fields))


def passage(
    text: str, *, start: int = 0, document: str = "article", role: Role = "body", paragraph: int = 1,
    marked: tuple[tuple[int, int], ...] = (), notes: tuple[tuple[int, int], ...] = (), score: float = 0.5,
) -> Quotation:  # fmt: skip
    """Make a passage with marked stretches and notes as (at, reference)."""
    return Quotation(
        number=1, text=text, highlights=tuple(Highlight(*stretch) for stretch in marked),
        document=DocumentLink(document, "The Title", "article", "0" * 64, "article"), role=role, start=start,
        end=start + len(text), section=None, paragraph=paragraph,
        notes=tuple(Note(number, at, "a note", (number,)) for at, number in notes), citation="", url="",
        score=score, also_at=(), target=Target("", ()),
    )  # fmt: skip


def answer(*passages: Quotation, status: Status = "answered", confidence: float = 0.9, searched: str = "") -> Answer:
    """Make an answer of these passages; where it is not found they are the nearest."""
    found = status != "not_found"
    return Answer(
        question="", searched=searched, status=status, confidence=confidence, passages=passages if found else (),
        nearest=() if found else passages, references=(), not_searched=(), related_questions=(), degraded=(),
        index=IndexIdentity("f1", "toy"),
    )  # fmt: skip


def outcome(id: str = "q1", *, rr: float = 1.0, answerable: str = "yes", **fields: Any) -> Outcome:
    """Make the outcome of a question that is answered at rank 1/rr."""
    hits = {f"Success@{k}": float(rr > 0 and 1 / rr <= k) for k in (1, 3, 5)}
    measures = {} if answerable == "no" else {**hits, "RR": rr, "nDCG@10": rr, "Marked": float(rr > 0)}
    plain = {
        "question": f"What of {id}?", "kind": "fact", "origin": "close", "previous": (), "dependent": False,
        "status": "answered", "confidence": 0.5, "latency_ms": 1.0, "measures": measures, "ranking": (), "relevant": (),
    }  # fmt: skip
    return Outcome(id=id, answerable=answerable, **(plain | fields))
