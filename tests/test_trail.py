import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.answers import MOST_OF_ONE_SOURCE
from index.build import build
from index.confidence import judged_by, kind_of
from index.corpus import read_corpus
from index.encoder import SentenceTransformersEncoder
from index.followups import Searched
from index.searcher import Searcher
from index.sources import UnknownSource
from index.trail import CLOSE, MOST_PASSAGES_SHOWN, cited_at
from tests.conftest import ROOT, ToyEncoder, silent

SOURCE = """---
title: Towers of the North
final: https://example.org/towers
media_type: text/html
obtained: 2026-11-25T10:00:00Z
---

Ships were lost every winter before anybody thought of a light.

Work on the tower began in the summer of 1838, when the first masons landed.

The keepers of other lights kept goats and grew cabbages.

A fourth paragraph speaks of nothing in particular.
"""


@pytest.fixture
def held(toy_corpus: Path, tmp_path: Path) -> Iterator[Searcher]:
    """Return a searcher over the toy corpus with the text of its first reference."""
    (toy_corpus / "sources").mkdir()
    (toy_corpus / "sources" / "1.md").write_text(SOURCE, encoding="utf-8")
    build(toy_corpus, tmp_path / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(tmp_path / "index", ToyEncoder())
    yield searcher
    searcher.close()


def test_notes_resolve_both_ways() -> None:
    """Each of the article's 29 notes leads to its reference, and each reference to the sentence that carries its note."""
    corpus = read_corpus(ROOT / "corpus")
    article = corpus.document("article")

    forth = {note.number: note.references for note in article.notes}
    assert forth == {number: (number,) for number in range(1, 30)}
    for reference in corpus.references:
        (sentence,) = cited_at(article, reference.number)
        (note,) = (n for n in article.notes if reference.number in n.references)
        assert article.text[sentence.start : sentence.end] == sentence.text
        assert sentence.start < note.at <= sentence.end + 1


def test_the_nearest_passage_of_a_source_stands_beside_the_sentence(held: Searcher) -> None:
    """A source that is held gives, nearest first, the passages nearest to the sentence that cites it, word for word."""
    source = held.ledger.source("1", "chicago")

    text = held.index.documents["source-1"].text
    assert source.status == "held"
    assert len(source.passages) == MOST_PASSAGES_SHOWN
    assert source.passages[0].text.startswith("Work on the tower began in the summer of 1838")
    assert all(text[p.start : p.end] == p.text and p.cited_at == 0 for p in source.passages)
    assert [p.score for p in source.passages] == sorted((p.score for p in source.passages), reverse=True)
    assert source.passages[0].score > source.passages[1].score


def test_the_verdict_follows_the_score(held: Searcher) -> None:
    """The same sentence is close, and another subject is not."""
    source = held.ledger.source("1", "chicago")

    assert [p.verdict for p in source.passages] == ["close", "nothing_close", "nothing_close"]


def test_a_source_that_is_not_held_has_no_passages(held: Searcher) -> None:
    """Where the text is not held nothing stands beside the sentence."""
    source = held.ledger.source("2", "chicago")

    assert (source.status, source.passages, source.provenance) == ("not_obtained", (), None)
    assert source.cited_at


def test_provenance_is_told(held: Searcher) -> None:
    """A held source says where its text came from."""
    provenance = held.ledger.source("1", "chicago").provenance

    assert provenance is not None
    assert (provenance.final, provenance.media_type) == ("https://example.org/towers", "text/html")


def test_the_publisher_s_page_is_opened_at_the_words(held: Searcher) -> None:
    """The passage of a source that came as HTML links to the publisher's page with a text fragment."""
    passage = held.ledger.source("1", "chicago").passages[0]

    assert passage.publisher_url is not None
    assert passage.publisher_url.startswith("https://example.org/towers#:~:text=Work%20on%20the%20tower")


def test_an_answer_offers_the_source_s_own_passage(held: Searcher) -> None:
    """An answer from the article shows, with the reference of its note, the source's passage nearest to the sentence."""
    answer = held.ask("When did they start to build?", k=1)

    (quotation,) = answer.passages or answer.nearest
    reference = next(r for r in answer.references if r.number == 1)
    assert quotation.document.kind == "article"
    assert [p.text[:25] for p in reference.passages] == ["Work on the tower began i"]


def test_a_source_answers_what_only_it_says(held: Searcher) -> None:
    """A question that only the source answers finds the source first, judged without the question index."""
    asked, hits = held.find(Searched("Did the keepers of other lights grow cabbages?"))

    first = held.index.passages[hits[0].passage]
    assert (first.role, first.document) == ("source", "source-1")
    assert kind_of(asked.neighbours) == "with_question_index"
    assert kind_of(judged_by(held.index, hits, asked.neighbours)) == "without_question_index"


def test_what_the_article_answers_stays_the_article_s(held: Searcher) -> None:
    """A question that the question index leads to a sentence of the article finds that, though the source says the same."""
    asked, hits = held.find(Searched("When did they start to build?"))

    assert held.index.passages[hits[0].passage].role == "body"
    assert judged_by(held.index, hits, asked.neighbours) is asked.neighbours


def test_an_answer_holds_few_passages_of_one_source(held: Searcher) -> None:
    """However many passages are asked for, no more than three are of one source, so that no answer republishes it."""
    answer = held.ask("Which ships, masons, keepers and paragraphs does it speak of?", k=20)

    quoted = (*answer.passages, *answer.nearest)
    found = [q.document.id for q in quoted] + [place.document for q in quoted for place in q.also_at]
    assert len([p for p in held.index.passages if p.role == "source"]) > MOST_OF_ONE_SOURCE
    assert found.count("source-1") == MOST_OF_ONE_SOURCE


def test_unknown_source_is_refused(held: Searcher) -> None:
    """A number that is not in the list, or not a number, is no source."""
    for number in ("4", "0", "one", "1.0", ""):
        with pytest.raises(UnknownSource):
            held.ledger.source(number, "chicago")


def test_scores_are_the_same_again(held: Searcher, tmp_path: Path) -> None:
    """The same index gives the same scores, opened again too."""
    reopened = Searcher.open(tmp_path / "index", ToyEncoder())
    first, again, anew = (searcher.ledger.source("1", "chicago").passages for searcher in (held, held, reopened))
    reopened.close()

    assert first == again == anew
    assert np.isfinite([p.score for p in first]).all()


@pytest.mark.real
def test_the_threshold_is_the_one_that_is_fitted(real_encoder: SentenceTransformersEncoder, searcher: Searcher) -> None:
    """The threshold in use is the one that the benchmark fits, and on topics held out it tells most sentences rightly."""
    path = ROOT / "tests" / "benchmarks" / "trail.py"
    spec = importlib.util.spec_from_file_location("trail_benchmark", path)
    assert spec
    assert spec.loader
    benchmark = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = benchmark
    spec.loader.exec_module(benchmark)

    found = benchmark.measured(real_encoder, searcher.index.passage_token_weights)
    held_out = found["held out"]
    assert found["fitted on"].threshold() == pytest.approx(CLOSE)
    assert (held_out.has >= CLOSE).mean() >= 0.6
    assert (held_out.lacks >= CLOSE).mean() <= 0.2
