"""An answer's Web Annotations have the structure of the W3C's data model."""

import json
from dataclasses import replace
from typing import Any

from index.domain import Answer
from index.exports.web_annotation import to_web_annotations
from tests.fakes import FakeSearcher, fake_corpus

CORPUS = fake_corpus()
ADDRESS = "/ask.jsonld?q=helicopters"
BASE = "https://notes.example/"
PURPOSES = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
    "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip


def page_of(answer: Answer) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(to_web_annotations(answer, address=ADDRESS, base=BASE))
    return page


def test_page_is_an_annotation_page() -> None:
    """The page has the context, its own address, its collection and an annotation for each passage."""
    answer = FakeSearcher(CORPUS).ask("helicopters Russia India sale", k=3)
    page = page_of(answer)

    assert list(page) == ["@context", "id", "type", "partOf", "startIndex", "items"]
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    assert page["id"] == "https://notes.example/ask.jsonld?q=helicopters"
    assert page["partOf"] | {"id": ""} == {
        "id": "", "type": "AnnotationCollection", "label": answer.question, "total": len(answer.passages),
    }  # fmt: skip
    assert len({item["id"] for item in page["items"]}) == len(answer.passages) == 3


def test_annotation_marks_the_words() -> None:
    """Each annotation targets an absolute address with both selectors, whose exact words stand in the document."""
    answer = FakeSearcher(CORPUS).ask("helicopters Russia India sale", k=3)

    for item, passage in zip(page_of(answer)["items"], answer.passages, strict=True):
        position, quote = item["target"]["selector"]
        assert (item["type"], item["motivation"]) == ("Annotation", "highlighting")
        assert item["target"]["source"] == f"https://notes.example{passage.target.source}"
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        text = CORPUS.document(passage.document.id).text
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert text[: position["start"]].endswith(quote["prefix"])
        assert text[position["end"] :].startswith(quote["suffix"])


def test_bodies_say_what_was_asked_and_how_sure_it_is() -> None:
    """The question, whether the passage answers it or is only related, and its citation are bodies with a purpose."""
    answer = replace(FakeSearcher(CORPUS).ask("helicopters Russia India sale", k=1), status="related")
    (item,) = page_of(answer)["items"]

    assert {body["purpose"]: body["value"] for body in item["body"]} == {
        "questioning": answer.question, "assessing": "related", "describing": answer.passages[0].citation,
    }  # fmt: skip
    assert {body["purpose"] for body in item["body"]} <= PURPOSES
    assert {(body["type"], body["format"]) for body in item["body"]} == {("TextualBody", "text/plain")}


def test_nothing_is_marked_where_nothing_answers() -> None:
    """Where the sources do not answer the page is there and empty."""
    page = page_of(FakeSearcher(CORPUS).ask("zebra quantum helicopters"))

    assert (page["items"], page["partOf"]["total"]) == ([], 0)
