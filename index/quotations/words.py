"""The words of a text as they are compared one by one, and what a change of them changes: a number, a name, a denial."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.quotations.domain import DifferenceKind
from index.quotations.normalising import SUPERSCRIPTS, Canonical

_TOKEN = re.compile(rf"[^\W\d_{SUPERSCRIPTS}]+(?:’[^\W\d_{SUPERSCRIPTS}]+)*|\d+(?:[.,:/]\d+)*|[{SUPERSCRIPTS}]+|[^\s]")
_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion hundreds
    thousands millions billions dozen dozens twice thrice half third quarter""".split()
)
_NEGATIONS = frozenset(
    """not no never neither nor none nobody nothing nowhere without cannot hardly barely scarcely seldom rarely non
    unless except lack lacks lacked lacking""".split()
)
_REVERSING = ("un", "in", "im", "il", "ir", "dis", "non")
_NUMBER_SIGNS = frozenset("−%‰$€£¥₹°±<>")
_SENTENCE_ENDS = frozenset(".!?:…'\"")
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or sign: `key` is what it is compared by, `text` keeps its case; offsets into the original."""

    key: str
    text: str
    start: int
    end: int
    opens_sentence: bool = False

    @property
    def is_word(self) -> bool:
        """Tell a word or number from a sign."""
        return self.key[0].isalnum()


def words_of(found: Canonical, offset: int = 0) -> list[Word]:
    """Return the words, numbers and signs of a canonical text."""
    words: list[Word] = []
    opens = True
    for token in _TOKEN.finditer(found.text):
        start, end = found.starts[token.start()] + offset, found.ends[token.end() - 1] + offset
        words.append(Word(token[0].casefold(), token[0], start, end, opens))
        opens = token[0] in _SENTENCE_ENDS
    return words


def kinds(quoted: Sequence[Word], found: Sequence[Word], lower: frozenset[str]) -> list[DifferenceKind]:
    """Return what changes where these words stand instead of those, the gravest first; never empty.

    `lower` holds the words that the documents write with a small letter: what they never do is a name.
    """
    both = [*quoted, *found]
    changed: list[DifferenceKind] = []
    if any(_is_number(w) for w in both):
        changed.append("digit")
    if any(is_negation(w.key) for w in both) or any(_reverse(q.key, f.key) for q in quoted for f in found):
        changed.append("negation")
    if any(is_name(w, lower) for w in both) and [w.key for w in quoted] != [w.key for w in found]:
        changed.append("name")
    return changed or ["word"]


def is_negation(key: str) -> bool:
    """Tell whether the word denies."""
    return key in _NEGATIONS or key.endswith("n’t")


def is_name(word: Word, lower: frozenset[str]) -> bool:
    """Tell whether the word is a name: capital where no sentence begins, or never written small."""
    if not word.text[0].isupper() or word.key in ("i", "i’m", "i’ve"):
        return False
    return not word.opens_sentence or word.key not in lower


def lower_words(texts: Iterable[Sequence[Word]]) -> frozenset[str]:
    """Return the words that are somewhere written with a small letter."""
    return frozenset(w.key for words in texts for w in words if w.text[0].islower())


def _is_number(word: Word) -> bool:
    return any(c.isdigit() for c in word.key) or word.key in _NUMBERS or word.key in _NUMBER_SIGNS


def _reverse(one: str, other: str) -> bool:
    """Tell whether one word denies the other by its beginning: likely and unlikely."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_STEM and any(long == prefix + short for prefix in _REVERSING)
