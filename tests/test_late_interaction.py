import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from index.arrays import TokenStates
from index.encoder import Encoding, Floats, unit
from index.late_interaction import Stretches, shares, spelt
from tests.conftest import ToyEncoder
from tests.handmade import encoding, floats, random_states, token_states

WEIGHTS = floats([9, 1, 3, 2])
"""How rare each vocabulary id is; the last also stands for all ids beyond the end."""


def everything(texts: TokenStates) -> Stretches:
    firsts = texts.firsts
    return Stretches(texts, firsts, np.arange(len(firsts) - 1))


def chosen(texts: TokenStates, rows: NDArray[np.int64]) -> Stretches:
    return Stretches(texts, texts.firsts, rows)


def part(texts: TokenStates, rows: NDArray[np.int64]) -> TokenStates:
    """Return a collection of these texts and no others."""
    firsts = texts.firsts
    stretches = np.concatenate([np.arange(firsts[i], firsts[i + 1]) for i in rows])
    tokens = np.concatenate([np.arange(texts.rows[s], texts.rows[s + 1]) for s in stretches])
    lengths = np.diff(texts.rows)[stretches]
    return TokenStates(
        texts.vectors[rows], texts.states[tokens], texts.scales[tokens], np.cumsum([0, *lengths], dtype=np.int64),
        texts.tokens[tokens],
        np.cumsum([0, *np.diff(firsts)[rows]], dtype=np.int64),
    )  # fmt: skip


def random_question(tokens: int, dimensions: int) -> Encoding:
    rng = np.random.default_rng(tokens)
    states = unit(floats(rng.standard_normal((tokens, dimensions))))
    return Encoding(states[0], states, rng.integers(0, 50, tokens).astype(np.int32), np.zeros((tokens, 2), np.int32))


def scores(stretches: Stretches, question: Encoding, weights: Floats) -> tuple[Floats, Floats, Floats]:
    similarities = stretches.similarities(question)
    share = shares(weights, question.tokens)
    return (
        stretches.covered(similarities, share),
        stretches.covered_by_texts(similarities, share),
        stretches.covering(similarities, weights),
    )


def test_coverage_is_maxsim_by_hand() -> None:
    """Two question tokens, three of a text: each counts by its best cosine, and by its share of the weights."""
    question = encoding("oil lamp", (1, (1, 0)), (2, (0, 1)))
    texts = token_states([[(1, (0.6, 0.8)), (2, (0.8, 0.6)), (3, (-1, 0))]])
    found = everything(texts)
    similarities = found.similarities(question)

    assert similarities == pytest.approx(floats([[0.6, 0.8], [0.8, 0.6], [-1, 0]]))
    # weights 1 and 3: best cosines 0.8 and 0.8
    assert found.covered(similarities, shares(WEIGHTS, question.tokens)) == pytest.approx([(1 * 0.8 + 3 * 0.8) / 4])
    # weights 1, 3 and 2: best cosines 0.8, 0.8 and 0
    assert found.covering(similarities, WEIGHTS) == pytest.approx([(1 * 0.8 + 3 * 0.8 + 2 * 0) / 6])


def test_sentences_are_covered_apart_and_passages_together() -> None:
    """A stretch is scored by its own tokens, a text by the best of all its stretches, token by token."""
    question = encoding("oil lamp", (1, (1, 0)), (2, (0, 1)))
    texts = token_states([[(1, (1, 0))], [(2, (0, 1))]], [[(1, (0.6, 0.8))]], [[(3, (-1, 0))], [(1, (1, 0))]])
    sentences, passages, _ = scores(everything(texts), question, WEIGHTS)

    assert sentences == pytest.approx([1 / 4, 3 / 4, (1 * 0.6 + 3 * 0.8) / 4, -1 / 4, 1 / 4])
    assert passages == pytest.approx([1, 3 / 4, 1 / 4])


def test_covering_is_not_covered() -> None:
    """A question that is part of a text is covered whole, while the text is covered in part, and the other way round."""
    word, other = (1, (1.0, 0.0)), (2, (0.0, 1.0))
    long, short = token_states([[word, other]]), token_states([[word]])
    covered, _, covering = scores(everything(long), encoding("oil", word), WEIGHTS)
    covered_back, _, covering_back = scores(everything(short), encoding("oil lamp", word, other), WEIGHTS)

    assert (covered.tolist(), covering.tolist()) == ([1], pytest.approx([1 / 4]))
    assert (covered_back.tolist(), covering_back.tolist()) == (pytest.approx([1 / 4]), [1])


@pytest.mark.parametrize("dimensions", [2, 64, 384])
@pytest.mark.parametrize("tokens", [1, 7, 20])
def test_choosing_texts_scores_them_as_if_there_were_no_others(dimensions: int, tokens: int) -> None:
    """Texts chosen from many score bit for bit what a collection of these alone scores, taken whole."""
    texts = random_states(40, dimensions=dimensions, seed=dimensions)
    weights = floats(np.random.default_rng(1).random(40))
    question = random_question(tokens, dimensions)
    rows = np.asarray([0, 3, 4, 17, 39])

    for one, other in zip(
        scores(chosen(texts, rows), question, weights), scores(everything(part(texts, rows)), question, weights), strict=True
    ):
        assert_array_equal(one, other, strict=True)


@pytest.mark.parametrize("dimensions", [2, 64, 384])
def test_choosing_texts_changes_no_score(dimensions: int) -> None:
    """Texts chosen from many score what they score among all, to the six digits that scores are rounded to."""
    texts = random_states(40, dimensions=dimensions, seed=dimensions)
    weights = floats(np.random.default_rng(1).random(60))
    question = random_question(9, dimensions)
    rows = np.asarray([1, 2, 20, 38])
    some = chosen(texts, rows)
    sentences, passages, covering = scores(everything(texts), question, weights)

    assert scores(some, question, weights)[0] == pytest.approx(sentences[some.rows], abs=1e-6)
    assert scores(some, question, weights)[1] == pytest.approx(passages[rows], abs=1e-6)
    assert scores(some, question, weights)[2] == pytest.approx(covering[rows], abs=1e-6)


def test_rows_say_which_stretches_are_held() -> None:
    """`rows` are the stretches of the chosen texts, and `text_starts` where each text's begin among them."""
    texts = token_states(*([[[(1, (1, 0))]] * count for count in (2, 1, 3)]))
    some, every = chosen(texts, np.asarray([0, 2])), everything(texts)

    assert (some.rows.tolist(), some.text_starts.tolist()) == ([0, 1, 3, 4, 5], [0, 2])
    assert (every.rows.tolist(), every.text_starts.tolist()) == ([0, 1, 2, 3, 4, 5], [0, 2, 3])


def test_signs_have_no_share(toy_encoder: ToyEncoder) -> None:
    """Tokens without a letter or digit are given nothing, and the others share the whole."""
    text = "“Oil”, 1844 — é?"
    (found,) = toy_encoder.encode([text])
    read = spelt(text, found)
    share = shares(np.ones(10_001, dtype=np.float32), found.tokens, read)

    assert [text[a:b] for a, b in found.offsets[read]] == ["Oil", "1844", "é"]
    assert share[~read].tolist() == [0] * 5
    assert share[read] == pytest.approx([1 / 3] * 3)


def test_share_is_the_part_of_the_weight() -> None:
    """Shares are weights by their sum; an id beyond the vocabulary weighs what the last one does."""
    assert shares(WEIGHTS, np.asarray([1, 2], np.int32)) == pytest.approx([1 / 4, 3 / 4])
    assert shares(WEIGHTS, np.asarray([2, 99], np.int32)) == pytest.approx([3 / 5, 2 / 5])
    assert shares(WEIGHTS, np.asarray([1, 2], np.int32), np.asarray([False, True])).tolist() == [0, 1]


def test_nothing_to_weigh_is_no_division_by_zero() -> None:
    """Without a token that counts, every share is zero and so is the coverage."""
    question = encoding("? !", (1, (1, 0)), (2, (0, 1)))
    share = shares(WEIGHTS, question.tokens, spelt("? !", question))
    found = everything(token_states([[(0, (1, 0))]]))

    assert share.tolist() == [0, 0]
    assert found.covered(found.similarities(question), share).tolist() == [0]
    assert found.covering(found.similarities(question), floats([0, 0])).tolist() == [0]
