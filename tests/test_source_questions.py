import pytest

from index.searcher import Searcher
from index.source_questions import SourceQuestion


@pytest.mark.parametrize(
    "question",
    [
        "What is cited for the Soviet withdrawal?",
        "Which works does the author cite?",
        "Is there a citation for that?",
        "who wrote about the gas pipeline?",
        "Who reported the sale of helicopters?",
        "Is anything by a think tank used?",
        "Which think-tanks are named?",
        "Which newspaper articles are used?",
        "Show me the bibliography",
        "List the references",
        "What sources does the article use?",
        "Which source says so?",
        "Is the diary in a FOOTNOTE?",
        "Was it written by a general?",
    ],
)
def test_question_for_sources_is_told(question: str) -> None:
    """What asks for works, notes or their writers asks for sources, without a number."""
    assert SourceQuestion.read(question) == SourceQuestion(asked=True)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the Soviets withdraw?",
        "What are the sources of energy in Pakistan?",
        "Was Kashmir a source of tension?",
        "What happened in 1971?",
        "Which city did Bhutto visit?",
        "What did India note in 1971?",
        "Was anybody excited?",
        "How large are the resources of 14 provinces?",
        "Did Moscow sell 70 helicopters?",
        "What does the paper say about Kabul?",
        "Is it noteworthy?",
        "",
    ],
)
def test_question_about_the_matter_is_none(question: str) -> None:
    """Words that only look or sound like those of sources ask for none."""
    assert SourceQuestion.read(question) == SourceQuestion(asked=False)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("What is note 14?", (14,)),
        ("What is footnote 14?", (14,)),
        ("endnote 14", (14,)),
        ("What does end note 14 say?", (14,)),
        ("Note no. 14", (14,)),
        ("note no 14", (14,)),
        ("Note number 14?", (14,)),
        ("note #14", (14,)),
        ("note nr. 14", (14,)),
        ("NOTE14", (14,)),
        ("reference 14", (14,)),
        ("ref 14", (14,)),
        ("ref. 14", (14,)),
        ("source 14", (14,)),
        ("citation 14", (14,)),
        ("the 1st note, please", (1,)),
        ("the 22nd footnote", (22,)),
        ("What is the 3rd reference?", (3,)),
        ("the 14th source", (14,)),
        ("Compare note 3 with footnote 5", (3, 5)),
        ("What are notes 3 and 5?", (3, 5)),
        ("footnotes 3, 5 and 7", (3, 5, 7)),
        ("sources 3, 5, or 7", (3, 5, 7)),
        ("references 3 & 5", (3, 5)),
        ("note 3 and footnote 3", (3,)),
    ],
)
def test_notes_are_asked_for_by_number(question: str, numbers: tuple[int, ...]) -> None:
    """A number beside a word for a note is the note's, in whatever form, each number once."""
    assert SourceQuestion.read(question) == SourceQuestion(asked=True, numbers=numbers)


@pytest.mark.parametrize("question", ["reference 12345", "note twelve, a reference", "In 1971 a footnote was added"])
def test_other_numbers_are_no_notes(question: str) -> None:
    """A number too long for a note, one in words, and one that stands apart are not taken for a note's."""
    assert SourceQuestion.read(question) == SourceQuestion(asked=True)


def test_entries_are_admitted_to_questions_for_sources(toy_searcher: Searcher) -> None:
    """A bibliography entry may answer a question for sources and no other; every other passage may answer both."""
    index = toy_searcher.index
    entries = index.has_role("reference")

    assert entries.sum() == 3
    assert SourceQuestion(asked=True).admitted(index).all()
    assert SourceQuestion(asked=False).admitted(index).tolist() == (~entries).tolist()


@pytest.mark.parametrize(
    ("numbers", "beginnings"),
    [
        ((), []),
        ((1,), ["Work on the tower", "A. Reed"]),
        ((2,), ["The engineer slept", "B. Hale"]),
        ((2, 3), ["The engineer slept", "A keeper lit", "B. Hale", "C. Voss"]),
        ((9,), []),
    ],
)
def test_note_leads_to_its_passage_and_its_entry(
    toy_searcher: Searcher, numbers: tuple[int, ...], beginnings: list[str]
) -> None:
    """A number leads to the passage that carries the note and to the entry of that number, and to nothing else."""
    index = toy_searcher.index
    rows = SourceQuestion(asked=True, numbers=numbers).passages(index)
    texts = [index.documents[p.document].text[p.start : p.end] for p in (index.passages[row] for row in rows)]

    assert len(texts) == len(beginnings)
    assert all(text.startswith(words) for text, words in zip(texts, beginnings, strict=True))


@pytest.mark.real
@pytest.mark.parametrize("number", [4, 14, 24, 25])
def test_note_asked_for_by_number_has_its_sentence_marked(searcher: Searcher, number: int) -> None:
    """A note asked for by number stands in or right behind the words that are marked in the first passage that carries it."""
    answer = searcher.ask(f"What is note {number}?", k=5)

    quotation = next(q for q in answer.passages if number in [note.number for note in q.notes])
    at = next(note.at for note in quotation.notes if note.number == number)

    assert quotation.highlights[0].start <= at <= quotation.highlights[-1].end
