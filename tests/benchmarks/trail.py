"""Fit and measure the verdict of the note trail: is a passage of the source close to the sentence that cites it?

python -m tests.benchmarks.trail
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from index.arrays import Arrays
from index.encoded_texts import encode
from index.encoder import Encoder, Floats
from index.texts import whole_text
from index.trail import CLOSE, nearness
from tests.conftest import silent

DATA = Path(__file__).resolve().parents[1] / "data" / "trail"
FALSELY_CLOSE = 0.05
"""The share of sources without the place that may be called close, on the topics that the threshold is fitted on."""


@dataclass(frozen=True)
class Scores:
    """The nearest passage's score where the source has the place, and where it does not."""

    has: Floats
    lacks: Floats

    def threshold(self) -> float:
        """Return the lowest score, to two digits, that few enough of those without the place reach."""
        return float(np.ceil(np.quantile(self.lacks, 1 - FALSELY_CLOSE) * 100) / 100)

    def line(self, name: str, close: float) -> str:
        """Return what the threshold makes of them."""
        known = [1] * len(self.has) + [0] * len(self.lacks)
        auroc = roc_auc_score(known, [*self.has, *self.lacks])
        called, falsely = (self.has >= close).mean(), (self.lacks >= close).mean()
        return f"{name:<34}{len(self.has):>5}{len(self.lacks):>6}{auroc:>8.3f}{called:>8.3f}{falsely:>8.3f}"


class Measure:
    """Scores sentences against stretches by the trail's own measure."""

    def __init__(self, encoder: Encoder, weights: Floats, texts: Sequence[str]) -> None:
        self._rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        states, _ = encode([whole_text(t) for t in self._rows], encoder, before=None, progress=silent, what="reading")
        self._arrays, self._weights, self._encoder = Arrays(states, states, states), weights, encoder

    def best(self, sentence: str, stretches: Sequence[str]) -> float:
        """Return the score of the stretch that is nearest to the sentence."""
        rows = np.asarray(sorted(self._rows[s] for s in stretches), dtype=np.int64)
        return float(nearness(self._arrays, self._weights, self._encoder.encode([sentence])[0], rows).max())


def citing(measure: Measure, entries: Sequence[dict], topics: set[str]) -> Scores:
    """Score each sentence against its source, and against the same source without the places that it rests on."""
    chosen = [e for e in entries if e["topic"] in topics]
    without = [[s for at, s in enumerate(e["source"]) if at not in e["answer"]] for e in chosen]
    return Scores(
        np.asarray([measure.best(e["sentence"], e["source"]) for e in chosen]),
        np.asarray([measure.best(e["sentence"], rest) for e, rest in zip(chosen, without, strict=True)]),
    )


def hard(measure: Measure, entries: Sequence[dict]) -> Scores:
    """Score each sentence against its source, which has the place or lacks it as labelled."""
    found = {label: [e for e in entries if e["label"] == label] for label in ("close", "nothing_close")}
    return Scores(*(np.asarray([measure.best(e["sentence"], e["source"]) for e in es]) for es in found.values()))


def read(name: str) -> list[dict]:
    """Return the entries of a file."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def halves(entries: Sequence[dict]) -> tuple[set[str], set[str]]:
    """Return the first half of the topics, by name, and the others."""
    topics = sorted({e["topic"] for e in entries})
    return set(topics[: len(topics) // 2]), set(topics[len(topics) // 2 :])


def measured(encoder: Encoder, weights: Floats) -> dict[str, Scores]:
    """Return the scores of the topics that the threshold is fitted on, of those held out, and of the hard sentences."""
    entries, hard_ones = read("citing.jsonl"), read("hard.jsonl")
    measure = Measure(encoder, weights, [s for e in (*entries, *hard_ones) for s in e["source"]])
    fitted, held_out = halves(entries)
    return {
        "fitted on": citing(measure, entries, fitted),
        "held out": citing(measure, entries, held_out),
        "hard, none fitted": hard(measure, hard_ones),
    }


def lines(found: dict[str, Scores]) -> Iterator[str]:
    """Yield the table."""
    fitted = found["fitted on"].threshold()
    yield f"threshold fitted {fitted:.2f}, in use {CLOSE:.2f}"
    yield f"{'sentences':<34}{'has':>5}{'lacks':>6}{'AUROC':>8}{'close':>8}{'falsely':>8}"
    yield from (scores.line(name, CLOSE) for name, scores in found.items())


if __name__ == "__main__":
    from index.encoder import DEFAULT_ENCODER, open_encoder
    from index.opened import OpenedIndex
    from server.settings import Settings

    index = OpenedIndex.open(Settings().index)
    print("\n".join(lines(measured(open_encoder(DEFAULT_ENCODER), index.passage_token_weights))))
    index.close()
