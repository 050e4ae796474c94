import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.searcher import Searcher
from index.spelling import Speller, english_words
from tests.conftest import ARTICLE

TEXTS = (
    ARTICLE,
    "The strategic partnership with Pakistan was discussed in Islamabad by presidents and their advisers.",
    "Topychkanov writes on the Zhirinovsk pipeline, and so do Kabo and McAlister.",
    "Who mediated between both governments?",
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    """Return a speller that knows the toy article and a few words more."""
    return Speller(TEXTS)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("lighthuose", "lighthouse"),
        ("stratigic partnersip", "strategic partnership"),
        ("enginer", "engineer"),
        ("who mediatd it", "who mediated it"),
        ("wiks", "wicks"),
        ("gouvernments", "governments"),
        ("Topchikanov", "Topychkanov"),
        ("zhirinovks", "zhirinovsk"),
    ],
)
def test_misspelt_word_becomes_the_nearest_known(speller: Speller, typed: str, mended: str) -> None:
    """A word that nobody knows becomes the nearest word of the corpus or of its questions."""
    assert speller.mend(typed) == mended


@pytest.mark.parametrize("name", ["Arif Alvi", "Modi", "Lavrov", "Brezhnev", "Vajpayee", "Gwadar", "Shoigu", "Zardari"])
def test_name_is_left_alone(speller: Speller, name: str) -> None:
    """A name that the corpus does not have stays as typed, with a capital or without."""
    assert speller.mend(name) == name
    assert speller.mend(name.lower()) == name.lower()


def test_short_word_is_never_made_a_name(speller: Speller) -> None:
    """Up to five letters only an English word is put in; the corpus's name Kabo stays away from what is like it."""
    assert "kabo" not in english_words()
    assert speller.mend("Kabu kabot") == "Kabu kabot"
    assert speller.mend("wicjs") == "wicks"


@pytest.mark.parametrize(
    "typed",
    [
        "bread and butter",  # English, most of it not in the corpus
        "towel",  # English, one letter from the corpus's tower
        "Corran Tarra Zhirinovsk McAlister",  # the corpus's own
        "PAKISTN LIGHTHUOSE",
        "1838 18383 Su-35 F16",
        "teh lmp gla’ wik",
        "“?! … 日本 🗼",
        "",
    ],
)
def test_what_is_known_or_no_word_stays(speller: Speller, typed: str) -> None:
    """English and corpus words, acronyms, numbers, short words and signs stay as typed."""
    assert speller.mend(typed) == typed


@pytest.mark.parametrize(
    ("typed", "stays"), [("maxxns", True), ("maxons", False), ("enginxxr", False), ("enxxnxer", True), ("axgineer", True)]
)
def test_distance_and_first_letter_bound_what_is_mended(speller: Speller, typed: str, stays: bool) -> None:
    """Two letters may be wrong from seven on, one below, and the first letter never."""
    assert (speller.mend(typed) == typed) == stays


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("Enginer", "Engineer"),
        ("enginer", "engineer"),
        ("EnGiner", "Engineer"),
        ("ENGINER", "ENGINER"),
        ("Pakistn's, (lighthuose)!", "Pakistan's, (lighthouse)!"),
    ],
)
def test_capital_and_signs_are_kept(speller: Speller, typed: str, mended: str) -> None:
    """The first letter keeps its case, capitals throughout are an acronym, and all around the word stays."""
    assert speller.mend(typed) == mended


def test_more_frequent_word_wins() -> None:
    """Of two words equally near, the one that the corpus has more often is put in."""
    often, seldom = ("lantern lantern lanterns", "lantern lanterns lanterns")

    assert Speller([often]).mend("lanternx") == "lantern"
    assert Speller([seldom]).mend("lanternx") == "lanterns"


def test_speller_without_texts_mends_nothing() -> None:
    """Where there is no corpus, every word stays as typed."""
    assert Speller([]).mend("lighthuose enginer") == "lighthuose enginer"


misspelt = st.sampled_from(sorted(set(ARTICLE.split()))).flatmap(
    lambda word: st.tuples(st.just(word), st.integers(0, len(word)), st.sampled_from(["", "x", "e", "\u0301", "’"])).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] + 1 :]
    )
)


@given(st.lists(misspelt | st.text(max_size=8), max_size=6).map(" ".join))
def test_mending_twice_changes_nothing_more(speller: Speller, typed: str) -> None:
    """What was mended is known, so mending it again leaves it, and no word is lost or made."""
    mended = speller.mend(typed)

    assert speller.mend(mended) == mended
    assert len(mended.split()) == len(typed.split())


def test_mended_question_is_shown(toy_searcher: Searcher) -> None:
    """A question is searched with its words mended, says so, and is left as typed on request."""
    mended = toy_searcher.ask("What did the enginer write?")
    typed = toy_searcher.ask("What did the enginer write?", as_typed=True)

    assert (mended.question, mended.searched) == ("What did the enginer write?", "What did the engineer write?")
    assert typed.searched == "What did the enginer write?"


@pytest.mark.real
@pytest.mark.parametrize(
    "name",
    ["Arif Alvi", "Modi", "Lavrov", "Brezhnev", "Musharraf", "Gorbachev", "Zelensky", "Shoigu", "Zardari", "CPEC", "Su-35"],
)
def test_names_of_the_subject_are_spared(searcher: Searcher, name: str) -> None:
    """On the real corpus with its question index, names of the subject stay as typed."""
    assert searcher.complete(name).text == name


@pytest.mark.real
def test_words_of_the_subject_are_mended(searcher: Searcher) -> None:
    """On the real corpus, what people mistype on a phone is put right."""
    assert searcher.complete("stratigic partnersip with Afghanstan").text == "strategic partnership with Afghanistan"
    assert searcher.complete("What does Topchikanov say of helicoptors?").text == "What does Topychkanov say of helicopters?"
