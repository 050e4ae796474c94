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
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_OFTEN = 3
_SHORTEST, _SHORT, _FAR = 4, 5, 7
"""Letters: what is left alone below; a name is not touched up to; distance two is allowed from."""

_MOST_MENDED_INTO = 50_000
"""Words, the most frequent ones; each takes some 3 kB, and a corpus of 100,000 passages has more than anybody types."""


class Speller:
    """Knows the words of an index and mends the others."""

    def __init__(self, texts: Iterable[str], questions: Iterable[str] = ()) -> None:
        from symspellpy import SymSpell

        self._english = english_words()
        written = Counter(word for text in texts for word in _WORD.findall(text))
        small = {word for word, count in written.items() if word.islower() and count > written[word.capitalize()]}
        written += self._well_spelt(Counter(word for text in questions for word in _WORD.findall(text)))
        counts: Counter[str] = Counter()
        for word, count in written.items():
            counts[word.lower()] += count
        self._names = {word.lower() for word in written if word[0].isupper()} - small
        self._known = self._english | counts.keys()
        self._near: Any = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in sorted(counts.most_common(_MOST_MENDED_INTO)):
            if len(word) >= _SHORTEST:
                self._near.create_dictionary_entry(word, count)

    def _well_spelt(self, asked: Counter[str]) -> Counter[str]:
        """Return the words of indexed questions that are English, or names met often; people misspell there too."""
        return Counter(
            {w: n for w, n in asked.items() if w.lower() in self._english or (w[0].isupper() and n >= _OFTEN)}
        )  # fmt: skip

    def mend(self, question: str) -> str:
        """Return the question with its misspelt words mended; everything else stays as typed."""
        return _WORD.sub(lambda found: self._mended(found[0], is_name=found.start() > 0 and found[0][0].isupper()), question)

    def _mended(self, word: str, *, is_name: bool) -> str:
        from symspellpy import Verbosity

        lower = word.lower()
        if len(word) < _SHORTEST or lower in self._known or word.isupper():
            return word
        distance = 2 if len(word) >= _FAR else 1
        for near in self._near.lookup(lower, Verbosity.CLOSEST, max_edit_distance=distance):
            fits = near.term in self._names if is_name else near.term in self._english or len(word) > _SHORT
            if near.term[0] == lower[0] and fits and not (is_name and len(word) <= _SHORT):
                return str(near.term.capitalize() if word[0].isupper() else near.term)
        return word


@cache
def english_words() -> frozenset[str]:
    """Return the words of the English dictionary, in lower case."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split()[0] for line in text.splitlines() if line)
