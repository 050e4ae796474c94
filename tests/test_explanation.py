import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from index.domain import Answer
from index.explanation import NEIGHBOURS, NOTICE, Explanation, explain
from index.followups import Searched
from index.neighbours import NONE
from index.searcher import Searcher
from tests.conftest import QUESTIONS

ASKED = [*(question["question"] for question in QUESTIONS), "Which newspaper does note 2 cite?", "Do zebras swim?"]


@pytest.mark.parametrize("question", ASKED)
def test_features_make_the_confidence(toy_searcher: Searcher, question: str) -> None:
    """Intercept and contributions add up to the logit, whose logistic function is the confidence of the answer."""
    answer = toy_searcher.ask(question)
    explanation = explain(toy_searcher, answer)
    weights = toy_searcher.index.calibration.of(explanation.fit).coefficients

    assert explanation.logit == pytest.approx(explanation.intercept + sum(f.contribution for f in explanation.features))
    assert answer.confidence == pytest.approx(1 / (1 + math.exp(-explanation.logit)), abs=1e-4)
    assert {f.name: f.coefficient for f in explanation.features if f.name in weights}.items() <= weights.items()
    assert all(f.contribution == f.value * f.coefficient for f in explanation.features)
    assert [abs(f.contribution) for f in explanation.features] == sorted(
        (abs(f.contribution) for f in explanation.features), reverse=True
    )


@pytest.mark.parametrize("question", ASKED)
def test_parts_are_those_of_the_passages_shown(toy_searcher: Searcher, question: str) -> None:
    """Each passage that the answer shows has the parts of its score under its number."""
    answer = toy_searcher.ask(question, k=3)
    explanation = explain(toy_searcher, answer)
    _, hits = toy_searcher.find(Searched(question))
    shown = answer.passages or answer.nearest
    passages = toy_searcher.index.passages
    parts = {(passages[hit.passage].document, passages[hit.passage].start): hit.parts for hit in hits}

    assert [(p.number, p.score) for p in explanation.passages] == [(q.number, q.score) for q in shown]
    assert [p.parts for p in explanation.passages] == [parts[q.document.id, q.start] for q in shown]


def test_neighbours_are_the_nearest_indexed_questions(toy_searcher: Searcher) -> None:
    """Answered questions and gaps stand apart, the nearest first; one asked word for word is as near as can be."""
    question, other = QUESTIONS[1]["question"], QUESTIONS[3]["question"]
    answered, gap = (explain(toy_searcher, toy_searcher.ask(q)) for q in (question, other))

    assert (answered.answered[0].question, answered.answered[0].nearness) == (question, pytest.approx(1, abs=1e-3))
    assert (gap.gaps[0].question, gap.gaps[0].kind) == (other, "gap")
    assert len(answered.answered) <= NEIGHBOURS
    assert all(n.kind != "gap" for n in answered.answered)
    assert [n.nearness for n in answered.answered] == sorted((n.nearness for n in answered.answered), reverse=True)


def test_explaining_changes_nothing(toy_searcher: Searcher) -> None:
    """An answer is the same before and after it is explained, and no explanation stands in it."""
    dump = TypeAdapter(Answer).dump_json
    before = toy_searcher.ask(ASKED[0])
    explanation = explain(toy_searcher, before)

    assert dump(toy_searcher.ask(ASKED[0])) == dump(before)
    assert NOTICE.encode() not in dump(before)
    assert TypeAdapter(Explanation).validate_json(TypeAdapter(Explanation).dump_json(explanation)) == explanation


def test_no_passage_means_no_feature(toy_searcher: Searcher) -> None:
    """Where nothing was found there is nothing to weigh, and without a question index there are no neighbours."""
    answer = replace(toy_searcher.ask("Zebras?"), nearest=(), passages=())
    nothing: Any = SimpleNamespace(
        index=toy_searcher.index, complete=toy_searcher.complete, find=lambda searched: (SimpleNamespace(neighbours=NONE), [])
    )
    explanation = explain(nothing, answer)

    assert (explanation.passages, explanation.features, explanation.answered, explanation.gaps) == ((), (), (), ())
    assert explanation.fit == "without_question_index"
    assert explanation.logit == explanation.intercept
