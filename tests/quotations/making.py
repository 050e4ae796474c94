"""Make quotations of our own, true and altered, from the article's text, and sentences that stand in it nowhere."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.corpus import read_corpus
from index.domain import Document
from index.passages import sentences
from index.quotations.words import is_negation

INVENTED = Path(__file__).resolve().parents[1] / "data" / "invented"
CHANGES = ("word", "digit", "name", "negation")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OTHER_WORDS = "harbour lantern orchard velvet granite whistle meadow copper anchor thimble".split()
_OTHER_NAMES = "Iceland Bolivia Kowalski Madagascar Uruguay Fitzgerald Tasmania Norway".split()


@dataclass(frozen=True)
class Altered:
    """An altered quotation: what was changed, from what to what."""

    text: str
    change: str
    before: str
    after: str


def stretch(document: Document, random: random.Random, fewest: int = 5, most: int = 30) -> tuple[int, int]:
    """Return a stretch of whole words of one paragraph."""
    while True:
        paragraph = random.choice([p for p in document.paragraphs if p.end - p.start > 100])
        words = list(re.finditer(r"\S+", document.text[paragraph.start : paragraph.end]))
        length = random.randint(fewest, most)
        if len(words) > length:
            first = random.randrange(len(words) - length)
            return paragraph.start + words[first].start(), paragraph.start + words[first + length - 1].end()


def noisy(document: Document, start: int, end: int, random: random.Random) -> str:
    """Return the stretch as it is pasted from elsewhere: other marks, dashes and spaces, ligatures, note numbers."""
    text = document.text[start:end]
    notes = {note.at: note.number for note in document.notes if start < note.at < end}
    for at in sorted(notes, reverse=True):
        written = random.choice(["{}", "[{}]", "[^{}]", "{s}", ""]).format(notes[at], s=str(notes[at]).translate(_SUPERSCRIPT))
        text = text[: at - start] + written + text[at - start :]
    for noise in random.sample(_NOISES, 3):
        text = noise(text, random)
    return text


def _spaces(text: str, random: random.Random) -> str:
    return re.sub(r" ", lambda _: random.choice([" ", " ", "  ", "\n", "\u00a0"]), text)


def _marks(text: str, random: random.Random) -> str:
    straight = re.sub("[“”]", '"', re.sub("[‘’]", "'", text))
    return straight if random.random() < 0.5 else re.sub("(?<=\\w)'(?=\\w)", "’", straight)


def _dashes(text: str, random: random.Random) -> str:
    return re.sub(r"\s*[–—]\s*", lambda _: random.choice([" – ", "—", " - ", "–", " -- "]), text)


def _ligatures(text: str, random: random.Random) -> str:
    return text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")


def _hyphens(text: str, random: random.Random) -> str:
    words = list(re.finditer(r"\b[a-z]{8,}\b", text))
    if not words:
        return text
    at = random.choice(words).start() + 4
    return f"{text[:at]}-\n{text[at:]}"


_NOISES = [_spaces, _marks, _dashes, _ligatures, _hyphens]


def true_quotations(document: Document, count: int, seed: int) -> Iterator[str]:
    """Yield true quotations with the noise of pasting."""
    chance = random.Random(seed)
    for _ in range(count):
        yield noisy(document, *stretch(document, chance), chance)


def altered_quotations(document: Document, count: int, seed: int) -> Iterator[Altered]:
    """Yield as many quotations with one thing changed, each kind of change in turn."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        start, end = stretch(document, chance)
        altered = change(document.text[start:end], CHANGES[made % len(CHANGES)], chance)
        if altered is not None and altered.text not in document.text:
            made += 1
            yield altered


def change(text: str, kind: str, random: random.Random) -> Altered | None:
    """Return the text with one word, digit, name or negation changed; None where it has none."""
    words = list(re.finditer(r"\w+(?:['’]\w+)*", text))
    match kind:
        case "digit":
            found = list(re.finditer(r"\d", text))
            put = lambda m: str((int(m[0]) + random.randint(1, 9)) % 10)  # noqa: E731
        case "name":
            found = [m for m in words[1:] if m[0][0].isupper() and text[m.start() - 2] not in '.”"’' and len(m[0]) > 3]
            put = lambda m: random.choice(_OTHER_NAMES)  # noqa: E731
        case "negation":
            found = list(re.finditer(r"\b(?:is|was|were|are|has|have|had|could|did|will|not)\b", text))
            put = lambda m: "" if is_negation(m[0]) else f"{m[0]} {random.choice(['not', 'never'])}"  # noqa: E731
        case _:
            found = [m for m in words if m[0].islower() and len(m[0]) > 3]
            put = lambda m: random.choice(_OTHER_WORDS)  # noqa: E731
    if not found:
        return None
    chosen = random.choice(found)
    after = put(chosen)
    changed = text[: chosen.start()] + after + text[chosen.end() :]
    return Altered(re.sub("  +", " ", changed).strip(), kind, chosen[0], after)


def strangers(count: int, seed: int) -> list[str]:
    """Return sentences of other texts, which stand nowhere in the article."""
    texts = [read_corpus_text(path) for path in sorted(INVENTED.glob("*.md"))]
    every = [text[a:b] for text in texts for a, b in sentences(text) if len(text[a:b].split()) >= 5]
    return random.Random(seed).sample(every, count)


def read_corpus_text(path: Path) -> str:
    """Return the text of a Markdown file below its front matter."""
    return path.read_text(encoding="utf-8").split("---", 2)[2].strip()


def article() -> Document:
    """Return the article that Footnote comes with."""
    return read_corpus(Path(__file__).resolve().parents[2] / "corpus").document("article")
