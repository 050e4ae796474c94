import threading
import time
from collections import Counter

import pytest

from index.domain import Reference
from index.fetching.asking import ask_all
from index.fetching.domain import NotObtained, Received
from index.fetching.repairs import host_of
from tests.fetching.pages import Web, came, page, reference

TITLES = ("The ferry is late again and nobody knows why", "A storm breaks the mole of the old harbour at night")


def now() -> str:
    return "2026-11-25T12:00:00Z"


def cited(number: int, host: str) -> Reference:
    return reference(number, URL=f"https://{host}/{number}.html", title=TITLES[number % 2])


class Slow:
    """Gives the page after a moment, and keeps how many are asking each host, and how many hosts are asked at once."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.asking: Counter[str] = Counter()
        self.most_at_host = self.most_hosts = 0

    def get(self, url: str) -> Received:
        host = host_of(url)
        with self.guard:
            self.asking[host] += 1
            self.most_at_host = max(self.most_at_host, self.asking[host])
            self.most_hosts = max(self.most_hosts, sum(count > 0 for count in self.asking.values()))
        time.sleep(0.05)
        with self.guard:
            self.asking[host] -= 1
        if host == "gone.example":
            raise NotObtained("HTTP 404")
        return came(page(TITLES[int(url.rsplit("/", 1)[1].removesuffix(".html")) % 2]), asked=url)


def test_hosts_are_asked_together_and_each_for_one_at_a_time() -> None:
    """Hosts do not wait for each other, and none, the archive among them, has to answer twice at once."""
    hosts = ("a.example", "b.example", "gone.example", "a.example", "b.example", "gone.example", "c.example", "gone.example")
    web = Slow()
    outcomes = list(ask_all([cited(n, host) for n, host in enumerate(hosts)], web, now=now))

    assert {o.reference.number: o.obtained is not None for o in outcomes} == {n: True for n, _ in enumerate(hosts)}
    assert web.most_at_host == 1
    assert web.most_hosts > 1


def test_without_network_few_hosts_are_asked() -> None:
    """Two hosts that cannot be reached, and none that can, are enough to tell all others."""
    web = Web(otherwise="no network")
    references = [cited(n, f"h{n}.example") for n in range(40)]
    outcomes = list(ask_all(references, web, now=now))

    assert {o.reason for o in outcomes} == {"no network"}
    assert len(outcomes) == 40
    assert len(web.asked) < 20


def test_one_host_without_a_name_server_is_not_all() -> None:
    """A host that looks like no network does not keep the others from being asked."""
    first, second = cited(0, "lost.example"), cited(1, "found.example")
    pages = {str(first.url): "no network", str(second.url): came(page(TITLES[1]), asked=str(second.url))}
    outcomes = {o.reference.number: o for o in ask_all([first, second], Web(pages), now=now)}

    assert outcomes[0].reason == "no network"
    assert outcomes[1].obtained is not None


def test_nobody_to_ask_is_no_work() -> None:
    """Without references nothing comes."""
    assert list(ask_all([], Web(), now=now)) == []


def test_a_fault_of_our_own_is_told() -> None:
    """An error that is no reason comes out where it is seen, and not into the ledger."""

    class Faulty:
        def get(self, url: str) -> Received:
            raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        list(ask_all([cited(0, "a.example")], Faulty(), now=now))


def test_broken_off_nothing_more_is_asked() -> None:
    """When nobody wants more, no further address is asked."""
    web = Slow()
    coming = ask_all([cited(n, "a.example") for n in range(30)], web, now=now)
    next(coming)
    coming.close()
    time.sleep(0.2)
    asking = web.asking.total()
    time.sleep(0.2)

    assert web.asking.total() == asking == 0
