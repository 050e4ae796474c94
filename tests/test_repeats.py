from collections.abc import Iterator

import pytest

from index.build import build
from index.domain import Hit
from index.repeats import best_sentence, without_repeats
from index.searcher import Searcher
from tests.conftest import ToyEncoder, silent

SAID = "“Markey called the long friendship a marriage of convenience.”"
ARTICLE = f"""---
title: A Friendship
---

The ambassador kept a diary in those years. {SAID} Nobody in the capital believed it.

Grain was shipped across the northern mountains that spring, and wool came back.

Engineers drew the plans of a dam upon the river. {SAID}

Grain was shipped across the southern desert that winter, and copper came back.

{SAID} So ended the talks about the price of steel.

Markey called the long friendship a marriage of convenience while merchants smuggled “opium”, rubies and falcons.
"""


@pytest.fixture(scope="module")
def repeating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Return a searcher of an article of six passages that says one sentence three times."""
    folder = tmp_path_factory.mktemp("repeats")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "article.md").write_text(ARTICLE, encoding="utf-8")
    build(folder / "corpus", folder / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(folder / "index", ToyEncoder())
    yield searcher
    searcher.close()


def hit(searcher: Searcher, passage: int, best: int) -> Hit:
    """Make a hit of a passage whose sentence number `best` scores most."""
    scores = tuple(float(i == best) for i in range(len(searcher.index.passages[passage].sentences)))
    return Hit(passage, 1.0 - passage / 10, scores, {})


def joined(searcher: Searcher, hits: list[Hit], count: int) -> list[tuple[int, list[int]]]:
    """Return the passages that are kept, each with those that say the same."""
    return [
        (kept.passage, [again.passage for again in others]) for kept, others in without_repeats(searcher.index, hits, count)
    ]


def test_same_sentence_is_joined(repeating: Searcher) -> None:
    """Passages whose answering sentence is the same are one, under the first of them; a different one is not."""
    hits = [hit(repeating, 0, 1), hit(repeating, 1, 0), hit(repeating, 2, 1), hit(repeating, 4, 0)]

    assert joined(repeating, hits, 5) == [(0, [2, 4]), (1, [])]


def test_other_sentences_of_a_repeating_passage_stay_apart(repeating: Searcher) -> None:
    """What counts is the sentence that answers, not that another sentence of the passage is a repeat."""
    hits = [hit(repeating, 0, 0), hit(repeating, 2, 0), hit(repeating, 4, 1)]

    assert joined(repeating, hits, 5) == [(0, []), (2, []), (4, [])]


def test_sentences_that_share_a_frame_stay_apart(repeating: Searcher) -> None:
    """Two sentences of the same build that tell of different things are two."""
    assert joined(repeating, [hit(repeating, 1, 0), hit(repeating, 3, 0)], 5) == [(1, []), (3, [])]


def test_sentence_that_says_more_stays_apart(repeating: Searcher) -> None:
    """A sentence that holds all of another and as much again is no repeat of it, whichever comes first."""
    short, long = hit(repeating, 0, 1), hit(repeating, 5, 0)

    assert joined(repeating, [short, long], 5) == [(0, []), (5, [])]
    assert joined(repeating, [long, short], 5) == [(5, []), (0, [])]


def test_first_hit_stands_first(repeating: Searcher) -> None:
    """The order is that of the hits, whichever passage stands first in the article."""
    hits = [hit(repeating, 4, 0), hit(repeating, 3, 0), hit(repeating, 0, 1), hit(repeating, 1, 0)]

    assert joined(repeating, hits, 5) == [(4, [0]), (3, []), (1, [])]


def test_repeats_leave_room_for_others(repeating: Searcher) -> None:
    """As many different passages as asked for are kept while there are any, and no more."""
    hits = [hit(repeating, 0, 1), hit(repeating, 2, 1), hit(repeating, 4, 0), hit(repeating, 1, 0), hit(repeating, 3, 0)]

    assert joined(repeating, hits, 1) == [(0, [2, 4])]
    assert joined(repeating, hits, 2) == [(0, [2, 4]), (1, [])]
    assert joined(repeating, hits, 3) == joined(repeating, hits, 9) == [(0, [2, 4]), (1, []), (3, [])]
    assert joined(repeating, [], 3) == []


def test_best_sentence_is_the_first_of_the_highest() -> None:
    """The answering sentence is the one that scores most, the earlier of two that score the same."""
    assert best_sentence(Hit(0, 1.0, (0.1, 0.7, 0.7, -1.0), {})) == 1
    assert best_sentence(Hit(0, 1.0, (-0.2,), {})) == 0


def test_repeat_is_shown_as_another_place(repeating: Searcher) -> None:
    """An answer quotes a sentence once, says where else it stands word for word, and has as many passages as asked for."""
    answer = repeating.ask("Markey called the long friendship a marriage of convenience", k=3)
    found = (*answer.passages, *answer.nearest)
    text = repeating.corpus.document("article").text

    assert [passage.number for passage in found] == [1, 2, 3]
    assert [SAID in passage.text for passage in found] == [True, False, False]
    assert len(found[0].also_at) == 2
    assert all(SAID in text[place.start : place.end] for place in found[0].also_at)
    assert {place.start for place in found[0].also_at}.isdisjoint(range(found[0].start, found[0].end))
    assert all(place.url == f"/documents/article?start={place.start}&end={place.end}#hl" for place in found[0].also_at)
    assert [passage.also_at for passage in found[1:]] == [(), ()]
