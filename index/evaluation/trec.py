"""Write what was found and what is relevant in TREC's formats, so that anyone can score it again."""

from pathlib import Path

from index.evaluation.domain import Outcome
from index.evaluation.figures import Evaluation


def write_run(path: Path, evaluation: Evaluation) -> None:
    """Write `qid Q0 docid rank score tag` lines; docid is "document:start-end".

    The score is 1/rank: trec_eval orders by score and would break ties of confidence by name.
    """
    tag = "_".join(evaluation.system.split())
    lines = (
        f"{outcome.id} Q0 {id} {rank} {1 / rank:.6f} {tag}\n"
        for outcome in evaluation.outcomes
        for rank, id in enumerate(outcome.ranking, start=1)
    )
    path.write_text("".join(lines), encoding="utf-8")


def write_qrels(path: Path, evaluation: Evaluation) -> None:
    """Write `qid 0 docid 1` lines for every question with gold; one that no passage answers gets the docid `!`.

    Of a question in parts every passage that answers one of them is relevant; Success and RR of such a question
    ask for all of its parts and cannot be had from qrels.
    """
    lines = (f"{o.id} 0 {id} 1\n" for o in evaluation.outcomes if o.answerable != "no" for id in _relevant(o))
    path.write_text("".join(lines), encoding="utf-8")


def _relevant(outcome: Outcome) -> tuple[str, ...]:
    return outcome.relevant or ("!",)
