from dataclasses import replace
from pathlib import Path

import pytest

from index.addresses import document_address
from index.answers import CONTEXT, check, compose, not_searched, quotations
from index.build import build
from index.domain import Answer, Hit, Quotation, Status, TextPositionSelector, TextQuoteSelector
from index.errors import BrokenPromise, UnknownStyle
from index.opened import OpenedIndex
from index.searcher import Searcher
from tests.conftest import ToyEncoder, silent


@pytest.fixture(scope="module")
def index(toy_searcher: Searcher) -> OpenedIndex:
    return toy_searcher.index


def quote(index: OpenedIndex, passage: int, best: int = 0, style: str = "chicago") -> Quotation:
    """Quote a passage whose sentence number `best` scores most."""
    scores = tuple(float(i == best) for i in range(len(index.passages[passage].sentences)))
    (quotation,) = quotations(index, [Hit(passage, 0.5, scores, {})], 1, style)
    return quotation


def starting(index: OpenedIndex, words: str) -> int:
    texts = [index.documents[p.document].text[p.start : p.end] for p in index.passages]
    return next(row for row, text in enumerate(texts) if text.startswith(words))


def compose_answer(index: OpenedIndex, status: Status, *found: Quotation) -> Answer:
    return compose(index, question="q?", searched="q", status=status, confidence=0.5, found=found, style="chicago")


def test_quotation_says_where_its_words_stand(index: OpenedIndex) -> None:
    """Every passage of every document is quoted verbatim, with document, paragraph and role."""
    for row, passage in enumerate(index.passages):
        document = index.documents[passage.document]
        quotation = quote(index, row)

        assert quotation.text == document.text[quotation.start : quotation.end]
        assert (quotation.start, quotation.end) == (passage.start, passage.end)
        assert (quotation.paragraph, quotation.role) == (passage.paragraph, passage.role)
        assert (quotation.document.id, quotation.document.sha256) == (document.id, document.sha256)


def test_best_sentence_is_highlighted(index: OpenedIndex) -> None:
    """The highlight is the sentence that scores most; address and selectors point at the same words."""
    quotation = quote(index, starting(index, "Work on"), best=2)
    (highlight,) = quotation.highlights
    position, words = quotation.target.selector
    text = index.documents["article"].text
    start, end = quotation.start + highlight.start, quotation.start + highlight.end

    assert text[start:end] == "A November gale swept the first barrack away."
    assert position == TextPositionSelector(start, end)
    assert words == TextQuoteSelector(text[start:end], text[start - CONTEXT : start], text[end : end + CONTEXT])
    assert quotation.url == f"/documents/article?start={start}&end={end}#hl"
    assert quotation.target.source == "/documents/article"


def test_selector_has_less_context_at_the_edges(index: OpenedIndex) -> None:
    """At the beginning and the end of a document there is no text before or after."""
    quotation = quote(index, starting(index, "Reed visited"))
    _, words = quotation.target.selector

    assert isinstance(words, TextQuoteSelector)
    assert (words.prefix, words.suffix) == ("", "\n\nA library in Tarra keeps a cop")


@pytest.mark.parametrize(
    ("sentence", "within"),
    [(0, [False]), (1, [False, True]), (2, [True]), (3, [False])],
)
def test_words_within_a_quotation_are_marked(index: OpenedIndex, sentence: int, within: list[bool]) -> None:
    """What the article quotes is marked apart from the author's own words, also in the middle of a sentence."""
    highlights = quote(index, starting(index, "The engineer slept"), best=sentence).highlights

    assert [h.within_quotation for h in highlights] == within


def test_notes_count_from_the_passage(index: OpenedIndex) -> None:
    """A passage carries the notes inside it, each where its marker stood in the passage's text."""
    (note,) = quote(index, starting(index, "The engineer slept")).notes

    assert quote(index, starting(index, "The engineer slept")).text[: note.at].endswith("Nobody speaks until dawn.”")
    assert (note.number, note.references) == (2, (2, 3))
    assert quote(index, starting(index, "Fog silenced")).notes == ()


def test_every_note_is_in_a_passage(tmp_path: Path) -> None:
    """No note is lost, wherever its marker stands: before a paragraph, between two sentences, at the end."""
    body = "[^1]One is. Two is.[^2] Three is. [^3]Four is.[^4]\n\n" + "".join(f"[^{n}]: Note {n}.\n" for n in range(1, 5))
    encoder = ToyEncoder()
    encoder.limit = 16
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/article.md").write_text(f"---\ntitle: A\n---\n\n{body}", encoding="utf-8")
    build(tmp_path / "corpus", tmp_path / "index", encoder, progress=silent)
    index = OpenedIndex.open(tmp_path / "index")
    rows = [row for row, passage in enumerate(index.passages) if passage.document == "article"]
    found = [[note.number for note in quote(index, row).notes] for row in rows]
    index.close()

    assert len(rows) > 1
    assert sorted(number for numbers in found for number in numbers) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("words", "citation"),
    [
        ("Work on", "Ada Stone, “The Lighthouse on Corran Rock,” n.d., “The building,” para. 1."),
        ("Ada Stone", "Ada Stone, “The Lighthouse on Corran Rock,” n.d. Front matter."),
        ("B. Hale", "Ada Stone, “The Lighthouse on Corran Rock,” n.d. Reference 2."),
        (
            "Reed visited",
            "Editors’ words on reference 1, not the author’s. In the article: Ada Stone, “The Lighthouse on Corran Rock,” n.d.",
        ),
    ],
)
def test_citation_says_whose_words_they_are(index: OpenedIndex, words: str, citation: str) -> None:
    """A passage of the article is cited by section and paragraph, an entry by number, the editors' words as theirs."""
    assert quote(index, starting(index, words)).citation == citation


def test_source_is_cited_as_itself(index: OpenedIndex) -> None:
    """A passage of a fetched source has the citation of its reference."""
    row = starting(index, "Reed visited")
    document = replace(index.documents["annotation-1"], kind="source")
    held = replace(index, corpus=replace(index.corpus, documents=(document,)))

    assert quote(held, row).citation == index.citations.reference(1)


def test_unknown_style_is_named(index: OpenedIndex) -> None:
    """A style that does not exist is refused, with those that do."""
    with pytest.raises(UnknownStyle, match="no citation style 'harvard'; choose one of chicago, "):
        quote(index, 0, style="harvard")


def test_quotations_are_numbered_in_their_order(index: OpenedIndex) -> None:
    """Quotations are numbered from 1 in the order of the hits and keep their scores."""
    hits = [Hit(row, score, (1.0,), {}) for row, score in ((5, 0.9), (8, 0.7), (11, 0.2))]
    found = quotations(index, hits, len(hits), "chicago")

    assert [(q.number, q.score) for q in found] == [(1, 0.9), (2, 0.7), (3, 0.2)]
    assert [q.document.id for q in found] == ["about", "references", "annotation-1"]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("The engineer slept", [2, 3]), ("C. Voss", [3]), ("Reed visited", [1]), ("Fog silenced", [])],
)
def test_references_are_those_pointed_to(index: OpenedIndex, words: str, numbers: list[int]) -> None:
    """An answer resolves the references of its notes, of a quoted entry and of the editors' words on one."""
    row = starting(index, words)
    answer = compose_answer(index, "answered", quote(index, row), quote(index, row))

    assert [reference.number for reference in answer.references] == numbers


def test_resolved_reference_is_complete(index: OpenedIndex) -> None:
    """A reference is resolved as printed, formatted, with its address and where its text stands with us."""
    answer = compose_answer(index, "answered", quote(index, starting(index, "B. Hale")))
    (reference,) = answer.references

    assert reference.printed == "B. Hale, Diary of an Engineer, 1850"
    assert reference.citation == index.citations.reference(2)
    assert (reference.url, reference.status) == ("https://example.org/diary", "not_obtained")


@pytest.mark.parametrize("status", ["answered", "related", "not_found"])
def test_what_is_no_answer_stands_apart(index: OpenedIndex, status: Status) -> None:
    """Where nothing is found the nearest passages are no `passages`, and what could not be searched is said."""
    found = quote(index, 0)
    answer = compose_answer(index, status, found)

    assert (answer.passages, answer.nearest) == (((), (found,)) if status == "not_found" else ((found,), ()))
    assert answer.not_searched == (() if status == "answered" else not_searched(index))
    assert answer.index.fingerprint == index.fingerprint


def test_sources_not_held_are_listed_with_the_reason(index: OpenedIndex) -> None:
    """Each source whose text is not held is named with why, held ones are not."""
    references = (replace(index.corpus.references[0], status="held"), *index.corpus.references[1:])
    held = replace(index, corpus=replace(index.corpus, references=references))

    assert [(n.reference, n.reason) for n in not_searched(held)] == [
        (2, "Only in print."),
        (3, "The full text has not been obtained."),
    ]


@pytest.mark.parametrize("change", ["words", "offset", "digest", "document"])
def test_broken_promise_is_not_served(index: OpenedIndex, change: str) -> None:
    """A quotation whose words, place or document are not what they were is refused."""
    quotation, document = quote(index, 0), index.documents["article"]
    broken = {
        "words": (replace(quotation, text=quotation.text.replace("1838", "1839")), document),
        "offset": (replace(quotation, start=quotation.start + 1), document),
        "digest": (replace(quotation, document=replace(quotation.document, sha256="0" * 64)), document),
        "document": (
            replace(quotation, text=quotation.text.replace("1838", "1839")),
            replace(document, text=document.text.replace("1838", "1839")),
        ),
    }[change]
    check(quotation, document)

    with pytest.raises(BrokenPromise, match="the quotation from article does not stand at"):
        check(*broken)


def test_address_is_escaped() -> None:
    """A document may be called by any file name."""
    assert document_address("a?b #1/é", 3, 9) == "/documents/a%3Fb%20%231%2F%C3%A9?start=3&end=9#hl"
