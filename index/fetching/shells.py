"""Know a page that only seems to be the source: an error, a gate, an empty frame, a record, an advertisement."""

import re
from urllib.parse import urlsplit

from index.domain import Reference
from index.fetching.domain import NotObtained
from index.fetching.extracted import Extracted

LEAST_WORDS = 200
"""Below this a page is a stub: the shortest press release among the sources we cite has more."""
GATED_WORDS = 500
"""A page that asks for a subscription shows a few paragraphs at most."""
RECORD_WORDS = 5_000
"""A book has tens of thousands of words, its page in a catalogue a few hundred."""
_GONE = re.compile(
    r"page (?:was |is |could |can)?\s*not (?:be )?found|\b404\b|no longer (?:available|exists)|does(?: not|n['’]t) exist"
    r"|nothing (?:was )?found|page (?:is )?unavailable|content (?:is )?(?:un|not )available|^oops\b|^not found$",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|are you (?:a )?(?:human|robot)"
    r"|verify (?:that )?you|unusual traffic|enable cookies and reload|security check|pardon our interruption|^forbidden$",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we value your privacy|(?:accept|manage|reject) (?:all )?(?:cookies|consent)"
    r"|cookie (?:consent|settings|policy)|we and our partners|your privacy choices",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?(?:to|for) (?:continue|read|keep|unlimited|full|access)|(?:subscribers?|members?) only"
    r"|only for subscribers|already a (?:subscriber|member)|(?:log|sign) in to (?:continue|read)|to (?:continue|keep) reading"
    r"|for subscribers|purchase (?:this article|access)|(?:free|monthly) articles? (?:left|remaining)"
    r"|get access to (?:this|the full) article",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(?:enable|requires?|turn on|activate) java\s?script|javascript (?:is|must be|needs to be)", re.IGNORECASE
)
_SPAM = re.compile(
    r"\b(?:casinos?|slots?|jackpot|poker|baccarat|betting|sportsbook|bookmaker|judi|togel|gacor|viagra|cialis|levitra"
    r"|tadalafil|sildenafil|pharmacy|payday loans?|escorts?|porn|xxx|replica watches|crypto airdrop|essay writing service)\b",
    re.IGNORECASE,
)
SPAM_TERMS, SPAM_SHARE = 5, 0.01
"""An article about a casino bill may name casinos; one word in a hundred, five times over, is an advertisement."""
_HOME = re.compile(r"/?(?:index\.\w+|home/?|[a-z]{2}/?)?", re.IGNORECASE)


def refuse_shell(page: Extracted, reference: Reference, *, asked: str, final: str) -> None:
    """Raise NotObtained, saying what was seen, where this is not a text but something in its place."""
    title = page.titles[0] if page.titles else ""
    if page.form == "html":
        _refuse_stand_in(page, title, asked=asked, final=final)
        if reference.csl.get("type") == "book" and page.words < RECORD_WORDS:
            raise NotObtained(f"a catalogue record of {page.words} words, not the book")
    if page.words < LEAST_WORDS:
        raise NotObtained(f"a stub of {page.words} words")
    _refuse_spam(page, reference)


def _refuse_stand_in(page: Extracted, title: str, *, asked: str, final: str) -> None:
    said = f"{page.text} {page.notices}"
    is_short = page.words < LEAST_WORDS
    if any(_GONE.search(t) for t in page.titles if len(t.split()) <= 12) or (is_short and _GONE.search(said)):
        raise NotObtained(f"a page that says it was not found: ‘{shortened(title or said)}’")
    if is_short and (_GATE.search(title) or _GATE.search(said)):
        raise NotObtained(f"a gate against programs: ‘{shortened(title or said)}’")
    if _is_home(final) and not _is_home(asked):
        raise NotObtained(f"sent on to the home page of {urlsplit(final).hostname}")
    if is_short and (_CONSENT.search(title) or _CONSENT.search(said)):
        raise NotObtained("a page that asks for consent first")
    if page.words < GATED_WORDS and _PAYWALL.search(said):
        raise NotObtained(f"behind a paywall: {page.words} words are shown")
    if is_short and (page.needs_script or _SCRIPT.search(said)):
        raise NotObtained("an empty frame that a script would fill")


def _refuse_spam(page: Extracted, reference: Reference) -> None:
    own = {word.lower() for word in _SPAM.findall(f"{reference.printed} {reference.csl.get('title', '')}")}
    found = [word for word in _SPAM.findall(page.text) if word.lower() not in own]
    if len(found) >= SPAM_TERMS and len(found) > SPAM_SHARE * len(page.text.split()):
        raise NotObtained(f"injected advertising: ‘{found[0].lower()}’ and the like {len(found)} times")


def _is_home(url: str) -> bool:
    parts = urlsplit(url.rpartition("id_/")[2])
    return not parts.query and bool(_HOME.fullmatch(parts.path))


def shortened(text: str, most: int = 80) -> str:
    """Return the text, cut at a word where it is long."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"
