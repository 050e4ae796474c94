"""Ask for many sources at once, each host for one at a time, and stop early where there is no network."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue

from index.domain import Reference
from index.fetching.domain import NotObtained, Received
from index.fetching.obtaining import NO_NETWORK, Getter, Outcome, obtain
from index.fetching.repairs import addresses, host_of

THREADS = 8
_SILENT_HOSTS = 2
"""A single host may look like no network where its name server is broken; two, and none that answers, are none."""


def ask_all(references: Sequence[Reference], getter: Getter, *, now: Callable[[], str]) -> Iterator[Outcome]:
    """Yield what comes of each reference, as it comes; those of one host are asked one after the other."""
    groups: dict[str, list[Reference]] = {}
    for reference in references:
        first = addresses(reference)[:1]
        groups.setdefault(host_of(first[0].url) if first else "", []).append(reference)
    waiting: SimpleQueue[list[Reference]] = SimpleQueue()
    for group in groups.values():
        waiting.put(group)
    come: SimpleQueue[Outcome | BaseException] = SimpleQueue()
    careful, stopped = _OneAtATime(getter), threading.Event()
    for _ in range(min(THREADS, len(groups))):
        threading.Thread(target=_work, args=(waiting, come, careful, now, stopped), daemon=True).start()
    try:
        for _ in references:
            outcome = come.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        stopped.set()


def _work(
    waiting: "SimpleQueue[list[Reference]]", come: "SimpleQueue[Outcome | BaseException]", getter: Getter,
    now: Callable[[], str], stopped: threading.Event,
) -> None:  # fmt: skip
    try:
        while True:
            for reference in waiting.get_nowait():
                if stopped.is_set():
                    return
                come.put(obtain(reference, getter, now=now))
    except Empty:
        return
    except BaseException as error:
        come.put(error)


class _OneAtATime:
    """Asks each host for one address at a time, and nobody once it is plain that there is no network."""

    def __init__(self, getter: Getter) -> None:
        self._getter = getter
        self._guard = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._silent: set[str] = set()
        self._answered = False

    def get(self, url: str) -> Received:
        host = host_of(url)
        with self._guard:
            lock = self._hosts.setdefault(host, threading.Lock())
        with lock:
            if self._is_offline():
                raise NotObtained(NO_NETWORK)
            return self._noted(host, url)

    def _noted(self, host: str, url: str) -> Received:
        try:
            received = self._getter.get(url)
        except NotObtained as reason:
            with self._guard:
                if str(reason) == NO_NETWORK:
                    self._silent.add(host)
                else:
                    self._answered = True
            raise
        with self._guard:
            self._answered = True
        return replace(received, asked=url)

    def _is_offline(self) -> bool:
        with self._guard:
            return not self._answered and len(self._silent) >= _SILENT_HOSTS
