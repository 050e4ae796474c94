import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import from_markdown, make_document
from index.domain import Document
from index.errors import BadDraft
from index.limits import LONGEST_DRAFT
from index.quotations.chains import SHOWN_OF_A_SOURCE
from index.quotations.checking import Checker
from index.quotations.domain import CheckedQuotation
from tests.quotations.making import article, noisy, stretch

TEXT = """Relations with the grey harbour began in 1949[^4]. By then, the northern council had not approved the treaty.
Trade reached $88.3 million in 2015[^1] and fell by -5 percent afterwards, a state’s worst year—never repeated.

The non-aligned ministers of Corvania could visit the old capital “whenever the winter allowed it.”[^2] Nobody came to
the first meeting, and the second was held between 2020–2024 in a small village near the southern border.

[^1]: One.
[^2]: Two.
[^4]: Four.
"""
ARTICLE = article()


def document(markdown: str = TEXT, id: str = "article") -> Document:
    return from_markdown(markdown, id=id, kind="article", title="A Title", file="a.md", first_line=1, article=id)


def source(paragraphs: list[str]) -> Document:
    return make_document(
        paragraphs, id="source-1", kind="source", title="A Source", role="source", reference=1, article="article"
    )


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker([document(), document("The old capital was built on seven hills of clay.", "other")])


def check(checker: Checker, quotation: str, document: str | None = None) -> CheckedQuotation:
    (found,) = checker.check(quotation, document).quotations
    return found


def kinds(quotation: CheckedQuotation) -> set[str]:
    return {difference.kind for difference in quotation.differences}


@pytest.mark.parametrize(
    "quotation",
    [
        "the northern council had not approved the treaty",
        "The northern council",
        "the  northern\ncouncil",
        "coun-\ncil had not approved",
        "had not ap-\nproved the treaty,",
        "began in 1949. By then",
        "began in 19494. By then",
        "began in 1949⁴. By then",
        "began in 1949[4]. By then",
        "began in 1949[^4]. By then",
        "million in 20151 and fell",
        "‘whenever the winter allowed it.’ Nobody came",
        "whenever the winter allowed it.”2 Nobody came",
        "whenever the winter allowed it.” 2 Nobody came",
        "worst year — never repeated",
        "worst year - never repeated",
        "between 2020 – 2024 in",
        "[t]he first meeting",
    ],
)
def test_setting_does_not_make_inexact(checker: Checker, quotation: str) -> None:
    """White space, hyphens at a line's end, marks, dashes, the document's note numbers and a first capital are setting."""
    found = check(checker, quotation)

    assert found.verdict == "exact"
    assert kinds(found) <= {"typography"}


@pytest.mark.parametrize(
    ("quotation", "kind"),
    [
        ("the northern council had approved the treaty", "negation"),
        ("the northern council had never approved the treaty", "negation"),
        ("the northern council had [not] approved the treaty", "negation"),
        ("the first meeting [not] and the second was held", "negation"),
        ("aligned ministers of Corvania could visit", "negation"),
        ("ministers of Bolivia could visit the old capital", "name"),
        ("ministers of [Bolivia] could visit the old capital", "name"),
        ("reached $88.4 million in 2015", "digit"),
        ("Trade reached $88", "digit"),
        ("million in 20153 and fell", "digit"),
        ("million in 2015³ and fell", "digit"),
        ("million in 2015[3] and fell", "digit"),
        ("million in 20154 and fell", "digit"),
        ("million in [2016] and fell by", "digit"),
        ("and fell by 5 percent afterwards", "digit"),
        ("5 percent afterwards, a state’s worst year", "digit"),
        ("was held between 20202024 in a small village", "digit"),
        ("held between 2020−2024 in a large village", "word"),
        ("the second was held between 2020–2024 in a small Village", "word"),
        ("the first meeting: and the second was held", "word"),
    ],
)  # fmt: skip
def test_change_is_named(checker: Checker, quotation: str, kind: str) -> None:
    """A changed number, name, negation or word makes a quotation altered and is named, wherever it hides."""
    found = check(checker, quotation)

    assert found.verdict == "altered"
    assert kind in kinds(found)


@pytest.mark.parametrize("dots", ["…", "...", ". . .", "[…]", "[...]", "(...)"])
def test_omitted_words_are_shown(checker: Checker, dots: str) -> None:
    """Dots stand for words left out, which are shown; the parts are checked in order."""
    found = check(checker, f"could visit {dots} whenever the winter allowed it")
    reversed = check(checker, f"whenever the winter allowed it {dots} could visit")

    assert found.verdict == "exact"
    assert [(d.kind, d.found) for d in found.differences] == [("omitted", "the old capital “")]
    assert found.found[0].text == "could visit the old capital “whenever the winter allowed it"
    assert reversed.verdict == "altered"


def test_parts_far_apart_are_altered() -> None:
    """Parts with more than about two paragraphs between them are two quotations."""
    far = make_document(
        ["The first words stand here.", "Something else. " * 200, "The last words stand there."],
        id="a", kind="article", title="T", role="body", article="a",
    )  # fmt: skip

    assert check(Checker([far]), "The first words … The last words").verdict == "altered"


def test_inserted_words_are_the_quoters(checker: Checker) -> None:
    """Words in brackets are set aside and said to be the quoter's, with what they stand in place of."""
    found = check(checker, "the northern [regional] council had not approved [it] treaty")

    assert found.verdict == "exact"
    assert [(d.kind, d.quoted, d.found) for d in found.differences] == [
        ("inserted", "[regional]", ""), ("inserted", "[it]", "the"),
    ]  # fmt: skip


@pytest.mark.parametrize("quotation", ["The … the … a", "… the …", "[x] the [y]", "zebras eat purple bananas"])
def test_single_words_are_no_support(checker: Checker, quotation: str) -> None:
    """Parts of one word stand in every text, so that a quotation of nothing else is found nowhere."""
    assert check(checker, quotation).verdict in ("not_found", "exact") if quotation == "… the …" else "not_found"


def test_elsewhere_is_told(checker: Checker) -> None:
    """What stands in another document than the one it is claimed from is exact elsewhere, and its places are told."""
    found = check(checker, "built on seven hills", "article")

    assert (found.verdict, found.document) == ("elsewhere", "other")
    assert found.found[0].url == f"/documents/other?start={found.found[0].start}&end={found.found[0].end}#hl"
    assert check(checker, "built on seven hills", "other").verdict == "exact"


def test_every_place_is_told(checker: Checker) -> None:
    """All places of a quotation are told, those of the document asked for first."""
    assert [p.document for p in check(checker, "the old capital").found] == ["article", "other"]
    assert [p.document for p in check(checker, "the old capital", "other").found] == ["other", "article"]


@given(st.integers(0, 10_000), st.integers(3, 40))
def test_true_quotation_with_noise_is_exact(seed: int, words: int) -> None:
    """Any words of the article are exact however they are set, and one of their places is where they were taken from."""
    import random

    chance = random.Random(seed)
    start, end = stretch(ARTICLE, chance, words, words)
    found = CHECKER._checked(noisy(ARTICLE, start, end, chance), None)

    assert found.verdict == "exact"
    assert any(start <= place.start and place.end <= end for place in found.found)
    assert kinds(found) <= {"typography"}


@given(st.data())
def test_found_text_stands_where_it_says(data: st.DataObject) -> None:
    """Whatever is quoted, the text of every place is the document's between its offsets, and the quotation the draft's."""
    vocabulary = ["Pakistan", "Russia", "the", "of", "not", "1949", "…", "[x]", "“", "”", '"', "relations", "in", ".", "\n\n"]
    draft = "a " + " ".join(data.draw(st.lists(st.sampled_from(vocabulary), max_size=25)))

    for quotation in CHECKER.check(draft).quotations:
        assert draft[quotation.start : quotation.end] == quotation.quoted
        assert all(ARTICLE.text[place.start : place.end] == place.text for place in quotation.found)
        assert (quotation.verdict == "not_found") == (not quotation.found)


CHECKER = Checker([ARTICLE])


def test_little_of_a_source_is_shown() -> None:
    """Of a publisher's text a check shows the words that were quoted, and little of what they leave out."""
    held = source(
        ["The opening words are here. " + "Secret words of the publisher fill this part. " * 20 + "The closing words follow."]
    )
    found = check(Checker([held]), "The opening words … The closing words")

    assert found.verdict == "exact"
    assert [place.text for place in found.found] == ["The opening words", "The closing words"]
    assert all(len(d.found) <= SHOWN_OF_A_SOURCE + 10 for d in found.differences)


@pytest.mark.parametrize(
    ("draft", "document"), [("", None), ("“”…!?", None), ("a" * (LONGEST_DRAFT + 1), None), ("some three words", "nowhere")]
)
def test_draft_that_cannot_be_checked_is_refused(checker: Checker, draft: str, document: str | None) -> None:
    """A draft without a word, over the limit, or claimed from an unknown document is refused in one sentence."""
    with pytest.raises(BadDraft, match=r"^[A-Z].*\.$"):
        checker.check(draft, document)


HOSTILE = {
    "six thousand quotations": '"a b c" ' * (LONGEST_DRAFT // 8),
    "six thousand different ones": " ".join(f'"the {n} of"' for n in range(4000)),
    "brackets": "the " + "[" * 20_000 + "]" * 20_000,
    "pairs of brackets": "the " + "[1]" * 16_000,
    "superscripts": "the " + "a¹ " * 16_000,
    "dots": "the " + "a … " * 12_000,
    "dots alone": "the " + "." * 49_000,
    "one word": "a" * LONGEST_DRAFT,
    "hyphens": "the " + "a-\n" * 16_000,
    "marks at the end": "the old " + "'" * 49_000,
    "accents": "the a" + "\u0301\u0323" * 24_000,
    "NUL": "the old\0 capital",
    "the article's words": ARTICLE.text.replace("“", "").replace("”", "").replace('"', ""),
}


@pytest.mark.parametrize("draft", HOSTILE.values(), ids=HOSTILE)
def test_hostile_drafts_are_checked(draft: str) -> None:
    """Very many quotations, brackets, dots, accents and marks are checked like any draft."""
    assert CHECKER.check(draft[:LONGEST_DRAFT]).quotations is not None


def test_one_word_vouches_only_for_what_is_near() -> None:
    """A single word before an omission may stand with what follows in its sentence, not with a sentence paragraphs away."""
    checker = Checker([document("Corvania had " + "waited for a long cold winter and " * 20 + "approved the last treaty.")])

    assert check(checker, "Corvania … waited for a long cold winter").verdict == "exact"
    assert check(checker, "Corvania … approved the last treaty").verdict == "altered"


def test_a_quotation_over_paragraphs_with_a_mark_inside_is_checked() -> None:
    """A quotation that runs over two paragraphs is checked though it holds a marked word."""
    draft = "He writes: “The northern council met the ‘proxy’.\n\nMoscow never had a grey harbour.”"

    (found,) = Checker([document()]).check(draft).quotations
    assert found.verdict in ("altered", "not_found")


@pytest.mark.parametrize(
    ("quotation", "kind"),
    [
        ("the northern council had … approved the treaty", "negation"),
        ("ministers of [Norland] could visit the old capital", "name"),
        ("The [un]aligned ministers of Corvania", "negation"),
    ],
)
def test_what_hides_a_denial_or_a_name_is_altered(checker: Checker, quotation: str, kind: str) -> None:
    """An omission of little else than a denial, a name replaced in brackets and a denying beginning are no exact quotation."""
    found = check(checker, quotation)

    assert found.verdict == "altered"
    assert kind in kinds(found)
