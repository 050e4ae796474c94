import socket
import threading
import time

import httpx2
import pytest

from index.fetching.domain import NotObtained
from index.fetching.hosts import ALWAYS_THERE, AddressGuard, Resolve, is_public, system_addresses


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """What anybody can reach is public, a public IPv4 address behind NAT64 included."""
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "example.org", "8.8.8.8:80", "2606:4700:4700::1111%eth0", "::ffff:8.8.8.8"])
def test_all_else_is_not(address: str) -> None:
    """What is no address, has a zone, or wraps another address is not public."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://example.org/",
        "http://example.org:443/",
        "https://EXAMPLE.org.:443/a?b",
        "http://bücher.example/",
        "http://[2606:4700::1111]/",
    ],
)
def test_web_addresses_are_admitted(url: str) -> None:
    """Both schemes on both ports are admitted, with names in any script and addresses as numbers."""
    AddressGuard().check(httpx2.URL(url))


def failing(code: int, *, online: bool) -> Resolve:
    """Return a resolver that knows no host, but the one that is always there if it is online."""

    def resolve(host: str, port: int) -> tuple[str, ...]:
        if online and host == ALWAYS_THERE:
            return ("198.41.0.4",)
        raise socket.gaierror(code, "no")

    return resolve


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL])
def test_no_name_at_all_is_no_network(code: int) -> None:
    """Where not even a root server's name is known, the host's is not to blame."""
    with pytest.raises(NotObtained, match=r"^no network$"):
        AddressGuard(resolve=failing(code, online=False)).addresses("example.org", 443)


@pytest.mark.parametrize(
    ("code", "reason"), [(socket.EAI_NONAME, "no such host"), (socket.EAI_AGAIN, "the host's name cannot be looked up now")]
)
def test_one_unknown_name_is_the_hosts(code: int, reason: str) -> None:
    """Where other names are known, the reason is the host's own."""
    with pytest.raises(NotObtained, match=rf"^{reason}$"):
        AddressGuard(resolve=failing(code, online=True)).addresses("nobody.example", 443)


def test_loopback_port_is_open_to_loopback_alone() -> None:
    """The port that a test may use admits this machine, no other private address, and this machine at no other port."""
    guard = AddressGuard(frozenset({9999}), lambda host, port: (host,))

    assert guard.addresses("127.0.0.1", 9999) == ("127.0.0.1",)
    for host, port in (("10.0.0.1", 9999), ("127.0.0.2", 9999), ("127.0.0.1", 80)):
        with pytest.raises(NotObtained, match="private"):
            guard.addresses(host, port)


def test_default_guard_opens_nothing() -> None:
    """Nothing but a test's own hand opens a port of this machine."""
    assert AddressGuard().loopback_ports == frozenset()
    assert not AddressGuard().downgrade


def test_lookup_that_hangs_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that does not answer in time is as one that cannot say now."""
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(30) and [])
    started = time.monotonic()

    with pytest.raises(socket.gaierror) as caught:
        system_addresses("slow.example", 443, seconds=0.1)

    done.set()
    assert caught.value.errno == socket.EAI_AGAIN
    assert time.monotonic() - started < 5


def test_system_reads_numbers_in_all_their_forms() -> None:
    """What the canary relies on: the system takes these for this machine, so the guard has to look at what comes out."""
    assert {system_addresses(host, 80) for host in ("127.0.0.1", "127.1", "2130706433", "0x7f000001")} == {("127.0.0.1",)}
