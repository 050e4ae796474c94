"""Tell what the confidence of an answer means: what became of the questions it was measured on."""

from dataclasses import dataclass

from index.confidence import status
from index.domain import Answer
from index.opened import OpenedIndex


@dataclass(frozen=True, slots=True)
class Level:
    """How many of the questions asked with a confidence like this the article answers, wholly or in part.

    `elsewhere` tells that they were asked of other articles than these.
    """

    name: str
    questions: int
    answered: int
    partly: int
    elsewhere: bool

    @property
    def unanswered(self) -> int:
        """How many of them the article does not answer at all."""
        return self.questions - self.answered - self.partly


def level_of(index: OpenedIndex, answer: Answer) -> Level | None:
    """Return the level of an answer; None where none was measured, or the answer's state does not rest on its confidence."""
    shown = answer.passages or answer.nearest
    asked_of_questions = len(index.answered_rows) > 0 and not (shown and shown[0].role == "source")
    fitted = index.calibration.of("with_question_index" if asked_of_questions else "without_question_index")
    if answer.confidence == 0 or status(answer.confidence, fitted, may_claim=True) != answer.status:
        return None
    titles = {d.title for d in index.corpus.documents if d.kind == "article"}
    elsewhere = titles != set(fitted.made.get("articles", ()))
    for level in reversed(fitted.made.get("levels", ())):
        if level["from"] <= answer.confidence and (answer.confidence < level["to"] or level["to"] == 1):
            return Level(level["name"], level["questions"], level["answered"], level["partly"], elsewhere)
    return None
