"""The ranking measures against numbers worked out by hand."""

from math import log2

import pytest

from index.evaluation.measures import RANKING, Judged, ranking_measures

TEN = tuple(f"d{n}" for n in range(1, 11))


def measured(ranking: tuple[str, ...], relevant: tuple[str, ...], completed_at: int | None) -> dict[str, float]:
    return ranking_measures([Judged("q", ranking, relevant, completed_at)])["q"]


@pytest.mark.parametrize(
    ("rank", "successes"),
    [(1, (1, 1, 1)), (2, (0, 1, 1)), (3, (0, 1, 1)), (4, (0, 0, 1)), (5, (0, 0, 1)), (6, (0, 0, 0))],
)
def test_success_and_reciprocal_rank(rank: int, successes: tuple[int, int, int]) -> None:
    """Success@k is 1 when the question is answered among the first k, RR is one over the rank."""
    found = measured(TEN, (f"d{rank}",), rank)

    assert (found["Success@1"], found["Success@3"], found["Success@5"]) == successes
    assert found["RR"] == pytest.approx(1 / rank)
    assert found["nDCG@10"] == pytest.approx(1 / log2(rank + 1), abs=1e-6)


def test_ndcg_by_hand() -> None:
    """Hits at 2 and 5, and a third in the index that was not found: DCG over the ideal of three."""
    dcg = 1 / log2(3) + 1 / log2(6)
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)

    found = measured(TEN, ("d2", "d5", "elsewhere"), 2)

    assert found["nDCG@10"] == pytest.approx(dcg / ideal, abs=1e-6)


def test_the_ideal_is_cut_at_ten() -> None:
    """Where more than ten passages are relevant, ten of them at the top are perfect."""
    assert measured(TEN, (*TEN, "d11", "d12"), 1)["nDCG@10"] == pytest.approx(1)


def test_parts_count_for_success_with_the_last_and_for_ndcg_each() -> None:
    """A question answered in full at 4 has RR ¼, while the hit at 1 already gains."""
    found = measured(TEN, ("d1", "d4"), 4)

    assert (found["Success@3"], found["Success@5"], found["RR"]) == (0, 1, 0.25)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / log2(5)) / (1 + 1 / log2(3)), abs=1e-6)


def test_half_an_answer_gains_but_is_none() -> None:
    """Where a part is never met Success and RR are zero."""
    found = measured(TEN, ("d1", "elsewhere"), None)

    assert (found["Success@5"], found["RR"]) == (0, 0)
    assert found["nDCG@10"] == pytest.approx(1 / (1 + 1 / log2(3)), abs=1e-6)


@pytest.mark.parametrize("ranking", [(), ("d1", "d2")])
@pytest.mark.parametrize("relevant", [(), ("elsewhere",)])
def test_nothing_found_is_zero(ranking: tuple[str, ...], relevant: tuple[str, ...]) -> None:
    """An empty ranking, a wrong one, and a question that no passage of the index answers all score zero."""
    assert measured(ranking, relevant, None) == dict.fromkeys(RANKING, 0.0)


def test_no_question_has_no_measure() -> None:
    """A set without a question that has gold is no error."""
    assert ranking_measures([]) == {}


def test_the_rank_counts_and_no_name() -> None:
    """trec_eval breaks ties by name, so names must not decide: the same ranks are the same figures."""
    forwards = measured(("a", "b", "c"), ("b",), 2)
    backwards = measured(("c", "b", "a"), ("b",), 2)

    assert forwards == backwards
    assert forwards["RR"] == 0.5


def test_questions_do_not_mix() -> None:
    """The same passages serve several questions, each by its own gold."""
    found = ranking_measures([Judged("q1", TEN, ("d1",), 1), Judged("q2", TEN, ("d2",), 2), Judged("q3", (), (), None)])

    assert [found[q]["RR"] for q in ("q1", "q2", "q3")] == [1, 0.5, 0]
