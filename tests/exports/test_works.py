"""An export lists each work once, under one key, with the places of what is quoted."""

from dataclasses import replace

from index.corpus import read_corpus
from index.domain import Answer, Quotation, Reference
from index.exports.works import quoted_works, works
from tests.conftest import ROOT
from tests.fakes import HELD, FakeSearcher, fake_corpus

CORPUS = fake_corpus()
ANSWER = FakeSearcher(CORPUS).ask("helicopters Russia India sale", k=4)


def passage(document_id: str, paragraph: int) -> Quotation:
    """Return a quotation of this paragraph."""
    document = CORPUS.document(document_id)
    found = next(p for p in document.paragraphs if p.number == paragraph)
    link = replace(ANSWER.passages[0].document, id=document.id, kind=document.kind, article=document.article)
    return replace(ANSWER.passages[0], document=link, role=found.role, paragraph=paragraph, notes=())


def places(*passages: Quotation) -> dict[str, str]:
    answer = replace(ANSWER, passages=passages, references=())
    return {work.key: work.locator for work in quoted_works(answer, CORPUS)}


def test_keys_tell_author_year_and_word() -> None:
    """Keys are unlike, plain, and say who, when and what, so that a person can type them."""
    keys = {id: work.key for id, work in works(read_corpus(ROOT / "corpus")).items()}

    assert len(set(keys.values())) == len(keys) == 30
    assert all(key.isascii() and key.replace("-", "").isalnum() for key in keys.values())
    assert (keys["article", None], keys["article", 1], keys["article", 4], keys["article", 6]) == (
        "khanevolving", "abbasi2023pakistan", "dawn2010foreign", "usarchived",
    )  # fmt: skip
    assert (keys["article", 16], keys["article", 22]) == ("gannon2018shifting", "gannon2018shifting-2")


def test_work_without_plain_letters_has_a_key() -> None:
    """A work whose author and title have no plain letters is called by its number."""
    reference = Reference(7, "李明", {"id": "7", "type": "book", "title": "中国", "author": [{"family": "李"}]})
    known = works(replace(CORPUS, references=(reference,)))

    assert known["article", 7].key == "article-7"


def test_work_quoted_twice_is_listed_once() -> None:
    """Several passages of one article are one entry that names their paragraphs, in order."""
    assert places(passage("article", 31), passage("article", 8)) == {"khanevolving": "paragraphs 8, 31"}
    assert places(passage("article", 8)) == {"khanevolving": "paragraph 8"}


def test_place_says_what_was_quoted() -> None:
    """An entry of the list of references and the title page are places of the article, beside its paragraphs."""
    found = places(passage("references", 3), passage("about", 1), passage("article", 8))

    assert found == {"khanevolving": "paragraph 8; reference 3; front matter"}


def test_held_source_is_its_own_work() -> None:
    """A passage of a held source is quoted from that source, with the source's paragraph."""
    key = works(CORPUS)["article", HELD].key

    assert places(passage(f"source-{HELD}", 1)) == {key: "paragraph 1"}


def test_editors_words_are_no_work() -> None:
    """The editors' words are quoted from no work."""
    annotation = next(d for d in CORPUS.documents if d.kind == "annotation")

    assert places(passage(annotation.id, 1)) == {}


def test_cited_works_follow() -> None:
    """After the quoted works come those that the notes lead to, without a place, under the keys they always have."""
    listed = quoted_works(ANSWER, CORPUS)
    known = works(CORPUS)

    assert ANSWER.references
    assert [work.key for work in listed[1:]] == [known[r.article, r.number].key for r in ANSWER.references]
    assert listed[0].locator.startswith("paragraphs ")
    assert {work.locator for work in listed[1:]} == {""}


def test_nothing_is_quoted_where_nothing_answers() -> None:
    """Where the sources do not answer no work is listed, though passages are near."""
    silent: Answer = FakeSearcher(CORPUS).ask("zebra quantum helicopters")

    assert silent.nearest
    assert quoted_works(silent, CORPUS) == ()
