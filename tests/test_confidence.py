import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.calibration import FEATURES, FITTED_ELSEWHERE, Calibration, Fitted, Kind
from index.confidence import features, kind_of, probability, status
from index.domain import Hit, Status
from index.errors import CorpusError
from index.neighbours import NONE, Nearest, Neighbours
from index.searcher import Searcher
from tests.conftest import ROOT, ToyEncoder
from tests.handmade import floats

FITTED = Fitted({"intercept": -1.0, "late_interaction": 2.0, "lead": -4.0}, 0.6, 0.2, {"date": "2026-01-02"})
CALIBRATION = Calibration(replace(FITTED, coefficients={"intercept": 0.5}, made={}), FITTED)


def hit(late: float, *, sentence: float = 0.0, dense: float = 0.0, bm25: float = 0.0, indexed: float = 0.0) -> Hit:
    parts = {"late_interaction": late, "sentence": sentence, "dense": dense, "bm25": bm25, "question_index": indexed}
    return Hit(0, late, (late,), parts)


def near(answered: Sequence[float], gaps: Sequence[float], coverage: Sequence[float] | None = None) -> Neighbours:
    """Make neighbours this near."""
    rows = np.arange(len(answered)), np.arange(len(gaps))
    return Neighbours(
        Nearest(rows[0], floats(answered), floats(answered if coverage is None else coverage)),
        Nearest(rows[1], floats(gaps), floats(gaps)),
    )


@pytest.mark.parametrize(
    ("intercept", "late", "lead", "expected"),
    [
        (0.0, 0.0, 0.0, 0.5),
        (math.log(3), 0.0, 0.0, 0.75),
        (-math.log(9), 0.0, 0.0, 0.1),
        (-1.0, 0.5, 0.0, 0.5),  # -1 + 2 * 0.5
        (0.0, 0.0, 0.5, 0.1192),  # 1 / (1 + e ** 2)
        (1.0, 1.0, 0.25, 0.8808),  # 1 + 2 - 1 = 2
        (1e6, 0.0, 0.0, 1.0),
        (-1e6, 0.0, 0.0, 0.0),
    ],
)
def test_probability_is_a_logistic(intercept: float, late: float, lead: float, expected: float) -> None:
    """The confidence is 1 / (1 + e^-logit) to four decimals, the logit the weighted features and the intercept."""
    fitted = replace(FITTED, coefficients=FITTED.coefficients | {"intercept": intercept})

    assert probability({"late_interaction": late, "lead": lead, "unused": 99.0}, fitted) == expected


def test_features_of_passages_by_hand() -> None:
    """Without a question index the first passage's parts count, and how far it leads the mean of the next five."""
    hits = [hit(0.9, sentence=0.8, dense=0.7, bm25=1.0), *(hit(late) for late in (0.7, 0.6, 0.5, 0.4, 0.3, 0.1))]

    assert features(hits, NONE) == {"late_interaction": 0.9, "sentence": 0.8, "dense": 0.7, "bm25": 1.0, "lead": 0.4}
    assert features(hits[:2], NONE)["lead"] == 0.2
    assert features(hits[:1], NONE)["lead"] == 0.9


def test_features_of_questions_by_hand() -> None:
    """With a question index the nearest of both kinds count, the best coverage of any, and the first passage's parts."""
    neighbours = near([0.8, 0.7], [0.75], coverage=[0.5, 0.6])
    share = math.exp(20 * 0.75) / (math.exp(20 * 0.8) + math.exp(20 * 0.7) + math.exp(20 * 0.75))

    assert features([hit(0.9, sentence=0.4, indexed=0.8), hit(0.1)], neighbours) == pytest.approx(
        {
            "answered_coverage": 0.6, "gap": 0.75, "gap_share": share, "question_index": 0.8,
            "sentence": 0.4,
        },
        abs=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answered", "gaps", "share"),
    [
        ([0.9], [0.9], 1 / 2),
        ([0.9], [0.85], 1 / (1 + math.e)),
        ([0.85], [0.9], math.e / (1 + math.e)),
        ([0.5], [], 0.0),
        ([0.9, 0.9, 0.9], [0.9], 1 / 4),
        ([0.9] * 14, [0.9, 0.9], 1 / 15),
        ([0.9] * 15, [0.9], 0.0),
        ([0.2], [0.9] * 15, 1.0),
    ],
)
def test_gap_share_by_hand(answered: list[float], gaps: list[float], share: float) -> None:
    """A neighbour nearer by 0.05 counts e times as much, among the fifteen nearest of both kinds, answered ones first."""
    assert features([hit(0.5)], near(answered, gaps))["gap_share"] == pytest.approx(share, abs=1e-5)


def test_fit_follows_the_question_index() -> None:
    """With answered neighbours the fit for question indexes applies, without any the other, and its features are there."""
    assert kind_of(near([0.5], [])) == "with_question_index"
    assert kind_of(near([], [0.5])) == kind_of(NONE) == "without_question_index"
    assert CALIBRATION.of("with_question_index") is CALIBRATION.with_question_index
    assert CALIBRATION.of("without_question_index") is CALIBRATION.without_question_index


@pytest.mark.parametrize(
    ("confidence", "state"),
    [
        (0.0, "not_found"),
        (0.1999, "not_found"),
        (0.2, "related"),
        (0.5999, "related"),
        (0.6, "answered"),
        (1.0, "answered"),
    ],
)
def test_thresholds_make_the_state(confidence: float, state: Status) -> None:
    """Below the lower threshold nothing is found, from the upper one on it is a claim, between it is related."""
    assert status(confidence, FITTED, may_claim=True) == state


@pytest.mark.parametrize("confidence", [0.2, 0.6, 1.0])
def test_what_may_not_claim_is_related(confidence: float) -> None:
    """However sure, without a passage of the article or a source in front there is no claim, and no silence either."""
    assert status(confidence, FITTED, may_claim=False) == "related"
    assert status(0.1, FITTED, may_claim=False) == "not_found"


def test_annotation_never_claims(toy_searcher: Searcher) -> None:
    """Each sentence of an annotation, asked word for word, finds the editors' words first and claims nothing."""
    sure = Fitted({"intercept": 99.0}, 0.5, 0.1, {})
    searcher = Searcher(replace(toy_searcher.index, calibration=Calibration(sure, sure)), ToyEncoder())
    document = searcher.corpus.document("annotation-1")
    answers = [searcher.ask(document.text[p.start : p.end]) for p in document.paragraphs]

    assert [(a.passages[0].role, a.status, a.confidence) for a in answers] == [("annotation", "related", 1.0)] * 2
    assert searcher.ask("Forty masons cut granite").status == "answered"


def test_calibration_is_read_as_written(tmp_path: Path) -> None:
    """A calibration comes back from its file as it was, and is written as the same bytes again."""
    CALIBRATION.write(tmp_path / "one.json")
    read = Calibration.read(tmp_path / "one.json")
    read.write(tmp_path / "two.json")

    assert read == CALIBRATION
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


FIT: dict[str, Any] = {"coefficients": {"intercept": 0.0}, "claimed_above": 0.6, "not_found_below": 0.2, "made": {}}
WRONG: list[dict[str, Any]] = [
    {"made": None},
    {"made": {"levels": "none"}},
    {"made": {"levels": [{"name": "low", "to": 1.0, "questions": 1, "answered": 1, "partly": 0}]}},
    {"made": {"articles": 5}},
    {"coefficients": []},
    {"coefficients": {}},
    {"coefficients": {"intercept": "0"}},
    {"coefficients": {"intercept": 0.0, "mood": 1.0}},
    {"claimed_above": "0.6"},
]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        "{}",
        json.dumps({"with_question_index": FIT}),
        json.dumps({"with_question_index": FIT, "without_question_index": FIT, "another": FIT}),
        json.dumps({"with_question_index": FIT, "without_question_index": 5}),
        json.dumps({"with_question_index": FIT, "without_question_index": FIT | {"another": 1}}),
        json.dumps({"with_question_index": FIT, "without_question_index": {"coefficients": {}}}),
        *(json.dumps({"with_question_index": FIT | wrong, "without_question_index": FIT}) for wrong in WRONG),
        "\ud800",
    ],
)
def test_malformed_calibration_is_refused(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with the file, one sentence names it and the command that makes it anew."""
    path = tmp_path / "calibration.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))

    with pytest.raises(CorpusError, match=r"^calibration\.json: not a calibration: .*'footnote evaluate --fit'\.$") as caught:
        Calibration.read(path)
    assert "\n" not in str(caught.value)


def test_missing_calibration_is_refused(tmp_path: Path) -> None:
    """Where there is no file the same sentence says so."""
    with pytest.raises(CorpusError, match=r"^calibration\.json: not a calibration: .*'footnote evaluate --fit'\.$"):
        Calibration.read(tmp_path / "calibration.json")


@pytest.mark.parametrize("path", [FITTED_ELSEWHERE, ROOT / "corpus" / "calibration.json"])
def test_our_calibrations_hold_what_the_confidence_needs(path: Path) -> None:
    """Both fits of each file that we ship weigh every feature that there is, and silence lies below a claim."""
    calibration = Calibration.read(path)
    known: dict[Kind, dict[str, float]] = {
        "with_question_index": features([hit(0.5)], near([0.5], [0.5])),
        "without_question_index": features([hit(0.5)], NONE),
    }

    for kind, names in known.items():
        fitted = calibration.of(kind)
        assert names.keys() == FEATURES[kind]
        assert fitted.coefficients.keys() == names.keys() | {"intercept"}
        assert 0 <= fitted.not_found_below <= fitted.claimed_above <= 1
