"""Count the questions that were asked and how long they took, for Prometheus; no word of a question is kept."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from index.domain import Answer
from index.errors import BadQuestion
from server.problems import PROBLEM_RESPONSES

router = APIRouter(responses=PROBLEM_RESPONSES)
_STATES = ("answered", "related", "not_found", "refused", "failed")
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
P = ParamSpec("P")


class Metrics:
    """What one application has counted since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._ready = Gauge("footnote_ready", "1 where questions can be asked, else 0.", registry=self.registry)
        self._questions = Counter(
            "footnote_questions", "Questions by what became of them: a state of an answer, refused or failed.",
            ["status"], registry=self.registry,
        )  # fmt: skip
        self._degraded = Counter("footnote_degraded", "Answers that say they are less than usual.", registry=self.registry)
        self._seconds = Histogram(
            "footnote_question_seconds", "How long a question took.", buckets=_SECONDS, registry=self.registry
        )
        for state in _STATES:
            self._questions.labels(state)

    def count(self, status: str, seconds: float) -> None:
        """Count one question."""
        self._questions.labels(status).inc()
        self._seconds.observe(seconds)

    def count_degraded(self) -> None:
        """Count an answer that names something it had to do without."""
        self._degraded.inc()

    def text(self, *, ready: bool) -> bytes:
        """Return what was counted in Prometheus's text format."""
        self._ready.set(ready)
        return generate_latest(self.registry)


def counted(ask: Callable[Concatenate[Request, P], Answer]) -> Callable[Concatenate[Request, P], Answer]:
    """Return the function with each question counted that it is given."""

    @wraps(ask)
    def ask_and_count(request: Request, /, *args: P.args, **how: P.kwargs) -> Answer:
        if request.app.state.searcher is None:
            return ask(request, *args, **how)  # which refuses; nothing has failed
        metrics: Metrics = request.app.state.metrics
        status, started = "failed", time.perf_counter()
        try:
            answer = ask(request, *args, **how)
            status = answer.status
        except BadQuestion:
            status = "refused"
            raise
        finally:
            metrics.count(status, time.perf_counter() - started)
        if answer.degraded:
            metrics.count_degraded()
        return answer

    return cast(Callable[Concatenate[Request, P], Answer], ask_and_count)


@router.get("/metrics", summary="What was counted, for Prometheus", response_class=Response)
def get_metrics(request: Request) -> Response:
    """Return counts of questions by what became of them and a histogram of how long they took, of this process."""
    metrics: Metrics = request.app.state.metrics
    text = metrics.text(ready=request.app.state.searcher is not None)
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
