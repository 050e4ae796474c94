from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.followups import complete, content_words, is_followup
from index.searcher import Searcher

BEFORE = "Who was the first Pakistani ambassador to Moscow?"

OPENINGS = [
    "And Bhutto?",
    "But why?",
    "So what did that change?",
    "Then what followed in Kabul?",
    "What about the helicopters?",
    "how about Zia ul Haq",
    "Who else visited Moscow?",
    "What else was signed?",
    "Anything else on the pipeline?",
    "Any other agreements signed?",
    "Tell me more",
    "More about Gwadar port",
    "Which ones failed?",
    "Which of these mattered most?",
    "The second one?",
    "The latter?",
    "Since when?",
    "For example?",
]
POINTING_BACK = [
    "When was he appointed?",
    "Why did they sign?",
    "What did her visit achieve?",
    "How was their meeting received?",
    "When did it end?",
    "Why did it fail so badly?",
    "What happened there?",
    "Is that true?",
    "Who said that?",
    "Why is this important?",
    "What caused those?",
    "How big was the last one?",
    "How many of them sank?",
    "Were the biggest ones bought in Russia?",
    "What did the two of these have in common with Moscow?",
]
SHORT = ["Why?", "Where?", "How many?", "How much did they pay?", "the price", "In which year?", "Signed by whom?"]
ALONE = [
    "Is it true that oil prices fell?",
    "Is it possible that Moscow lied?",
    "Was it really the case that Zia objected?",
    "What is it about?",
    "What’s it all about?",
    "Is there a steel pipeline between both countries?",
    "Did Russia say that India objected?",
    "Did critics claim that prices fell?",
    "Is the belief that oil fell justified?",
    "Did Bhutto regret that he visited Moscow?",
    "Did Bhutto say he trusted Moscow?",
    "Did Pakistan sell its helicopters?",
    "Does Russia trust Pakistan after it tested missiles?",
    "What is this article about?",
    "What does this paper argue?",
    "What does that essay argue?",
    "Does the article say why it matters?",
    "Who is Lavrov?",
    "What was Badaber?",
    "What does SCO stand for?",
    "Define rapprochement",
    "Ayub Khan and Kosygin",
    "Why was the Dutch engineer afraid?",
    "Who lit the first lamp?",
    "Android phones sold in Karachi",
]
MANY_WORDS = [
    "And why did Zulfikar Ali Bhutto visit Moscow in 1972?",
    "What did he promise about pipelines, helicopters, loans and steel?",
    "But did that agreement change Soviet policy towards Kabul?",
    "Which of them bought Russian helicopters, tanks and fighter aircraft?",
]


@pytest.mark.parametrize("question", [*OPENINGS, *POINTING_BACK, *SHORT])
def test_dependent_question_is_completed(question: str) -> None:
    """What opens as a follow-up, points back or is short is searched behind the question before it, word for word."""
    assert complete(question, [BEFORE]) == f"{BEFORE} {question}"


@pytest.mark.parametrize("question", [*ALONE, *MANY_WORDS])
def test_question_that_stands_alone_is_untouched(question: str) -> None:
    """An expletive, a joining “that”, a name before the pronoun, or five content words: nothing is put before it."""
    assert complete(question, [BEFORE]) == question


@pytest.mark.parametrize("question", [*OPENINGS, *ALONE])
def test_first_question_is_untouched(question: str) -> None:
    """Where nothing was asked before, there is nothing to complete with."""
    assert complete(question, []) == question


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did the engineer write about the sea?", ["engineer", "write", "sea"]),
        ("Did Russia deliver Mi-17 helicopters?", ["Russia", "deliver", "Mi-17", "helicopters"]),
        ("Could you please tell me more about that article?", []),
        ("", []),
    ],
)
def test_content_words_carry_the_matter(question: str, words: list[str]) -> None:
    """Words of grammar and of asking are left out, compounds stay whole, and the order is kept."""
    assert content_words(question) == words


def test_fifth_content_word_makes_a_question_stand_alone() -> None:
    """The same pronoun points back beside four content words and not beside five."""
    assert is_followup("What did he promise about steel, loans, tanks?")
    assert not is_followup("What did he promise about steel, loans, tanks, oil?")


def test_third_content_word_makes_a_question_long_enough() -> None:
    """With two content words a question is short, unless they are names; with three it stands alone."""
    assert is_followup("Why was the engineer afraid?")
    assert not is_followup("Why was the young engineer afraid?")
    assert not is_followup("Why Bhutto and Zia?")


@pytest.mark.parametrize(
    ("previous", "question", "leaned_on"),
    [
        ([BEFORE, "When was he appointed?"], "And by whom?", 2),
        ([BEFORE, "When was he appointed?", "Why?"], "And by whom?", 3),
        (["Who built the Karachi steel mill?", BEFORE, "Why?"], "And by whom?", 2),
        ([BEFORE, "Who built the Karachi steel mill?"], "When?", 1),
        (["Why?", "When?"], "And by whom?", 2),
        ([BEFORE, "Why?"], "Who built the Karachi steel mill?", 0),
    ],
)
def test_chain_reaches_back_to_a_question_that_stands_alone(previous: list[str], question: str, leaned_on: int) -> None:
    """Follow-ups lean on follow-ups up to the nearest question that stands alone, and on nothing before that."""
    assert complete(question, previous) == " ".join([*previous[len(previous) - leaned_on :], question])


def test_longest_limit_drops_the_oldest() -> None:
    """What would grow past six hundred characters loses the oldest questions and keeps the newest whole."""
    long = [f"And what about {letter * 270}?" for letter in "abc"]

    assert complete("And why?", long) == f"{long[1]} {long[2]} And why?"
    assert complete("And why?", [long[0], "a" * 600]) == "And why?"


def test_long_question_is_never_shortened() -> None:
    """A question longer than the limit is searched alone, every character of it."""
    question = f"And {'x' * 700}?"

    assert complete(question, [BEFORE]) == question


asked = st.sampled_from([BEFORE, *OPENINGS, *POINTING_BACK, *SHORT, *ALONE, *MANY_WORDS]) | st.text(max_size=250)


@given(question=asked, previous=st.lists(asked, max_size=8))
def test_completion_is_the_last_questions_as_asked(question: str, previous: Sequence[str]) -> None:
    """Whatever was asked, it is the last few questions and this one, verbatim and in order, and the same each time."""
    completed = complete(question, previous)

    assert completed in {" ".join([*previous[i:], question]) for i in range(len(previous) + 1)}
    assert completed == complete(question, tuple(previous))
    assert completed == question or is_followup(question)


def test_followup_is_searched_completed_and_shown(toy_searcher: Searcher) -> None:
    """A follow-up finds the passage of the question before it, says what was searched, and is left as typed on request."""
    previous = ("What fuel did the lamp burn?",)
    completed = toy_searcher.ask("And how many wicks?", previous=previous)
    typed = toy_searcher.ask("And how many wicks?", previous=previous, as_typed=True)

    assert completed.searched == "What fuel did the lamp burn? And how many wicks?"
    assert "Whale oil burned in four wicks." in (*completed.passages, *completed.nearest)[0].text
    assert (completed.question, typed.searched) == ("And how many wicks?", "And how many wicks?")


@pytest.mark.real
@pytest.mark.parametrize("question", ["What colour is the moon?", "How do I bake bread?", "Can tourists go hiking there?"])
def test_a_followup_does_not_inherit_the_answer_before_it(searcher: Searcher, question: str) -> None:
    """What the article does not say is not claimed because it answered the question before."""
    for before in ("Which company from Russia offered gas to Pakistan?", "When did the Soviets withdraw from Afghanistan?"):
        assert searcher.ask(question, previous=(before,)).status != "answered"
