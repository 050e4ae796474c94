"""A whole evaluation of a system that answers by rote."""

from math import log2

import pytest

from index.domain import Answer
from index.errors import BadQuestion, CorpusError
from index.evaluation.domain import Question
from index.evaluation.figures import Evaluation
from index.evaluation.question_set import split_digest
from index.evaluation.run import Ask, Companions, evaluate, evaluate_ways
from tests.evaluation.making import answer, passage, question

QUESTIONS = (
    question("first", "gold", question="first?"),
    question("third", "gold", question="third?", kind="why_how", origin="blind", split="test"),
    question("lost", "gold", question="lost?", origin="blind"),
    question("part", "gold", question="part?", answerable="partly", previous=("first?",), dependent=True),
    question("false", question="false?", kind="false_premise", corrects="in truth", previous=("first?",)),
    question("off", question="off?", kind="off_topic"),
)
WRONG = [passage("nothing", start=n * 100) for n in range(10)]
GOLD = passage("It is gold.", start=5000, marked=((6, 10),))
UNMARKED = passage("It is gold.", start=5000, marked=((0, 5),))
ANSWERS = {
    "first?": answer(GOLD, *WRONG[:9], confidence=0.9),
    "third?": answer(*WRONG[:2], UNMARKED, status="related", confidence=0.6),
    "lost?": answer(status="not_found", confidence=0.1),
    "part?": answer(*WRONG[:1], GOLD, status="related", confidence=0.5),
    "false?": answer(passage("So it is in truth."), status="related", confidence=0.3),
    "off?": answer(*WRONG[:1], confidence=0.7),
}


def by_rote(question: str, previous: tuple[str, ...]) -> Answer:
    return ANSWERS[question]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(
        QUESTIONS,
        by_rote,
        companions=Companions(
            relevant=lambda q: ("article:5000-5011", "article:9000-9011") if q.answers else (),
            nearness=lambda text, previous: 0.95 if text == "first?" else 0.5,
            explain=lambda text, previous: {"sentence": 0.25},
        ),
    )


def figures(evaluation: Evaluation, by: str, name: str) -> dict[str, float]:
    return next({m: e.value for m, e in g.measures.items()} for g in evaluation.groups[by] if g.name == name)


def test_the_means_are_over_the_answerable(evaluation: Evaluation) -> None:
    """Ranks 1, 3 and none: a question with no result scores zero and stays in every mean, `partly` is apart."""
    overall = figures(evaluation, "overall", "all")

    assert overall["Success@1"] == pytest.approx(1 / 3)
    assert overall["Success@3"] == pytest.approx(2 / 3)
    assert overall["RR"] == pytest.approx((1 + 1 / 3 + 0) / 3)
    ideal = 1 + 1 / log2(3)
    assert overall["nDCG@10"] == pytest.approx((1 / ideal + 0.5 / ideal + 0) / 3, abs=1e-6)
    assert overall["Marked"] == pytest.approx(1 / 3)
    assert figures(evaluation, "answerable", "partly")["RR"] == 0.5
    assert figures(evaluation, "answerable", "yes and partly")["RR"] == pytest.approx((1 + 1 / 3 + 0 + 1 / 2) / 4)


def test_groups_by_kind_origin_turn_and_nearness(evaluation: Evaluation) -> None:
    """Each question is in one group of each sort, the measures over the answerable of the group."""
    assert figures(evaluation, "kind", "why_how")["RR"] == pytest.approx(1 / 3)
    assert figures(evaluation, "origin", "blind")["RR"] == pytest.approx(1 / 6)
    assert {g.name: g.questions for g in evaluation.groups["turn"]} == {
        "first or only turn": 4, "dependent follow-up": 1, "independent follow-up": 1,
    }  # fmt: skip
    assert figures(evaluation, "nearest indexed question", "cosine above 0.9")["RR"] == 1
    assert figures(evaluation, "nearest indexed question", "cosine up to 0.9")["RR"] == pytest.approx(1 / 6)


def test_states_by_answerable(evaluation: Evaluation) -> None:
    """The three states' rates sum to one for what is answerable, in part and not."""
    states = evaluation.groups["overall"][0].states

    shares = {a: (s.answered.value, s.related.value, s.not_found.value) for a, s in states.items()}
    assert shares["yes"] == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert shares["partly"] == (0, 1, 0)
    assert shares["no"] == (0.5, 0.5, 0)


def test_the_confidence_is_measured(evaluation: Evaluation) -> None:
    """AUROC of .9 .6 .1 against .7 .3 is 3 of 6 pairs; `partly` is in its own figure only."""
    silence = evaluation.silence

    assert silence.auroc is not None
    assert silence.auroc_partly is not None
    assert silence.auroc.value == pytest.approx(3 / 6)
    assert silence.auroc_partly.value == pytest.approx(1 / 2)
    assert [c.claimed for c in silence.claims] == pytest.approx([1 / 3, 1 / 3])
    assert [round(r, 3) for _, r in silence.curve] == [0, 0.5, 0.333, 0.5, 0.6]
    assert sum(b.questions for b in silence.bins) == 5


def test_a_false_premise_may_be_corrected(evaluation: Evaluation) -> None:
    """That the correction stands among the first three is measured over the premises that have one."""
    assert figures(evaluation, "answerable", "no") == {"Corrected@3": 1}
    assert figures(evaluation, "overall", "all")["Corrected@3"] == 1


def test_failures_say_how(evaluation: Evaluation) -> None:
    """Each question that went wrong has its reasons, what was expected, what came first and the score's parts."""
    failures = {f.id: f for f in evaluation.failures}

    assert set(failures) == {"third", "lost", "part", "off"}
    assert failures["third"].reasons == ("It is answered only with passage 3.",)
    assert failures["lost"].reasons == (
        "The first 10 passages do not answer it.", "It is called not found though it is answered.",
    )  # fmt: skip
    assert failures["off"].reasons == ("It claims an answer where there is none.",)
    assert (failures["third"].expected, failures["third"].first, failures["third"].first_at) == (
        ("gold",), "nothing", "article:0-7",
    )  # fmt: skip
    assert failures["off"].parts == {"sentence": 0.25}
    assert failures["lost"].first == ""


def test_the_right_passage_with_the_wrong_words_is_a_failure() -> None:
    """Words that do not answer may not be marked without anybody hearing of it."""
    result = evaluate([question("q", "gold")], lambda text, previous: answer(UNMARKED))

    assert result.failures[0].reasons == ("The right passage is first, but other words are marked in it.",)


def test_the_nearest_are_judged_where_nothing_is_found() -> None:
    """A ranking is judged whatever its state, so that silence and ranking are measured apart."""
    result = evaluate([question("q", "gold")], lambda text, previous: answer(GOLD, status="not_found"))

    assert figures(result, "overall", "all")["Success@1"] == 1


def test_only_ten_passages_count() -> None:
    """What stands after the tenth passage is not looked at."""
    result = evaluate([question("q", "gold")], lambda text, previous: answer(*WRONG, GOLD))

    assert figures(result, "overall", "all")["RR"] == 0


def test_previous_questions_are_handed_on() -> None:
    """A follow-up is asked with the questions before it."""
    heard: list[tuple[str, tuple[str, ...]]] = []

    def ask(text: str, previous: tuple[str, ...]) -> Answer:
        heard.append((text, previous))
        return answer()

    evaluate([question("q", "gold", question="and then?", previous=("what?",))], ask)

    assert heard == [("and then?", ("what?",))]


def test_the_evaluation_says_what_was_asked(evaluation: Evaluation) -> None:
    """Splits, digest, index and latency are on record."""
    assert (evaluation.split, evaluation.digest) == ("dev+test", split_digest(QUESTIONS))
    assert evaluation.index.fingerprint == "f1"
    assert 0 <= evaluation.latency.p50_ms <= evaluation.latency.p95_ms


def test_a_question_that_cannot_be_asked_is_a_fault_of_the_set() -> None:
    """The error names the question, and no question at all is an error too."""

    def refuse(text: str, previous: tuple[str, ...]) -> Answer:
        raise BadQuestion("The question is empty.")

    with pytest.raises(CorpusError, match="question q on line 7: The question is empty"):
        evaluate([question("q", "gold", line=7)], refuse)
    with pytest.raises(CorpusError, match="no question to evaluate"):
        evaluate([], refuse)


@pytest.mark.parametrize("questions", [QUESTIONS[:1], QUESTIONS[3:4], QUESTIONS[5:]])
def test_a_set_of_one_sort_can_be_evaluated(questions: tuple[Question, ...]) -> None:
    """Only answerable, only partly or only unanswerable questions: what cannot be said is absent, never a NaN."""
    result = evaluate(questions, by_rote)

    assert result.silence.auroc is None
    assert result.groups["overall"][0].questions == 1


def test_ways_are_compared_each_with_the_one_before() -> None:
    """Systems come in their order with a comparison between neighbours, and progress is told."""
    told: list[tuple[str, int, int]] = []
    ways: dict[str, Ask] = {"none": lambda text, previous: answer(), "late": by_rote, "full": by_rote}

    result = evaluate_ways(QUESTIONS, ways, progress=lambda *step: told.append(step))

    assert [e.system for e in result.evaluations] == ["none", "late", "full"]
    assert [(s.before, s.after) for s in result.steps] == [("none", "late"), ("late", "full")]
    assert result.steps[1].differences[0].p == 1
    assert told[0] == ("asking none", 1, 6)
    assert told[-1] == ("asking full", 6, 6)
