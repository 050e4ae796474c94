"""A terminal shows the same notes as the page: each that stands in a passage, and what it points to."""

from dataclasses import replace

from index.domain import Answer, Note
from index.searcher import Searcher
from server.commands.printing import answer_lines


def printed(answer: Answer) -> str:
    return " ".join(" ".join(answer_lines(answer)).split())


def test_notes_are_printed_as_they_stand(toy_searcher: Searcher) -> None:
    """Each note of the passages stands below them under its own number, with what it points to, or its text."""
    answer = toy_searcher.ask("What did the engineer write about the sea, and how did the lenses turn?", k=20)
    lines = printed(answer)

    assert {n.number for q in (*answer.passages, *answer.nearest) for n in q.notes} == {1, 2, 3}
    two, three = (r.citation for r in answer.references if r.number in (2, 3))
    assert f"[^2] {two} (not obtained); {three} (not obtained)" in lines
    assert "[^3] Ibid." in lines


def test_notes_of_two_documents_are_told_apart(toy_searcher: Searcher) -> None:
    """Where two articles have a note of the same number, each stands under the title of its article."""
    answer = toy_searcher.ask("What did the engineer write about the sea?", k=1)
    (first,) = answer.passages or answer.nearest
    link = replace(first.document, id="other", title="Another Article")
    second = replace(first, number=2, document=link, notes=(Note(first.notes[0].number, 0, "Another note."),))
    lines = printed(replace(answer, passages=(first, second), nearest=()))

    assert f"Notes to {first.document.title} [^{first.notes[0].number}]" in lines
    assert f"Notes to Another Article [^{first.notes[0].number}] Another note." in lines


def test_sources_without_a_note_are_printed(toy_searcher: Searcher) -> None:
    """A source that is spoken of in a passage without a note is listed by its number, not as a note."""
    answer = toy_searcher.ask("Reed visited every tower himself.", k=1)
    lines = printed(answer)

    assert "Sources 1. " in lines
    assert "[^1]" not in lines
