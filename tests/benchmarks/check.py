"""Measure how long a draft of 10,000 characters takes: `python -m tests.benchmarks.check`.

Half of its quotations are true, a third altered, the others from other texts; the documents are those that Footnote comes with.
"""

import random
import statistics
import time

from index.corpus import read_corpus
from index.quotations.checking import Checker
from tests.conftest import ROOT
from tests.quotations.making import altered_quotations, strangers, true_quotations

CHARACTERS = 10_000
TIMES = 9


def draft() -> str:
    """Return a draft that is nearly all quotation, longer than is measured."""
    article = read_corpus(ROOT / "corpus").document("article")
    quotations = [
        *true_quotations(article, 60, seed=1),
        *(q.text for q in altered_quotations(article, 40, seed=2)),
        *strangers(20, seed=3),
    ]
    random.Random(4).shuffle(quotations)
    return " He adds: ".join(f"“{q.translate({ord(c): None for c in '“”«»'})}”" for q in quotations)[:CHARACTERS]


def main() -> None:
    """Print how long opening takes, and the median and longest of some checks."""
    documents = read_corpus(ROOT / "corpus").documents
    started = time.perf_counter()
    checker = Checker(documents)
    opened = time.perf_counter() - started
    text = draft()
    seconds = []
    for _ in range(TIMES):
        started = time.perf_counter()
        checked = checker.check(text)
        seconds.append(time.perf_counter() - started)
    print(f"{len(documents)} documents of {sum(len(d.text) for d in documents):,} characters prepared in {opened:.2f} s")
    print(f"{len(text):,} characters with {len(checked.quotations)} quotations:", end=" ")
    print(f"median {statistics.median(seconds):.3f} s, longest {max(seconds):.3f} s of {TIMES}")


if __name__ == "__main__":
    main()
