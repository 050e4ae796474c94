"""Complete a follow-up from the questions before it, by rules: a question that stands alone is never touched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_OPENS = re.compile(
    r"(?:and|but|so|then|also|or|what about|how about|what of|why not|who else|what else|where else"
    r"|anything (?:else|besides|more|other)|any (?:other|more|others)|tell me more|more (?:about|on|detail)|go on"
    r"|which (?:ones?|of (?:them|these|those))|the (?:first|second|third|last|other|latter|former)\b|since when|like what"
    r"|for example|such as)\b",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"(?:who (?:is|was|are|were)|what(?:'s|’s| is| are| was| were)|what does .* (?:mean|stand for)|define|explain"
    r"|meaning of)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|isn't|wasn't) it (?:true|possible|likely|really|the case|a fact|correct|fair|worth)(?: that)?\b"
    r"|\bwhat(?:'s|’s| is) it (?:all )?about\b|\bit (?:is|was) (?:true|possible|said|interesting|necessary)\b(?: that)?"
    r"|\b(?:is|are|was|were) there\b|\bthere (?:is|are|was|were)\b",
    re.IGNORECASE,
)
_PERSONAL = {"he", "she", "him", "her", "his", "hers", "they", "them", "their", "theirs", "its"}
_THING = {"it", "there"}
_POINTING = {"that", "this", "those", "these"}
_BEFORE_POINTING = set(
    "is was are were be does did do has have had about of from like after before by to with for in on at than why when how "
    "what which and or but during since until"
    .split()
)  # fmt: skip
_ITSELF = set(
    "article paper text essay piece author study work publication document abstract research topic subject relationship "
    "relation relations friendship partnership story writer".split()
)
_ONE = re.compile(
    r"\b(?:first|second|third|last|latest|recent|next|other|another|which|biggest|most important) ones?\b"
    r"|\bof (?:those|these|them)\b",
    re.IGNORECASE,
)
_LONGEST = 600
_FEW, _MANY = 3, 5
"""Content words: with fewer than the first a question is short, with as many as the second it stands alone."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A question as it is searched: its own words begin at `typed_from`, behind the questions that it leans on."""

    text: str
    typed_from: int = 0


def is_followup(question: str) -> bool:
    """Tell whether the question leans on one before it: by its opening, by a word that points back, or by its shortness."""
    text = question.strip()
    words = content_words(text)
    if len(words) >= _MANY:
        return False
    if _OPENS.match(text) or _ONE.search(text):
        return True
    if _points_back(_EXPLETIVE.sub(" ", text)):
        return True
    return len(words) < _FEW and not _STANDS.match(text) and len(_names(_WORD.findall(text))) < 2 and not _about_itself(text)


def complete(question: str, previous: Sequence[str]) -> str:
    """Return the question behind those that it leans on, word for word; `previous` is oldest first.

    What would make it longer than the encoder reads is left out, the oldest first.
    """
    leaned_on: list[str] = []
    for before in reversed(previous):
        if not is_followup(leaned_on[0] if leaned_on else question):
            break
        leaned_on.insert(0, before)
    while leaned_on and len(" ".join((*leaned_on, question))) > _LONGEST:
        leaned_on.pop(0)
    return " ".join((*leaned_on, question))


def content_words(text: str) -> list[str]:
    """Return the words that carry the matter, in their order."""
    return [w for w in _WORD.findall(text) if w.lower() not in _EMPTY]


def _points_back(text: str) -> bool:
    words = _WORD.findall(text)
    for at, word in enumerate(words):
        lower, before = word.lower(), words[:at]
        if lower in _PERSONAL and not _antecedent(before, enough=2):
            return True
        if lower in _THING and not (len(_names(before)) > 1 if at == len(words) - 1 else _antecedent(before, enough=_FEW)):
            return True
        if lower in _POINTING and _is_pronoun(words, at):
            return True
    return False


def _antecedent(before: Sequence[str], *, enough: int) -> bool:
    """Tell whether words before a pronoun can be what it stands for: a name, the article, or so many content words."""
    text = " ".join(before)
    return bool(_names(before)) or _about_itself(text) or len(content_words(text)) >= enough


def _names(words: Sequence[str]) -> list[str]:
    return [w for w in words[1:] if w[:1].isupper()]


def _about_itself(text: str) -> bool:
    return any(w.lower() in _ITSELF for w in _WORD.findall(text))


def _is_pronoun(words: Sequence[str], at: int) -> bool:
    """Tell a `that` which points back from one that joins clauses or points at the article itself."""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    if after in _ITSELF or (words[at].lower() in ("this", "these") and after and after not in _VERBS):
        return False
    return at == 0 or at == len(words) - 1 or words[at - 1].lower() in _BEFORE_POINTING


_VERBS = set("is was are were has have had does did do will would can could may might happen mean matter work".split())
_EMPTY = set(
    """
    a an the and or but if of in on at to by for from with about into over under between than as is are was were
    be been being am do does did doing done have has had having can could may might must shall should will would
    not no nor so too very just also i you he she it we they me him her us them my your his its our their this
    that these those there here who whom whose which what when where why how all any both each few more most other
    some such only own same then once ever again s t don now please tell say says said give get got come came go
    went take took make made one ones thing things happen happened really exactly besides else many much mention
    mentioned article paper text author
    """.split()
)
