"""Keep the answers given last: a question asked again, or by several people at once, is answered from one search."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Lock

from index.domain import Answer
from index.searcher import WITHOUT_SERVER, clean

MOST_KEPT = 1000
"""Answers; one of five passages takes 15 kB of memory, one of twenty about 60 kB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that an answer depends on, but for how the question's white space was typed."""

    fingerprint: str
    question: str
    previous: tuple[str, ...]
    as_typed: bool
    k: int
    style: str

    @classmethod
    def of(
        cls, fingerprint: str, question: str, *, previous: tuple[str, ...], as_typed: bool, k: int, style: str
    ) -> "Asked":  # fmt: skip
        """Return what is asked, cleaned as the search cleans it; raise BadQuestion where there is nothing to search."""
        before = () if as_typed else tuple(clean(p) for p in previous)
        return cls(fingerprint, clean(question), before, as_typed, k, style)


class AnswerCache:
    """At most so many answers, those asked for longest ago forgotten first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._answers: OrderedDict[Asked, Future[Answer]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, asked: Asked, question: str, search: Callable[[], Answer]) -> Answer:
        """Return the answer, with the question as it was typed now; who asks what is being searched waits for that search.

        An error is raised for all who wait, and not kept; nor is an answer from the time while the vector server is away.
        """
        with self._lock:
            found = self._answers.get(asked)
            first = found is None
            promised = self._answers.setdefault(asked, Future())
            self._answers.move_to_end(asked)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        if first:
            self._search(asked, promised, search)
        return replace(promised.result(), question=question)

    def _search(self, asked: Asked, promised: "Future[Answer]", search: Callable[[], Answer]) -> None:
        try:
            answer = search()
        except BaseException as error:
            self._forget(asked, promised)
            promised.set_exception(error)
        else:
            if WITHOUT_SERVER in answer.degraded:
                self._forget(asked, promised)
            promised.set_result(answer)

    def _forget(self, asked: Asked, promised: "Future[Answer]") -> None:
        with self._lock:
            if self._answers.get(asked) is promised:
                del self._answers[asked]
