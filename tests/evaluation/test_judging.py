"""A hit is a passage that holds a whole quote, or has to do with the note asked for."""

import pytest

from index.documents import make_document
from index.domain import Passage
from index.evaluation.judging import Judgement, completed_at, is_marked, judge, judge_passage, passage_id, relevant_passages
from tests.evaluation.making import passage, question


@pytest.mark.parametrize(
    ("quote", "text", "hit"),
    [
        ("Ayub Khan came.", "In 1965 Ayub Khan came. He left.", True),
        ("Ayub  Khan\ncame.¹", "In 1965 Ayub Khan came. He left.", True),
        ("*Ayub* Khan[^12] came.", "Ayub Khan came.", True),
        ("Ayub Khan came.", "Ayub Khan", False),
        ("Ayub Khan came.", "ayub khan came.", False),
        ("cafe\u0301", "the café", True),
        ("the state's", "the state’s", False),
    ],
)
def test_a_hit_holds_a_whole_quote(quote: str, text: str, hit: bool) -> None:
    """White space, markers and emphasis are aside, nothing else is, and half a quote is no quote."""
    assert judge(question("q1", quote), passage(text)).hit is hit


def test_quotes_are_alternatives() -> None:
    """Any one of the quotes makes a hit."""
    assert judge(question("q1", "absent", "here"), passage("It is here.")).hit


def test_a_note_asked_for_is_a_hit_where_it_is_carried_or_printed() -> None:
    """A question about a reference is hit by a note that points there and by the printed entry, by nothing else."""
    asked = question("q1", references=(16, 22))

    assert judge(asked, passage("As Markey observes.", notes=((5, 22),))).hit
    assert judge(asked, passage("Markey, D.", role="reference", paragraph=16)).hit
    assert not judge(asked, passage("As Markey observes.", notes=((5, 15),))).hit
    assert not judge(asked, passage("Other, A.", role="reference", paragraph=15)).hit
    assert not judge(asked, passage("The sixteenth.", role="body", paragraph=16)).hit


def test_a_note_is_no_hit_where_none_was_asked_for() -> None:
    """Carrying notes does not make a passage a hit for a question about the matter."""
    assert not judge(question("q1", "absent"), passage("Text.", notes=((3, 1),))).hit


def test_a_question_in_parts_is_answered_with_the_last_of_them() -> None:
    """Each part wants one of its quotes; the rank is that of the passage which meets the last part."""
    both = question("q1", "a one", "a two", "b one", parts=(1, 1, 2))
    ranking = [passage("none"), passage("a two"), passage("a one"), passage("b one"), passage("a one b one")]

    judgements = [judge(both, p) for p in ranking]

    assert judgements[1] == Judgement(True, frozenset({1}))
    assert completed_at(both, judgements) == 4
    assert completed_at(both, judgements[:3]) is None
    assert completed_at(both, judgements[4:]) == 1


def test_a_question_without_parts_is_answered_with_the_first_hit() -> None:
    """The first hit is enough, and no passages are no answer."""
    plain = question("q1", "here")

    assert completed_at(plain, [judge(plain, passage(text)) for text in ("no", "here", "here")]) == 2
    assert completed_at(plain, []) is None


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        (((9, 24),), True),
        (((0, 30),), True),
        (((9, 17),), True),
        (((0, 16),), False),
        (((0, 17),), True),
        (((0, 13), (20, 30)), True),
        (((0, 8),), False),
        ((), False),
    ],
)
def test_marked_words_are_right_when_they_cover_half_a_quote_or_lie_inside(
    marked: tuple[tuple[int, int], ...], right: bool
) -> None:
    """All marked words together cover half of a quote's letters, or some lie inside it."""
    text = "In 1965, Ayub Khan came. He left."  # the quote is 13 letters without its spaces, at 9 to 24

    assert is_marked(question("q1", "Ayub Khan came."), passage(text, marked=marked)) is right


def test_marked_words_are_compared_wherever_the_quote_stands() -> None:
    """A quote that stands twice may be marked in either place."""
    assert is_marked(question("q1", "yes"), passage("yes, no, yes", marked=((9, 12),)))


def test_a_note_is_marked_with_the_words_that_it_ends() -> None:
    """Where the hit is a note's, its marker stands in or right behind the marked words; an entry is marked anywhere."""
    asked = question("q1", references=(8,))

    assert is_marked(asked, passage("One. Two.", marked=((0, 4),), notes=((4, 8),)))
    assert not is_marked(asked, passage("One. Two.", marked=((5, 9),), notes=((4, 8),)))
    assert is_marked(asked, passage("Khan, A.", role="reference", paragraph=8, marked=((0, 2),)))


def test_the_index_names_its_own_relevant_passages() -> None:
    """Every passage of the index that would be a hit is named, found or not."""
    blocks = ["Here it is.", "Not so.", "Here too."]
    known = make_document(blocks, id="an article", kind="article", title="T", role="body", article="a")
    passages = [Passage(known.id, p.start, p.end, p.role, p.number, ()) for p in known.paragraphs]

    relevant = relevant_passages([known], passages)

    assert relevant(question("q1", "Here")) == ("an_article:0-11", "an_article:22-31")
    assert relevant(question("q2")) == ()
    assert passage_id("an article", 0, 11) == "an_article:0-11"


def test_a_passage_of_the_index_is_judged_as_a_quoted_one() -> None:
    """What another system found in the index is judged by the same rule, its parts with it."""
    known = make_document(["Here it is.", "Not so."], id="a", kind="article", title="T", role="body", article="a")
    first, second = (Passage(known.id, p.start, p.end, p.role, p.number, ()) for p in known.paragraphs)
    asked = question("q1", "Here", "so.", parts=(1, 2))

    assert judge_passage(asked, known, first) == Judgement(hit=True, parts=frozenset({1}))
    assert judge_passage(asked, known, second) == Judgement(hit=True, parts=frozenset({2}))
    assert judge_passage(question("q2", "elsewhere"), known, first) == Judgement(hit=False)
