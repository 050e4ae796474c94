"""Say in words how an outcome went wrong: the wrong passage, the wrong words, a false claim or a false silence."""

from index.domain import Answer, Quotation
from index.evaluation.domain import Failure, Outcome, Question
from index.evaluation.judging import passage_id
from index.evaluation.measures import CORRECTED, DEPTH, MARKED


def reasons(outcome: Outcome) -> tuple[str, ...]:
    """Return how the outcome went wrong; empty where it did not."""
    found = outcome.measures
    said = []
    if outcome.answerable == "no":
        if outcome.status == "answered":
            said.append("It claims an answer where there is none.")
        if found.get(CORRECTED) == 0:
            said.append("What corrects the premise is not among the first three passages.")
        return tuple(said)
    if found["RR"] == 0:
        said.append(f"The first {DEPTH} passages do not answer it.")
    elif found["Success@1"] == 0:
        said.append(f"It is answered only with passage {round(1 / found['RR'])}.")
    elif found[MARKED] == 0:
        said.append("The right passage is first, but other words are marked in it.")
    if outcome.answerable == "yes" and outcome.status == "not_found":
        said.append("It is called not found though it is answered.")
    return tuple(said)


def failure_of(outcome: Outcome, question: Question, answer: Answer, parts: dict[str, float]) -> Failure:
    """Return the failure with what was expected and what came first."""
    ranking = answer.passages or answer.nearest
    return Failure(
        id=outcome.id, question=outcome.question, previous=outcome.previous, searched=answer.searched,
        kind=outcome.kind, answerable=outcome.answerable, status=outcome.status, confidence=outcome.confidence,
        reasons=reasons(outcome), expected=_expected(question), first=ranking[0].text if ranking else "",
        first_at=_place(ranking[0]) if ranking else "", parts=parts,
    )  # fmt: skip


def _expected(question: Question) -> tuple[str, ...]:
    quotes = (f"({gold.part}) {gold.quote}" if gold.part is not None else gold.quote for gold in question.answers)
    notes = (f"note or reference {number}" for number in question.references)
    corrects = (question.corrects,) if question.corrects else ()
    return (*quotes, *notes, *corrects)


def _place(quotation: Quotation) -> str:
    return passage_id(quotation.document.id, quotation.start, quotation.end)
