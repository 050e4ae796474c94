"""Measure how building and asking grow with a corpus: `python -m tests.benchmarks.scale --passages 1000,10000,100000`.

Each corpus is built and asked in processes of its own; `--real` names indexes built by the real encoder, of which the
first is the one of the corpus that Footnote comes with and brings the query encoder.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from index import ranking, searcher
from index.build import build
from index.encoder import Floats
from index.generations import current
from index.opened import PASSAGE_VECTORS, OpenedIndex
from index.query_encoder import StoredEncoder, open_query_encoder
from index.searcher import Searcher
from index.store import VectorStore
from tests.benchmarks.perturbing import PerturbedEncoder, make_corpus
from tests.conftest import ROOT

QUESTIONS = 300
NEAREST = 20
MILLION = 1_000_000
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("reading the question", StoredEncoder, "encode_question"),
    ("question index", searcher.Neighbours, "find"),
    ("candidates", ranking, "_candidates"),
    ("late interaction", ranking, "_parts"),
    ("ranking, all of it", searcher, "rank"),
    ("quoting", searcher, "quotations"),
)
"""What is timed inside a question: a name, and where the function is called from."""


def build_large(work: Path, passages: int, real: Sequence[Path]) -> dict[str, Any]:
    """Build an index of so many passages; return what it took."""
    opened = [OpenedIndex.open(folder) for folder in real]
    encoder = PerturbedEncoder(opened, current(real[0]))
    make_corpus(work / "corpus", passages, opened)
    _take_article(real[0], work / "index")
    for index in opened:
        index.close()
    before = memory()
    steps: dict[str, float] = {}
    own: dict[str, float] = defaultdict(float)
    clock = time.perf_counter()

    def note(what: str, done: int, total: int) -> None:
        steps[what] = round(time.perf_counter() - clock, 1)
        own[what] = max(own[what], round(memory()["own"] - before["own"]))

    built = build(work / "corpus", work / "index", encoder, progress=note)
    seconds = time.perf_counter() - clock
    return {
        "passages": built.passages, "build_seconds": seconds, "passages_a_second": built.passages / seconds,
        "done_after_seconds": steps, "build_memory_mb": memory()["peak"] - before["now"],
        "build_own_memory_mb": own, "size_mb": sizes(current(work / "index")),
        "text_mb": sum(p.stat().st_size for p in (work / "corpus").glob("*.md")) / 1e6,
    }  # fmt: skip


def _take_article(real: Path, folder: Path) -> None:
    """Copy the real generation as a stale one, so that the article's encodings and the query encoder are taken from it."""
    generation = shutil.copytree(current(real), folder / current(real).name)
    manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    (generation / "manifest.json").write_text(json.dumps(manifest | {"inputs": {}}), encoding="utf-8")
    (folder / "CURRENT").write_text(generation.name, encoding="utf-8")


def sizes(generation: Path) -> dict[str, float]:
    """Return the size of each part of a generation."""
    found: dict[str, float] = defaultdict(float)
    for path in generation.rglob("*"):
        if path.is_file():
            part = path.relative_to(generation).as_posix()
            found[part if path.suffix == ".npy" or "/" not in part else part.partition("/")[0]] += path.stat().st_size / 1e6
    return {part: round(size, 2) for part, size in sorted(found.items()) if size >= 0.1}


def memory() -> dict[str, float]:
    """Return what this process holds: now, at its peak, and how much of that is no mapped file, in MB."""
    lines = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(("Vm", "Rss"))
    )
    names = {"now": "VmRSS", "peak": "VmHWM", "own": "RssAnon"}
    return {name: int(lines[line].split()[0]) / 1024 for name, line in names.items()}


def ask_large(work: Path) -> dict[str, Any]:
    """Open the index and ask it; return times, memory, and how much of an exact search Chroma finds."""
    clock = time.perf_counter()
    asked = questions()
    encoder = open_query_encoder(work / "index", "all-MiniLM-L6-v2")
    opened = Searcher.open(work / "index", encoder)
    found: dict[str, Any] = {"open_seconds": time.perf_counter() - clock, "opened_memory_mb": memory()}
    opened.ask(asked[0])
    found["ready_seconds"] = time.perf_counter() - clock
    with timed() as stages:
        times = [_milliseconds(opened, question) for question in asked[1:]]
    found["asked"] = len(times)
    found["milliseconds"] = percentiles([wall for wall, _ in times])
    found["processor_milliseconds"] = percentiles([processor for _, processor in times])
    found["processor_milliseconds_by_stage"] = {name: percentiles(spent) for name, spent in stages.items()}
    found["asked_memory_mb"] = memory()
    found |= vector_search(opened.index, [encoder.encode_question(q).vector for q in asked], current(work / "index") / "chroma")
    opened.close()
    return found


def questions() -> list[str]:
    """Return questions that are never held out."""
    lines = (ROOT / "corpus/questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [q["question"] for q in map(json.loads, lines) if q["split"] == "dev" and not q.get("previous")][: QUESTIONS + 1]


@contextmanager
def timed() -> Iterator[dict[str, list[float]]]:
    """Give the processor's milliseconds spent in each stage while this is entered."""
    spent: dict[str, list[float]] = {name: [] for name, _, _ in STAGES}
    originals = [(owner, name, owner.__dict__[name]) for _, owner, name in STAGES]
    for stage, owner, name in STAGES:
        setattr(owner, name, _timing(getattr(owner, name), spent[stage]))
    try:
        yield spent
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _timing(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        clock = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent.append((time.process_time() - clock) * 1000)

    return call


def _milliseconds(opened: Searcher, question: str) -> tuple[float, float]:
    """Return what a question took by the clock and of the processor, which other processes of a busy machine do not change."""
    clock, processor = time.perf_counter(), time.process_time()
    opened.ask(question)
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Return the 50th, 95th and 99th."""
    return {f"p{p}": round(float(np.percentile(times, p)), 2) for p in (50, 95, 99)} if times else {}


def vector_search(index: OpenedIndex, vectors: Sequence[Floats], folder: Path) -> dict[str, Any]:
    """Compare Chroma's nearest passages with the exact ones, and what both take of the processor."""
    every = np.asarray(index.arrays.passages.vectors)
    store = VectorStore.open_copy(folder)
    store.search(PASSAGE_VECTORS, vectors[0], NEAREST)
    exact_ms, chroma_ms, shares = [], [], []
    for vector in vectors:
        clock = time.process_time()
        exact = np.argpartition(-(every @ vector), ranking.CANDIDATES)[: ranking.CANDIDATES]
        between = time.process_time()
        rows, _ = store.search(PASSAGE_VECTORS, vector, ranking.CANDIDATES)
        chroma_ms.append((time.process_time() - between) * 1000)
        exact_ms.append((between - clock) * 1000)
        nearest = exact[np.argsort(-(every[exact] @ vector))][:NEAREST]
        shares.append(len(set(rows[:NEAREST]) & set(nearest)) / NEAREST)
    store.close()
    return {
        "exact_ms": percentiles(exact_ms), "chroma_ms": percentiles(chroma_ms),
        f"recall_at_{NEAREST}": float(np.mean(shares)),
    }  # fmt: skip


def crossing(results: Sequence[dict[str, Any]]) -> float | None:
    """Return the number of passages from which Chroma is the faster one, between the sizes that were measured."""
    for small, large in pairwise(results):
        low, high = (r["exact_ms"]["p50"] - r["chroma_ms"]["p50"] for r in (small, large))
        if low < 0 <= high:
            return float(small["passages"] + (large["passages"] - small["passages"]) * -low / (high - low))
    return None


def growth(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Fit `value = a · passages^b` to what was measured; return b and the value at a million passages."""
    values = {
        "p95 of a question, ms": [r["milliseconds"]["p95"] for r in results],
        "index, MB": [sum(r["size_mb"].values()) for r in results],
        "own memory after asking, MB": [r["asked_memory_mb"]["own"] for r in results],
        "build, s": [r["build_seconds"] for r in results],
        "ready after, s": [r["ready_seconds"] for r in results],
    }
    sizes = np.log([r["passages"] for r in results[-2:]])
    fitted = {name: np.polyfit(sizes, np.log(found[-2:]), 1) for name, found in values.items()}
    return {
        name: {"exponent": round(float(b), 2), "at_a_million": float(np.exp(a + b * np.log(MILLION)))}
        for name, (b, a) in fitted.items()
    }


def plot(results: Sequence[dict[str, Any]], folder: Path) -> None:
    """Draw times, sizes and memory over the number of passages."""
    from matplotlib.figure import Figure

    passages = [r["passages"] for r in results]
    figure = Figure(figsize=(12, 4), layout="constrained")
    times, space, search = figure.subplots(1, 3)
    for p in ("p50", "p95", "p99"):
        times.plot(passages, [r["milliseconds"][p] for r in results], marker="o", label=f"a question, {p}")
        search.plot(passages, [r["exact_ms"][p] for r in results], marker="o", label=f"exact, {p}")
        search.plot(passages, [r["chroma_ms"][p] for r in results], marker="x", linestyle="--", label=f"Chroma, {p}")
    times.axhline(100, color="grey", linewidth=0.5)
    space.plot(passages, [sum(r["size_mb"].values()) for r in results], marker="o", label="index")
    space.plot(passages, [r["asked_memory_mb"]["own"] for r in results], marker="o", label="memory of its own, asked")
    space.plot(passages, [r["build_memory_mb"] for r in results], marker="o", label="memory of the build, at its peak")
    for axes, unit_ in ((times, "milliseconds"), (space, "MB"), (search, "milliseconds")):
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=unit_)
        axes.legend(fontsize="small")
    figure.savefig(folder / "scale.png", dpi=120)


def _in_its_own_process(arguments: argparse.Namespace, stage: str, work: Path, passages: int) -> dict[str, Any]:
    real = [option for folder in arguments.real for option in ("--real", str(folder))]
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.scale",
        "--stage",
        stage,
        "--work",
        str(work),
        "--passages",
        str(passages),
        *real,
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", default="1000,10000", help="how many passages, separated by commas")
    parser.add_argument("--real", type=Path, action="append", help="an index built by the real encoder; repeat")
    parser.add_argument("--work", type=Path, required=True, help="an empty folder for corpora and indexes")
    parser.add_argument("--output", type=Path, help="a folder for scale.json and scale.png")
    parser.add_argument("--keep", action="store_true", help="keep the indexes, and use those that are there")
    parser.add_argument("--stage", choices=["build", "ask"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.real = arguments.real or [ROOT / ".index"]
    return arguments


def _measure(arguments: argparse.Namespace) -> None:
    results = []
    for passages in map(int, arguments.passages.split(",")):
        work = arguments.work / str(passages)
        result = work / "built.json"
        if not result.is_file():
            shutil.rmtree(work, ignore_errors=True)
            built = _in_its_own_process(arguments, "build", work, passages)
            result.write_text(json.dumps(built), encoding="utf-8")
        results.append(json.loads(result.read_text(encoding="utf-8")) | _in_its_own_process(arguments, "ask", work, passages))
        print(json.dumps(results[-1], indent=1), flush=True)
        if not arguments.keep:
            shutil.rmtree(work)
    fitted: dict[str, Any] = growth(results) if len(results) > 1 else {}
    fitted["Chroma is faster from"] = crossing(results)
    print(json.dumps(fitted, indent=1))
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        (arguments.output / "scale.json").write_text(
            json.dumps({"results": results, "growth": fitted}, indent=1), encoding="utf-8"
        )
        plot(results, arguments.output)


if __name__ == "__main__":
    given = _arguments()
    if given.stage == "build":
        print(json.dumps(build_large(given.work, int(given.passages), given.real)))
    elif given.stage == "ask":
        print(json.dumps(ask_large(given.work)))
    else:
        _measure(given)
