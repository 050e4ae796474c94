"""A paragraph named right behind a quotation is read, and a quotation that stands in another is told of."""

import pytest

from index.documents import make_document
from index.domain import Document
from index.quotations.checking import Checker
from index.quotations.claims import claim_note, claimed_paragraphs

PARAGRAPHS = ["The grey harbour was built first.", "Nobody came to the second meeting.", "The winter was long and very cold."]
OTHER = ["Seven hills of clay stood there."]


def document(id: str, paragraphs: list[str]) -> Document:
    return make_document(paragraphs, id=id, kind="article", title="T", role="body", article=id)


CHECKER = Checker([document("a", PARAGRAPHS), document("b", OTHER)])


@pytest.mark.parametrize(
    ("behind", "claimed"),
    [
        ("” (Khan, 2025, para. 12).", (12,)),
        ("” (para. 12)", (12,)),
        ('," (para 12)', (12,)),
        (".” (Khan 2025, paragraph 12)", (12,)),
        ("”, (par. 12)", (12,)),
        ("’ (¶ 12)", (12,)),
        ("” (Khan, ¶12; italics mine)", (12,)),
        ("» (Khan, paras. 3–5)", (3, 4, 5)),
        ("” (paragraphs 3-4 and 9)", (3, 4, 9)),
        ("” (¶¶ 3, 9)", (3, 9)),
        ("” (para. 12, 2025)", (12,)),
        ("” (Khan, 2025, p. 12)", ()),
        ("” (Khan, 2025)", ()),
        ("” (paras. 9–3)", ()),
        ("” (paras. 1–9999)", ()),
        ("” (para. 12.5)", ()),
        ("” (para. 123456)", ()),
        ("” (disparate 12)", ()),
        ("” as he says (para. 12)", ()),
        (" (para. 12)", ()),
        ("” (para. 12", ()),
        ("” (one\nline, para. 12)", ()),
        ("", ()),
    ],
)
def test_only_paragraphs_right_behind_the_mark_are_read(behind: str, claimed: tuple[int, ...]) -> None:
    """A paragraph in brackets after the closing mark is claimed; pages, years and what stands farther off are not."""
    assert claimed_paragraphs(f"“three words here{behind}", len("“three words here")) == claimed


@pytest.mark.parametrize(
    ("draft", "note"),
    [
        ("“Nobody came to the” (para. 2)", None),
        ("“Nobody came to the” (paras. 1–2)", None),
        ("“Nobody came to the” (Khan)", None),
        ("“Nobody came to the” (para. 3)", "Claimed from paragraph 3; it stands in paragraph 2."),
        ("“Nobody came to the” (paras. 3–4)", "Claimed from paragraphs 3–4; it stands in paragraph 2."),
        ("“Nobody went to the second meeting” (para. 3)", "Claimed from paragraph 3; the nearest words stand in paragraph 2."),
        ("“purple zebras waltzing underwater” (para. 3)", None),
    ],
)
def test_another_paragraph_is_told(draft: str, note: str | None) -> None:
    """Only a quotation that stands in none of the paragraphs claimed is said to stand elsewhere, its verdict as before."""
    (found,) = CHECKER.check(draft).quotations

    assert claim_note(found) == note
    assert found.verdict == CHECKER.check(draft.split(" (")[0]).quotations[0].verdict


def test_the_same_words_may_be_claimed_from_two_paragraphs() -> None:
    """Each quotation keeps its own claim, though its words are those of another."""
    one, other = CHECKER.check("“Nobody came to the” (para. 1), “Nobody came to the” (para. 2).").quotations

    assert (one.claimed_paragraphs, other.claimed_paragraphs) == ((1,), (2,))


def test_a_place_over_two_paragraphs_is_in_both() -> None:
    """Words that run over a paragraph's end stand in either paragraph."""
    (found,) = CHECKER.check("“second meeting.\n\nThe winter was” (para. 3)").quotations

    assert (found.found[0].paragraph, found.found[0].last_paragraph) == (2, 3)
    assert claim_note(found) is None


def test_paragraphs_of_another_document_are_not_held_against_a_claim() -> None:
    """What stands in another document than the one it is claimed from is said to stand elsewhere, and no more."""
    (found,) = CHECKER.check("“Seven hills of clay” (para. 3)", "a").quotations

    assert (found.verdict, claim_note(found)) == ("elsewhere", None)


def test_hostile_brackets_cost_nothing() -> None:
    """Very many marks and brackets behind a quotation are read in no time."""
    assert claimed_paragraphs("“a b c" + "”" * 20_000 + " (" * 20_000, 6) == ()
    assert claimed_paragraphs("“a b c” (" + "paras. 1, " * 29, 6) == ()
