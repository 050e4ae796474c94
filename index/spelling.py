"""Mend misspelt words of a question: one that nobody knows becomes the nearest word of the corpus or its questions.

A word is known when it stands in the corpus or in an English dictionary (the one that symspellpy ships), or is
a name that the question index often has. Names are spared: a short word is only mended into an English word,
and one typed with a capital inside the question only into a name of the corpus.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+")
_OFTEN = 3
_SHORTEST, _SHORT, _FAR = 4, 5, 7
"""Letters: what is left alone below; a name is not touched up to; distance two is allowed from."""

_MOST_MENDED_INTO = 50_000
"""Words, the most frequent ones, so that a misspelt one takes a few milliseconds in the largest corpus."""


class Speller:
    """Knows the words of an index and mends the others."""

    def __init__(self, texts: Iterable[str], questions: Iterable[str] = ()) -> None:
        self._english = english_words()
        written = Counter(word for text in texts for word in _WORD.findall(text))
        small = {word for word, count in written.items() if word.islower() and count > written[word.capitalize()]}
        written += self._well_spelt(Counter(word for text in questions for word in _WORD.findall(text)))
        counts: Counter[str] = Counter()
        for word, count in written.items():
            counts[word.lower()] += count
        self._names = {word.lower() for word in written if word[0].isupper()} - small
        self._met = counts.keys()
        often = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_MENDED_INTO]
        self._mended_into = [word for word in often if len(word) >= _SHORTEST]

    def _well_spelt(self, asked: Counter[str]) -> Counter[str]:
        """Return the words of indexed questions that are English, or names met often; people misspell there too."""
        return Counter(
            {w: n for w, n in asked.items() if w.lower() in self._english or (w[0].isupper() and n >= _OFTEN)}
        )  # fmt: skip

    def has_met(self, word: str) -> bool:
        """Tell whether the corpus has this very word, or its questions have it well spelt."""
        return word.lower() in self._met

    def mend(self, question: str) -> str:
        """Return the question with its misspelt words mended; everything else stays as typed."""
        return _WORD.sub(lambda found: self._mended(found[0], is_name=found.start() > 0 and found[0][0].isupper()), question)

    def _mended(self, word: str, *, is_name: bool) -> str:
        lower = word.lower()
        if len(word) < _SHORTEST or lower in self._english or lower in self._met or word.isupper():
            return word
        distance = 2 if len(word) >= _FAR else 1
        for near in self._nearest(lower, distance):
            fits = near in self._names if is_name else near in self._english or len(word) > _SHORT
            if near[0] == lower[0] and fits and not (is_name and len(word) <= _SHORT):
                return near.capitalize() if word[0].isupper() else near
        return word

    def _nearest(self, word: str, distance: int) -> list[str]:
        """Return the words that are fewest edits away, at most `distance` (Damerau 1964), more frequent ones first."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        near = extract(word, self._mended_into, scorer=OSA.distance, score_cutoff=distance, limit=None)
        return [found for found, edits, _ in sorted(near, key=lambda n: n[2]) if edits == near[0][1]]


@cache
def english_words() -> frozenset[str]:
    """Return the words of the English dictionary, in lower case."""
    import symspellpy

    text = files(symspellpy).joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split()[0] for line in text.splitlines() if line)
