import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from index.fetching.client import Fetcher
from index.fetching.domain import NotObtained
from index.fetching.hosts import AddressGuard, system_addresses
from tests.fetching.web import OK, QUICK, Server, moved, trusting

PUBLIC = "93.184.215.14"
OTHER_PUBLIC = "151.101.1.69"
PRIVATE_NAMES = {
    "loopback.example": ("127.0.0.1",),
    "loopback-six.example": ("::1",),
    "ten.example": ("10.1.2.3",),
    "home.example": ("192.168.1.1",),
    "office.example": ("172.16.5.4",),
    "metadata.example": ("169.254.169.254",),
    "carrier.example": ("100.64.0.1",),
    "any.example": ("0.0.0.0",),
    "any-six.example": ("::",),
    "broadcast.example": ("255.255.255.255",),
    "multicast.example": ("224.0.0.1",),
    "multicast-six.example": ("ff02::1",),
    "link-local-six.example": ("fe80::1%1",),
    "unique-local.example": ("fd00::1",),
    "site-local.example": ("fec0::1",),
    "mapped.example": ("::ffff:127.0.0.1",),
    "compatible.example": ("::127.0.0.1",),
    "six-to-four.example": ("2002:7f00:1::",),
    "nat64.example": ("64:ff9b::7f00:1",),
    "local-nat64.example": ("64:ff9b:1::7f00:1",),
    "teredo.example": ("2001:0:7f00:1::",),
    "mixed.example": (PUBLIC, "10.1.2.3"),
    "mixed-six.example": (PUBLIC, "::1"),
    "benchmark.example": ("198.18.0.1",),
    "documentation.example": ("192.0.2.1",),
}
PRIVATE_HOSTS = (
    *PRIVATE_NAMES,
    *"localhost localhost. LOCALHOST db.localhost 127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 017700000001".split(),
    *"0 0.0.0.0 10.0.0.1 192.168.0.1 169.254.169.254 3232235521 0xa9fea9fe 127.127.127.127".split(),
    *"[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:a00:1] [fd00::1] [fe80::1%25lo] [2002:7f00:1::]".split(),
    *"0177.0.0.1 0x7f.0x0.0x0.0x1 127.0.0.1. loopback.example. LOOPBACK.example user@127.0.0.1 user:word@127.0.0.1".split(),
    *"public.example@127.0.0.1 public.example%20@127.0.0.1 public.example\\@127.0.0.1 127.0.0.1\\@public.example".split(),
    *"127.0.0.1%2f.public.example %31%32%37.0.0.1 ①②⑦.0.0.1 127。0。0。1 127.0.0.1:80 localhost:443".split(),
    *"public.example:22 public.example:6379 public.example:8080 127.0.0.1:0 127.0.0.1:65536 127.0.0.1:-1".split(),
)
WAYS = (
    *(f"http://{host}/" for host in PRIVATE_HOSTS),
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://loopback.example/",
    "//127.0.0.1/",
    "///127.0.0.1/",
    "http:127.0.0.1",
    "http:///127.0.0.1/",
    "http://",
    "file:///etc/hostname",
    "file://127.0.0.1/etc/hostname",
    "gopher://127.0.0.1/_GET%20/",
    "ftp://127.0.0.1/",
    "ws://127.0.0.1/",
    "dict://127.0.0.1:11211/",
    "data:text/html,<p>here</p>",
    "javascript:alert(1)",
    "unix:///run/docker.sock",
    "jar:http://127.0.0.1!/",
    " http://127.0.0.1/ ",
    "http://127.0.0.1/\r\nHost: public.example",
)


class Canary:
    """A listener to which every connection of this process is led, whatever address it was meant for.

    `meant` are those addresses; a connection to a port in `ports` is made as it is.
    """

    def __init__(self) -> None:
        self.meant: list[tuple[str, int]] = []
        self.ports: set[int] = set()
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._plain: Callable[..., None] = socket.socket.connect
        threading.Thread(target=self._listen, daemon=True).start()

    def connect(self, plain: socket.socket, address: Any) -> None:
        """Stand in for socket.connect."""
        if address[1] in self.ports:
            self._plain(plain, address)
            return
        self.meant.append((address[0], address[1]))
        with socket.socket() as led:
            self._plain(led, self._listener.getsockname())
            led.recv(1)
        raise ConnectionRefusedError("led to the canary")

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    canary = Canary()
    monkeypatch.setattr(socket.socket, "connect", lambda plain, address: canary.connect(plain, address))
    yield canary
    canary.close()


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Know the names of these tests, and read numbers as the system does, which takes many forms for an address."""
    if host == "public.example":
        return (PUBLIC,)
    return PRIVATE_NAMES.get(host) or system_addresses(host, port)


def fetching(guard: AddressGuard) -> Fetcher:
    return Fetcher(limits=QUICK, guard=guard, tls=trusting())


def test_there_are_many_ways() -> None:
    """The canary is tried for in more than forty ways, directly and by redirects."""
    assert len(set(WAYS)) == len(WAYS) > 80


def test_canary_sings(canary: Canary) -> None:
    """A connection to a public address is one that the canary hears: what follows could fail."""
    with fetching(AddressGuard(resolve=resolve)) as fetcher, pytest.raises(NotObtained, match="refused"):
        fetcher.get("http://public.example/")

    assert canary.meant == [(PUBLIC, 80)]
    assert canary.connections == 1


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_private_address(way: str, canary: Canary) -> None:
    """An address that is private, or not that of a web page, is not obtained and nothing is connected to."""
    with fetching(AddressGuard(resolve=resolve)) as fetcher, pytest.raises(NotObtained) as caught:
        fetcher.get(way)

    assert re.match(r"refused: |not a web address$", str(caught.value))
    assert canary.meant == []
    assert canary.connections == 0


@pytest.mark.parametrize("way", [way for way in WAYS if way.isascii() and way.isprintable()])
def test_no_redirect_leads_to_a_private_address(way: str, site: Server, canary: Canary) -> None:
    """A page that redirects to such an address leads to nothing more than itself."""
    canary.ports.add(site.port)
    site.pages["/start"] = moved(way)
    guard = AddressGuard(frozenset({site.port}), resolve)

    with fetching(guard) as fetcher, pytest.raises(NotObtained):
        fetcher.get(site.url("/start"))

    assert set(site.requests) <= {"/robots.txt", "/start", "/127.0.0.1", "/127.0.0.1/", "/"}
    assert canary.meant == []
    assert canary.connections == 0


def test_second_answer_of_a_name_is_looked_at_too(site: Server, canary: Canary) -> None:
    """A name that is harmless when its robots.txt is asked for and private afterwards is refused afterwards."""
    answers = [("127.0.0.1",), ("10.0.0.1",)]
    canary.ports.add(site.port)
    site.pages["/"] = OK
    guard = AddressGuard(frozenset({site.port}), lambda host, port: answers.pop(0))

    with fetching(guard) as fetcher, pytest.raises(NotObtained, match="refused: private address"):
        fetcher.get(site.url("/", "rebinding.example"))

    assert site.requests == ["/robots.txt"]
    assert answers == []
    assert canary.meant == []


def test_each_connection_goes_to_the_address_that_was_looked_at(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hop of a chain is resolved once for each connection, and that very address is connected to under the name."""
    addresses = {"first.example": PUBLIC, "second.example": OTHER_PUBLIC}
    site.pages |= {"/": moved("http://second.example/end"), "/end": OK}
    looked_up, connected, plain = [], [], socket.socket.connect

    def look_up(host: str, port: int) -> tuple[str, ...]:
        looked_up.append((addresses[host], port))
        return (addresses[host],)

    def connect(made: socket.socket, address: Any) -> None:
        connected.append(address)
        plain(made, ("127.0.0.1", site.port))

    monkeypatch.setattr(socket.socket, "connect", connect)
    with fetching(AddressGuard(resolve=look_up)) as fetcher:
        received = fetcher.get("http://first.example/")

    assert received.final == "http://second.example/end"
    assert looked_up == connected
    assert set(connected) == {(PUBLIC, 80), (OTHER_PUBLIC, 80)}
    assert [heard["Host"] for heard in site.heard] == ["first.example", "first.example", "second.example", "second.example"]
