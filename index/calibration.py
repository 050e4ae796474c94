"""The coefficients and thresholds of the confidence: data, made by `footnote evaluate --fit`, part of the fingerprint."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import CorpusError

Kind = Literal["with_question_index", "without_question_index"]
"""Whether the index that was asked has indexed questions; the features differ."""

FEATURES: dict[Kind, frozenset[str]] = {
    "with_question_index": frozenset({"answered_coverage", "gap", "gap_share", "question_index", "sentence"}),
    "without_question_index": frozenset({"late_interaction", "sentence", "dense", "bm25", "lead"}),
}
"""What a fit may weigh; `index/confidence.py` says what each is."""

FITTED_ELSEWHERE = Path(__file__).with_name("calibration.json")
"""What a corpus without a `calibration.json` of its own is calibrated by."""


class _Level(BaseModel):
    name: str
    begin: float = Field(alias="from")
    end: float = Field(alias="to")
    questions: int
    answered: int
    partly: int


class _Made(BaseModel):
    """What a page tells of a fit."""

    levels: list[_Level] = []
    articles: list[str] = []


class _Coefficients(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float]

    intercept: float


class _Fit(BaseModel):
    """A fit as the file has it, as far as a question or a page relies on it."""

    coefficients: _Coefficients
    claimed_above: float
    not_found_below: float
    made: _Made


@dataclass(frozen=True, slots=True)
class Fitted:
    """One fit: coefficients by feature with an intercept, the two thresholds, and what it was made from."""

    coefficients: dict[str, float]
    claimed_above: float
    not_found_below: float
    made: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fit for indexes with a question index and one for those without."""

    with_question_index: Fitted
    without_question_index: Fitted

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Read the file that `write` wrote; raise CorpusError where it is malformed."""
        try:
            return cls(**{kind: _fitted(kind, fit) for kind, fit in json.loads(path.read_text(encoding="utf-8")).items()})
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise CorpusError(f"{path.name}: not a calibration: {error}; make it by 'footnote evaluate --fit'.") from None

    def write(self, path: Path) -> None:
        """Write the file that `read` reads."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def of(self, kind: Kind) -> Fitted:
        """Return the fit that applies."""
        return self.with_question_index if kind == "with_question_index" else self.without_question_index


def _fitted(kind: str, fit: Any) -> Fitted:
    """Return the fit; raise ValueError or TypeError where it is none."""
    try:
        _Fit.model_validate_json(json.dumps(fit), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None
    for name in fit["coefficients"].keys() - {"intercept"} - FEATURES.get(cast(Kind, kind), frozenset()):
        raise ValueError(f"{kind}: there is no feature {name!r}")
    return Fitted(**fit)
