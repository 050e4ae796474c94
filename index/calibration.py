"""The coefficients and thresholds of the confidence: data, made by `footnote evaluate --fit`, part of the fingerprint."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import CorpusError

Fit = dict[str, float]
FITTED_ELSEWHERE = Path(__file__).with_name("calibration.json")
"""What a corpus without a `calibration.json` of its own is calibrated by."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients by feature with an intercept, once with and once without a question index, and the thresholds."""

    with_question_index: Fit
    without_question_index: Fit
    claimed_above: dict[str, float]
    not_found_below: dict[str, float]
    made: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Read the file that `footnote evaluate --fit` wrote; raise CorpusError where it is malformed."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise CorpusError(f"{path.name}: not a calibration: {error}; make it by 'footnote evaluate --fit'.") from None

    def write(self, path: Path) -> None:
        """Write the file that `read` reads."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
