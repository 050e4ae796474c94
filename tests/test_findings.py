import json
from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from index.build import build
from index.corpus import read_corpus
from index.domain import Finding, Reference
from index.findings import findings_on, with_places
from index.passages import cut_whole
from index.searcher import Searcher
from server.app import create_app
from server.citing import findings_beside
from server.footnotes import apparatus
from server.settings import Settings
from tests.conftest import REFERENCES, ROOT, ToyEncoder, silent
from tests.fakes import FakeSearcher
from tests.markup import Markup

ON_NOTE = "The year is wrong: it is 1900."
ON_WORDS = "Other sources count eighty masons."


def with_findings(folder: Path) -> None:
    """Give the first reference of the toy corpus a finding on its note and one on words in the same paragraph."""
    findings = [{"text": ON_NOTE}, {"text": ON_WORDS, "quotes": ["Forty masons cut granite"]}]
    entries = [REFERENCES[0] | {"findings": findings}, *REFERENCES[1:]]
    (folder / "references.json").write_text(json.dumps(entries), encoding="utf-8")


def test_every_finding_of_the_corpus_stands_where_it_says() -> None:
    """The words that our findings are about stand in the article, and a finding on none belongs to a note that is there."""
    corpus = read_corpus(ROOT / "corpus")
    noted = {number for note in corpus.document("article").notes for number in note.references}

    findings = [(r, f) for r in corpus.references for f in r.findings]
    assert len(findings) >= 20
    assert all(len(f.places) >= len(f.quotes) and (f.quotes or r.number in noted) for r, f in findings)


def test_the_two_dates_are_told_with_either() -> None:
    """A passage with either date of the recognition brings the finding that the article gives two."""
    corpus = read_corpus(ROOT / "corpus")
    article = corpus.document("article")
    passages = [p for p in cut_whole(article) if "July 3, 2025" in (t := article.text[p.start : p.end]) or "July 4, 2025" in t]

    told = [any("two dates" in f.text for f in findings_on(p, article, corpus.references)) for p in passages]
    assert told == [True, True]


def test_a_reader_of_note_21_learns_of_the_mismatch() -> None:
    """The passage with note 21 says that the cited paper is by other authors on another subject."""
    corpus = read_corpus(ROOT / "corpus")
    article = corpus.document("article")
    at = next(n.at for n in article.notes if n.number == 21)
    passage = next(p for p in cut_whole(article) if p.start <= at <= p.end)

    found = findings_on(passage, article, corpus.references)
    assert any(f.reference == 21 and "by other authors and on another subject" in f.text for f in found)


def test_findings_follow_notes_and_words(toy_corpus: Path, tmp_path: Path) -> None:
    """An answer's passage brings the findings on its notes and on its words, and another passage does not."""
    with_findings(toy_corpus)
    build(toy_corpus, tmp_path / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(tmp_path / "index", ToyEncoder())

    answer = searcher.ask("When did they start to build?", k=20)
    searcher.close()
    shown = {q.start: [f.text for f in q.findings] for q in (*answer.passages, *answer.nearest) if q.document.kind == "article"}
    assert shown[min(shown)] == [ON_NOTE, ON_WORDS]
    assert not any(texts for start, texts in shown.items() if start != min(shown))


def test_a_finding_on_changed_words_has_no_place(toy_corpus: Path) -> None:
    """Words that no longer stand lose their place, not the corpus."""
    article = read_corpus(toy_corpus).document("article")
    reference = Reference(1, "printed", {}, findings=(Finding("Doubtful.", ("Words that do not stand here.",)),))

    placed = with_places((reference,), article)
    assert placed == (replace(reference),)


def test_article_shows_every_finding_beside_its_paragraph() -> None:
    """On the article's page each paragraph has the editors' findings on it, named as such and led to their source."""
    corpus = read_corpus(ROOT / "corpus")
    article = corpus.document("article")
    page = Markup(TestClient(create_app(Settings(), FakeSearcher(corpus))).get("/documents/article").text)
    shown = {tag.attributes["id"]: tag.text for tag in page.named("div", class_="paragraph")}

    beside = {p.number: findings_on(p, article, corpus.references) for p in article.paragraphs}
    assert {f.text for found in beside.values() for f in found} == {f.text for r in corpus.references for f in r.findings}
    for number, found in beside.items():
        assert shown[f"p{number}"].count("Editors’ finding") == len(found)
        assert all(f"source {f.reference}: {f.text}" in shown[f"p{number}"] for f in found)
    assert {f"/sources/{f.reference}" for found in beside.values() for f in found} <= set(page.links())


def test_other_documents_have_no_findings_beside_them() -> None:
    """The findings are about the article's text: no other document shows them beside its own."""
    corpus = read_corpus(ROOT / "corpus")

    assert [d.id for d in corpus.documents if findings_beside(corpus, d.id)] == ["article"]


def test_a_note_knows_which_of_its_sources_have_a_finding(toy_corpus: Path, tmp_path: Path) -> None:
    """A footnote names the source that a finding on its passage is about, once, and a footnote without one names none."""
    with_findings(toy_corpus)
    build(toy_corpus, tmp_path / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(tmp_path / "index", ToyEncoder())

    below = apparatus(searcher.ask("When did they start to build?", k=20))
    searcher.close()
    doubted = {f.number: [r.number for r in f.doubted] for f in below.footnotes}
    assert doubted.pop(1) == [1]
    assert doubted
    assert not any(doubted.values())
