from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.corpus import read_corpus
from index.documents import make_document
from index.domain import Corpus, Document
from index.passages import cut, sentences

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(ROOT / "corpus")


def count_words(text: str) -> int:
    return len(text.split())


def count_characters(text: str) -> int:
    return len(text)


def document(*paragraphs: str) -> Document:
    return make_document(list(paragraphs), id="a", kind="article", title="A Title", role="body", article="a")


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def ink(text: str) -> list[int]:
    """Return where the characters are that are not white space."""
    return [at for at, character in enumerate(text) if not character.isspace()]


@pytest.mark.parametrize(
    "parts",
    [
        ["He called it the “pivot of history.”² ", "This is why."],
        ["The arms cost $13 billion.²⁴ ", "Russia remains cautious."],
        ["He met Dan Feldman, a former U.S. Special Representative. ", "They talked."],
        ["The U.S.'s interests differ. ", "The U.N. Security Council met."],
        ["Mr Shuaib Qureshi and Dr. Aneel Salman spoke to Lt. Gen. Ali. ", "Prof. Khan wrote it down."],
        ["See PR No. 299 of 2024. ", "It is in Vol. 8 of the journal."],
        ["They signed it (e.g. Gazprom, i.e. Russia) on 3 p.m. that day. ", "It held."],
        ["1. The first thing is this. ", "2. The second is that."],
        ["Exports rose to $75.16 million in 2024. ", "They fell later."],
        ["“Nobody speaks until dawn.” ", "Not one was hurt."],
        ["Is it so? ", "It is! ", "He said: “No.”"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    """Superscripts, abbreviations, initials, numbers and quotation marks do not deceive."""
    assert split("".join(parts)) == [part.rstrip() for part in parts]


spoken = st.lists(
    st.sampled_from(["U.S.", "Dr.", "No.", "12.", "a.m.", "Why?", "“Yes.”", "word", "¹²", "\n\n", " ", ". ", "…", "(3)", "é"]),
    max_size=25,
).map("".join)


@given(st.text(max_size=60) | spoken)
@example(" \u2028 ")
@example("¹²³")
def test_sentences_cover_every_text(text: str) -> None:
    """Sentences are in order, do not overlap, hold every character but white space, and none begins or ends with it."""
    spans = sentences(text)

    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert {at for start, end in spans for at in range(start, end)} >= set(ink(text))
    assert all(part == part.strip() for part in split(text))


@given(st.lists(st.text(max_size=60) | spoken, max_size=3), st.integers(1, 12))
@example(["a" * 40, "b b"], 3)
def test_cutting_loses_no_character(paragraphs: list[str], limit: int) -> None:
    """Passages are in order, do not overlap, fit the limit and hold every character, whatever the text."""
    whole = document(*paragraphs)
    passages = cut(whole, count_tokens=count_characters, limit=limit)
    pieces = [s for p in passages for s in p.sentences]

    assert {at for s in pieces for at in range(s.start, s.end)} >= set(ink(whole.text))
    assert all(before.end <= after.start for before, after in pairwise(pieces))
    assert all(sum(s.end - s.start for s in p.sentences) <= limit for p in passages)
    assert all((p.start, p.end) == (p.sentences[0].start, p.sentences[-1].end) for p in passages)


@pytest.mark.parametrize("limit", [140, 240])
def test_passages_are_whole_sentences_of_one_paragraph(corpus: Corpus, limit: int) -> None:
    """A paragraph's passages are its sentences, all of them in order, and each has the paragraph's role."""
    for whole in corpus.documents:
        passages = cut(whole, count_tokens=count_words, limit=limit)
        for paragraph in whole.paragraphs:
            text = whole.text[paragraph.start : paragraph.end]
            own = [p for p in passages if p.paragraph == paragraph.number]
            found = [(s.start - paragraph.start, s.end - paragraph.start) for p in own for s in p.sentences]

            assert found == sentences(text)
            assert {(p.document, p.role) for p in own} == {(whole.id, paragraph.role)}
            assert all(count_words(whole.text[p.start : p.end]) <= limit for p in own)


def test_paragraph_that_fits_is_one_passage() -> None:
    """A paragraph is divided only where the encoder could not read it whole."""
    whole = document("One two three. Four five six.", "Seven eight.")

    assert [p.paragraph for p in cut(whole, count_tokens=count_words, limit=6)] == [1, 2]
    assert [p.paragraph for p in cut(whole, count_tokens=count_words, limit=5)] == [1, 1, 2]


def test_long_paragraph_is_divided_evenly() -> None:
    """A paragraph of two and a half limits becomes passages of about the same length, not two full ones and a rest."""
    whole = document(" ".join(f"Sentence number {n} has seven words." for n in range(100)))
    lengths = [count_words(whole.text[p.start : p.end]) for p in cut(whole, count_tokens=count_words, limit=240)]

    assert sum(lengths) == 600
    assert max(lengths) - min(lengths) <= 12


def test_sentence_too_long_is_cut_between_words() -> None:
    """A sentence longer than the limit is cut at white space."""
    whole = document("one two three four five six seven")
    passages = cut(whole, count_tokens=count_words, limit=3)

    assert " ".join(whole.text[p.start : p.end] for p in passages) == whole.text
    assert max(count_words(whole.text[p.start : p.end]) for p in passages) <= 3


@pytest.mark.parametrize("text", ["a-" * 20_000, "日本" * 20_000, "word, " * 7_000])
def test_counting_grows_with_the_text_and_no_faster(text: str) -> None:
    """Of a sentence far too long for the encoder each character is counted a few times, however long it is."""
    counted = 0

    def count(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return len(part)

    document = make_document([text], id="article", kind="article", title="Long", role="body", article="article")
    passages = cut(document, count_tokens=count, limit=100)

    assert counted < 12 * len(text)
    assert max(p.end - p.start for p in passages) <= 100
    assert sum(p.end - p.start for p in passages) > 0.95 * len(document.text)


@pytest.mark.parametrize("before", ["", "It was signed there. " * 3])
@pytest.mark.parametrize("text", ["The U.S. \n Navy came. He left.", "See No. 5 of it. He left.", "12. The end. He left."])
def test_abbreviations_end_no_sentence_wherever_they_stand(before: str, text: str) -> None:
    """An abbreviation is known by the few characters that it ends with, also far into a paragraph."""
    found = [(before + text)[start:end] for start, end in sentences(before + text)]

    assert found[-2:] == [text.removesuffix(" He left."), "He left."]
