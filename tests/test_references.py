import json
from pathlib import Path
from typing import Any

import pytest

from index.domain import Fact, Reference
from index.errors import CorpusError
from index.references import annotation_documents, read_references, references_document

ENTRY: dict[str, Any] = {"number": 1, "printed": "A. Reed, Towers, 1901.", "csl": {"type": "book", "title": "Towers"}}


def read(tmp_path: Path, content: str | bytes | list[Any]) -> tuple[Reference, ...]:
    path = tmp_path / "references.json"
    text = json.dumps(content) if isinstance(content, list) else content
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_references(path, article="article")


def test_entry_is_read_whole(tmp_path: Path) -> None:
    """Everything that an entry says is in its reference, the printed words in canonical form."""
    more = {
        "printed": "A. Reed,  Cafe\u0301.",
        "csl": {"type": "book", "URL": "https://example.org/1"},
        "differences": ["The year is missing."],
        "annotation": "Reed says so.",
        "editor_notes": "Not checked.",
        "facts": [{"text": "It exists.", "urls": ["https://example.org/2"]}, {"text": "It is long."}],
        "status": "other_pages",
        "reason": "Not fetched.",
        "duplicate_of": 3,
        "checked": "2026-11-25",
    }
    (reference,) = read(tmp_path, [ENTRY | more])

    assert reference == Reference(
        number=1,
        printed="A. Reed, Café.",
        csl={"type": "book", "URL": "https://example.org/1"},
        differences=("The year is missing.",),
        annotation="Reed says so.",
        editor_notes="Not checked.",
        facts=(Fact("It exists.", ("https://example.org/2",)), Fact("It is long.")),
        status="other_pages",
        reason="Not fetched.",
        duplicate_of=3,
        checked="2026-11-25",
    )
    assert reference.url == "https://example.org/1"


def test_bare_entry_claims_nothing(tmp_path: Path) -> None:
    """An entry that says only what was printed is not obtained, and nothing is known of it."""
    (reference,) = read(tmp_path, [ENTRY])

    assert reference.status == "not_obtained"
    assert (reference.annotation, reference.facts, reference.url) == (None, (), None)


def test_references_come_in_order_of_number(tmp_path: Path) -> None:
    """The order of the file does not matter."""
    references = read(tmp_path, [ENTRY | {"number": 2}, ENTRY])

    assert [r.number for r in references] == [1, 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe[]", r"^references\.json:1: the file is not UTF-8 text\.$"),
        ("", r"^references\.json:1: not JSON: "),
        ('[\n {"number": 1,}\n]', r"^references\.json:2: not JSON: "),
        ('{"number": 1}', r"^references\.json:1: expected a list of references\.$"),
        ([ENTRY, "Reed"], r"^references\.json: entry 2: expected an object with 'number', 'printed' and 'csl'\.$"),
        ([{"number": 1, "csl": {}}], r"^references\.json: entry 1: 'printed': Field required\.$"),
        ([ENTRY | {"number": "1"}], r"^references\.json: entry 1: 'number': Input should be a valid integer\.$"),
        ([ENTRY | {"csl": None}], r"^references\.json: entry 1: 'csl': Field required\.$"),
        ([ENTRY | {"printed": " "}], r"^references\.json: entry 1: 'printed' is empty\.$"),
        ([ENTRY | {"printed": "\ud800"}], r"^references\.json: entry 1: Invalid JSON: "),
        ([ENTRY | {"status": "lost"}], r"^references\.json: entry 1: 'status': Input should be 'held', "),
        ([ENTRY | {"facts": ["It exists."]}], r"^references\.json: entry 1: 'facts\.0': Input should be an object\.$"),
        (
            [ENTRY | {"annotation": ["Reed says so."]}],
            r"^references\.json: entry 1: 'annotation': Input should be a valid string",
        ),
        (
            [ENTRY | {"differences": "The year."}],
            r"^references\.json: entry 1: 'differences': Input should be a valid array",
        ),
        ([ENTRY, ENTRY], r"^references\.json: reference 1 is there twice\.$"),
    ],
)
def test_malformed_file_is_named(tmp_path: Path, content: Any, message: str) -> None:
    """What is wrong with `references.json` is said with its line, or with the entry."""
    with pytest.raises(CorpusError, match=message):
        read(tmp_path, content)


def test_printed_list_is_a_document() -> None:
    """The list as printed is a document whose paragraph n is entry n, also where numbers are left out."""
    references = (Reference(2, "B. Hale, Diary.", {}), Reference(5, "C. Voss, The Gale.", {}))
    document = references_document(references, article="towers", prefix="towers-")

    assert document.id == "towers-references"
    assert document.text == "B. Hale, Diary.\n\nC. Voss, The Gale."
    assert [(p.number, p.role) for p in document.paragraphs] == [(2, "reference"), (5, "reference")]


def test_editors_words_are_documents_of_their_own() -> None:
    """Annotation, facts and notes on a reference are one document that names it; a reference without any has none."""
    known = Reference(1, "A. Reed, Towers.", {}, annotation="Reed says so.", facts=(Fact("It exists."),), article="a")
    documents = list(annotation_documents((known, Reference(2, "B. Hale, Diary.", {})), prefix="a-"))

    assert [(d.id, d.kind, d.reference, d.article) for d in documents] == [("a-annotation-1", "annotation", 1, "a")]
    assert documents[0].text == "Reed says so.\n\nIt exists."
    assert documents[0].title == "Editors’ words on reference 1: A. Reed, Towers."
    assert {p.role for p in documents[0].paragraphs} == {"annotation"}
