"""Tell whether a question is in a script and a language that the encoder reads.

all-MiniLM-L6-v2 reads English. The script is that of most letters or most words; the language is known by its
function words, the English dictionary of `spelling` helping where there are few. Names and misspelt words say nothing.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from index.encoder import DEFAULT_ENCODER
from index.spelling import english_words

FEWEST_WORDS = 4
_OFTEN, _SELDOM_ENGLISH = 0.25, 0.5
"""Share of words: of a language's function words where there are two of them, of English ones where there is one."""
_WITHOUT_TELLING = 3
"""Different function words, half of all words, without which words that others share tell no language."""

_UNNAMED = "a language other than English"
_WORD = re.compile(r"[^\W\d_]+")
_OF_NO_SCRIPT = {"COMBINING", "MODIFIER"}
_SCRIPTS = {
    "CJK": "Chinese", "IDEOGRAPHIC": "Chinese", "HANGUL": "Korean",
    "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "KATAKANA-HIRAGANA": "Japanese",
}  # fmt: skip


def unread_reason(question: str, *, encoder: str = DEFAULT_ENCODER) -> str | None:
    """Return the sentence that says why the encoder does not read the question, or None where it does.

    Only the default encoder is known to read English alone; of any other nothing is said.
    """
    if encoder != DEFAULT_ENCODER:
        return None
    text = unicodedata.normalize("NFKC", question)
    script = _foreign_script(text)
    language = None if script else _foreign_language(_WORD.findall(text.lower()))
    if not script and not language:
        return None
    found = f"{script} script" if script else language
    return (
        f"The question is in {found}, which the encoder {encoder} does not read; "
        "a multilingual encoder set by FOOTNOTE_ENCODER would."
    )


def _foreign_script(text: str) -> str | None:
    """Return the script that is not Latin and has most of the letters or most of the words."""
    runs = [(script, len(list(letters))) for script, letters in groupby(text, key=_script) if script]
    letters, words = Counter[str](), Counter(script for script, _ in runs)
    for script, length in runs:
        letters[script] += length
    if all(2 * count["Latin"] >= count.total() for count in (letters, words)):
        return None
    foreign = [script for script, _ in letters.most_common() if script != "Latin"]
    return "Japanese" if "Japanese" in foreign else foreign[0]


@lru_cache(maxsize=4096)
def _script(character: str) -> str | None:
    """Return the script of a letter or of a mark on it, by its Unicode name; None for any other character."""
    name = unicodedata.name(character, "").split()
    if unicodedata.category(character)[0] not in "LM" or not name or name[0] in _OF_NO_SCRIPT:
        return None
    return _SCRIPTS.get(name[0], name[0].capitalize())


def _foreign_language(words: list[str]) -> str | None:
    """Return the language most of whose function words are there, where they prevail over the English ones."""
    if len(words) < FEWEST_WORDS:
        return None
    found = {name: (len(tell & set(words)), _count(words, tell | share)) for name, (tell, share) in _LANGUAGES.items()}
    most = max(count for _, count in found.values())
    likely = sorted((name for name, (_, count) in found.items() if count == most), key=lambda name: -found[name][0])
    if not _prevails(words, *_LANGUAGES[likely[0]]):
        return None
    alike = [name for name in likely if found[name] == found[likely[0]]]
    return alike[0] if len(alike) == 1 else _UNNAMED


def _prevails(words: list[str], telling: frozenset[str], shared: frozenset[str]) -> bool:
    function_words = telling | shared
    count, english = _count(words, function_words), _count(words, _ENGLISH - function_words)
    if not telling & set(words):
        foreign = len((shared - _ENGLISH) & set(words))
        return not english and foreign >= _WITHOUT_TELLING and 2 * count >= len(words)
    if count >= 2 and count >= _OFTEN * len(words):
        return count > english
    return not english and _count(words, english_words() - function_words) <= _SELDOM_ENGLISH * len(words)


def _count(words: Iterable[str], wanted: frozenset[str]) -> int:
    return sum(word in wanted for word in words)


_ENGLISH = frozenset(
    """
    the a an of to in on at by for from with about into over under between after before since during than as if is are was
    were be been do does did has have had can could will would should may might not no and or but so what who whom whose
    which when where why how that this these those there it its he she his her him they their them you your i we our us me
    my any all some more most many much also only tell give name explain describe please
    """.split()
)
_TELLING_AND_SHARED = {
    "German": (
        "wird wurde wurden haben zwischen über für warum wieso welche welcher welches welchen wann nicht eine einen einem "
        "einer nach sich ueber fuer gibt zum durch gegen viele vielen",
        "der die das den dem des ein und ist wer wie auf auch zur von vom zu im in an am was wo war hat es er sie mein man so "
        "als mit aus bei sind hatte hatten",
    ),
    "French": (
        "quel quelle quels quelles pourquoi où quand sont était été avec dans cette selon leur leurs depuis pendant entre "
        "combien",
        "le la les un une de du des et en au aux à il elle se que qui qu quoi pour par plus on ont sur comment sa son ses a y "
        "ce ces est dit cet",
    ),
    "Spanish": (
        "qué cómo cuándo cuál cuáles quién quiénes dónde cuánto cuántos cuántas sobre según fueron está están cual cuando "
        "quien donde cuales segun",
        "el la los las de del y en es un una al con por que se lo no como son a o su sus para esta este ha han hay fue entre",
    ),
    "Italian": (
        "perché perche quando quale quali della delle degli dello nella nelle secondo stati stata hanno anche più sulla "
        "questo questa",
        "il lo la le i gli di del da dal dei nel con per un in e è ed si che chi cosa dove sono come su al a o non tra fra ha "
        "cui una stato",
    ),
    "Portuguese": (
        "quê não quais qual quando quem onde sobre segundo foram são está estão pelo também há porque mais",
        "o a as os e é à às ao aos das de da do dos em no na nos nas um uma com para por que nao sao como se ou sua seu foi "
        "pela entre",
    ),
    "Turkish": (
        "için nasıl neden hangi nedir kimdir zaman nerede arasında arasındaki göre olarak değil mı mü gibi kadar oldu icin "
        "nasil arasinda arasindaki",
        "ve bir bu ile ne de da o ki en kim mi mu daha var",
    ),
    "Indonesian": (
        "yang dengan untuk adalah apa siapa kapan bagaimana mengapa kenapa antara oleh tidak pada dalam tentang telah sudah "
        "juga apakah dimana kepada karena menurut",
        "di dan para ada ini itu dari akan ke mana",
    ),
    "romanised Urdu or Hindi": (
        "kya kyun kyu kyon kaise kaisa kaisi kaun kab kahan kitna kitne kitni hain hua hui mein nahi nahin liye kiya "
        "karta karte karna raha rahi rahe gaya gayi batao bataen baare hamein usko unka iska kyunki matlab kisne hota hoti "
        "hogi hoga diya",
        "ka ki ke ko se ne pe par ye yeh wo woh jo ya bhi to the hai hue tha thi aur kar tak kam agar kis wala wale wali",
    ),
}
"""Function words by language: those that tell it, and those that names or misspelt English share with it."""
_LANGUAGES = {
    language: (frozenset(telling.split()), frozenset(shared.split()))
    for language, (telling, shared) in _TELLING_AND_SHARED.items()
}
