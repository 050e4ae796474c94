"""Run file and qrels that anyone can score again."""

from pathlib import Path

import ir_measures
import pytest
from ir_measures import RR, Success, nDCG

from index.evaluation.run import Companions, evaluate
from index.evaluation.trec import write_qrels, write_run
from tests.evaluation.making import answer, passage, question

ANSWERS = {
    "one?": answer(passage("no", start=0), passage("gold", start=10)),
    "two?": answer(passage("gold", start=10, document="a text"), passage("gold", start=30)),
    "none?": answer(),
    "not?": answer(passage("no")),
}
QUESTIONS = [question(q[:-1], *(["gold"] if q != "not?" else []), question=q) for q in ANSWERS]


def test_the_files_score_as_we_do(tmp_path: Path) -> None:
    """ir_measures on the files gives our own means to 1e-6."""
    relevant = Companions(relevant=lambda q: ("article:30-34",))
    evaluation = evaluate(QUESTIONS, lambda text, previous: ANSWERS[text], companions=relevant)
    write_run(tmp_path / "run.trec", evaluation)
    write_qrels(tmp_path / "qrels", evaluation)

    theirs = ir_measures.calc_aggregate(
        [Success @ 1, Success @ 3, RR, nDCG @ 10],
        list(ir_measures.read_trec_qrels(str(tmp_path / "qrels"))),
        list(ir_measures.read_trec_run(str(tmp_path / "run.trec"))),
    )

    ours = evaluation.groups["overall"][0].measures
    assert {str(m): value for m, value in theirs.items()} == pytest.approx(
        {name: ours[name].value for name in ("Success@1", "Success@3", "RR", "nDCG@10")}, abs=1e-6
    )


def test_the_lines_have_six_and_four_words(tmp_path: Path) -> None:
    """`qid Q0 docid rank score tag` and `qid 0 docid 1`; a question without gold has no qrels, one unanswered a `!`."""
    evaluation = evaluate(QUESTIONS, lambda text, previous: ANSWERS[text], system="my way")
    write_run(tmp_path / "run.trec", evaluation)
    write_qrels(tmp_path / "qrels", evaluation)

    run = (tmp_path / "run.trec").read_text().splitlines()
    qrels = (tmp_path / "qrels").read_text().splitlines()
    assert run[0] == "one Q0 article:0-2 1 1.000000 my_way"
    assert run[2] == "two Q0 a_text:10-14 1 1.000000 my_way"
    assert qrels == ["one 0 article:10-14 1", "two 0 a_text:10-14 1", "two 0 article:30-34 1", "none 0 ! 1"]
