import math
from pathlib import Path

import numpy as np
import pytest

from index.lexical import Lexical, words

TEXTS = ["The lamp burns oil.", "A lamp, a lamp and another lamp!", "Masons cut granite on the island for the tower."]


def test_words_are_stems_without_stop_words() -> None:
    """Case, inflection and English stop words make no difference."""
    assert words("The mason is building TOWERS") == words("masons build a tower")
    assert words("It is, of the?") == []


def test_scores_are_bm25_as_in_the_textbook() -> None:
    """A word's score is its inverse document frequency times its saturated frequency (k1 = 1.2, b = 0.75)."""
    scores = Lexical.from_texts(TEXTS).scores("lamp")
    lengths = [len(words(text)) for text in TEXTS]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    norm = [1.2 * (1 - 0.75 + 0.75 * length / (sum(lengths) / 3)) for length in lengths]

    assert lengths == [3, 4, 5]
    assert scores.tolist() == pytest.approx([idf * 1 / (1 + norm[0]), idf * 3 / (3 + norm[1]), 0.0], rel=1e-5)


@pytest.mark.parametrize("question", ["", "zebra", "what is the", "?!", "日本", "🗼"])
def test_unknown_words_score_nothing(question: str) -> None:
    """A question without a word of the passages scores zero everywhere."""
    assert Lexical.from_texts(TEXTS).scores(question).tolist() == [0, 0, 0]


def test_unknown_words_change_nothing() -> None:
    """A word that no passage has neither adds nor takes away."""
    lexical = Lexical.from_texts(TEXTS)

    assert lexical.scores("zebra lamp").tolist() == lexical.scores("lamp").tolist()


def test_saved_index_scores_the_same(tmp_path: Path) -> None:
    """What was saved and opened again gives the same scores."""
    lexical = Lexical.from_texts(TEXTS)
    lexical.save(tmp_path)

    for question in ("lamp oil", "island", "zebra"):
        assert Lexical.open(tmp_path).scores(question).tolist() == lexical.scores(question).tolist()


def test_passage_without_words_is_never_found() -> None:
    """A passage of nothing but stop words or signs keeps its place and scores nothing."""
    lexical = Lexical.from_texts(["— … —", "The lamp.", "It is the."])

    assert lexical.scores("lamp")[1] > 0
    assert lexical.scores("lamp")[[0, 2]].tolist() == [0, 0]


def test_corpus_without_words_is_searched_in_vain() -> None:
    """Where no passage has a word at all, nothing is found and nothing fails."""
    assert Lexical.from_texts(["— … —", "It is."]).scores("lamp").tolist() == [0, 0]


class Counted(str):
    """A text that is counted as long as it is there."""

    there, most = 0, 0

    def __new__(cls, text: str) -> "Counted":
        cls.there += 1
        cls.most = max(cls.most, cls.there)
        return super().__new__(cls, text)

    def __del__(self) -> None:
        type(self).there -= 1


def test_texts_are_let_go_as_they_are_indexed() -> None:
    """However many texts there are, no more than two are there at once."""
    lexical = Lexical.from_texts(Counted(f"The lamp of tower {n} burns.") for n in range(50))

    assert np.flatnonzero(lexical.scores("tower 49")).max() == 49
    assert (Counted.there, Counted.most) == (0, 2)
