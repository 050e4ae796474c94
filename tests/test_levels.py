"""What the confidence of an answer means, from the calibration to the page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.calibration import FITTED_ELSEWHERE, Calibration, Fitted
from index.evaluation.levels import NAMES
from index.levels import Level
from index.searcher import Searcher
from server.app import create_app
from server.settings import Settings
from tests.conftest import ToyEncoder
from tests.fakes import FakeSearcher, fake_corpus
from tests.markup import Markup

OUR_OWN = Path(__file__).resolve().parents[1] / "corpus" / "calibration.json"
TITLE = "The Lighthouse on Corran Rock"
LEVELS = [
    {"name": "low", "from": 0.0, "to": 0.5, "questions": 4, "answered": 1, "partly": 1},
    {"name": "high", "from": 0.5, "to": 1.0, "questions": 10, "answered": 9, "partly": 1},
]


def measured(searcher: Searcher, *, articles: list[str], intercept: float = 0.0, **made: Any) -> Searcher:
    """Return the searcher with one confidence for every question, measured on these articles."""
    fitted = Fitted({"intercept": intercept}, 0.5, 0.3, {"articles": articles, "levels": LEVELS} | made)
    return Searcher(replace(searcher.index, calibration=Calibration(fitted, fitted)), ToyEncoder())


def test_an_answer_has_the_level_of_its_confidence(toy_searcher: Searcher) -> None:
    """A bound belongs to the level above, and complete certainty to the last."""
    half, sure = (measured(toy_searcher, articles=[TITLE], intercept=i) for i in (0.0, 99.0))
    levels = [s.level(s.ask("Forty masons cut granite")) for s in (half, sure)]

    assert levels == [Level("high", 10, 9, 1, elsewhere=False)] * 2


def test_levels_of_other_articles_are_told_as_such(toy_searcher: Searcher) -> None:
    """A calibration that was fitted on another article says so."""
    searcher = measured(toy_searcher, articles=["Another"])
    level = searcher.level(searcher.ask("Forty masons cut granite"))

    assert level == Level("high", 10, 9, 1, elsewhere=True)


def test_nothing_is_told_that_was_not_measured(toy_searcher: Searcher) -> None:
    """A calibration without levels, or without one that a confidence falls in, has nothing to tell."""
    without, apart = (measured(toy_searcher, articles=[TITLE], levels=levels) for levels in ([], LEVELS[:1]))

    assert [s.level(s.ask("Forty masons cut granite")) for s in (without, apart)] == [None, None]


def test_a_state_that_does_not_rest_on_the_confidence_has_no_level(toy_searcher: Searcher) -> None:
    """Where the confidence would claim and something else forbids it, or nothing was asked, no level is told."""
    searcher = measured(toy_searcher, articles=[TITLE])
    document = searcher.corpus.document("annotation-1")
    first = document.paragraphs[0]
    forbidden = searcher.ask(document.text[first.start : first.end])
    empty = searcher.ask("Who was it?")

    assert (forbidden.status, forbidden.confidence) == ("related", 0.5)
    assert empty.confidence == 0
    assert [searcher.level(forbidden), searcher.level(empty)] == [None, None]


@pytest.mark.parametrize("path", [FITTED_ELSEWHERE, OUR_OWN])
def test_our_calibrations_tell_what_they_measured(path: Path) -> None:
    """The levels that we ship meet each other from 0 to 1 and hold every question that the fit was made from."""
    fitted = Calibration.read(path).with_question_index
    levels = fitted.made["levels"]

    assert [n["name"] for n in levels] == list(NAMES)
    assert [n["from"] for n in levels[1:]] == [n["to"] for n in levels[:-1]]
    assert (levels[1]["to"], levels[2]["to"]) == (fitted.not_found_below, fitted.claimed_above)
    assert sum(n["answered"] for n in levels) == fitted.made["answerable"]
    assert sum(n["questions"] - n["answered"] - n["partly"] for n in levels) == fitted.made["unanswerable"]


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (
            Level("high", 139, 90, 35, elsewhere=False),
            "Confidence: high. When Footnote was this sure in tests, the article answered 90 of 139 questions, "
            "and 35 more in part.",
        ),
        (
            Level("low", 1, 0, 1, elsewhere=False),
            "Confidence: low. When Footnote was this sure in tests, the article answered none of 1 question, and 1 in part.",
        ),
        (
            Level("moderate", 7, 3, 0, elsewhere=True),
            "Confidence: moderate. When Footnote was this sure in tests on another article, that answered 3 of 7 questions.",
        ),
    ],
)
def test_the_page_says_what_a_confidence_means(level: Level, said: str) -> None:
    """One sentence under the verdict counts the questions, in the right number, and says where they were asked."""
    searcher = FakeSearcher(fake_corpus())
    searcher.measured = level
    page = Markup(TestClient(create_app(Settings(), searcher)).get("/ask?q=helicopters Russia India sale").text)  # type: ignore[arg-type]

    (line,) = page.named("p", class_="confidence")
    assert " ".join(line.text.split()) == said


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (
            Level("very low", 80, 2, 8, elsewhere=False),
            "the article left 70 of 80 questions unanswered, and answered 8 in part and 2 in full.",
        ),
        (Level("low", 3, 0, 3, elsewhere=False), "the article left none of 3 questions unanswered, and answered 3 in part."),
        (Level("low", 9, 0, 0, elsewhere=True), "that left 9 of 9 questions unanswered."),
    ],
)
def test_a_silence_is_told_by_the_questions_that_had_no_answer(level: Level, said: str) -> None:
    """Where nothing is found, those that the article leaves unanswered come first."""
    searcher = FakeSearcher(fake_corpus())
    searcher.measured = level
    page = Markup(TestClient(create_app(Settings(), searcher)).get("/ask?q=zebras").text)  # type: ignore[arg-type]

    (line,) = page.named("p", class_="confidence")
    assert " ".join(line.text.split()).endswith(said)


def test_the_page_is_silent_where_nothing_was_measured() -> None:
    """Without a level no sentence stands there."""
    searcher = FakeSearcher(fake_corpus())
    searcher.measured = None
    page = Markup(TestClient(create_app(Settings(), searcher)).get("/ask?q=helicopters Russia India sale").text)  # type: ignore[arg-type]

    assert not page.named("p", class_="confidence")
