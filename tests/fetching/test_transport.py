import errno
import socket

import pytest

from index.fetching.client import Fetcher
from index.fetching.domain import NotObtained
from index.fetching.hosts import AddressGuard
from tests.fetching.web import OK, QUICK, TEXT, Server, fetcher, moved, reason_of, secured, trusting

NAMES = {"news.example": "127.0.0.1", "other.example": "127.0.0.1"}
PUBLIC, PUBLIC_SIX = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


def test_proxy_of_the_environment_is_not_heeded(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard's address is the one connected to, whatever proxy the environment names."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/"] = OK

    with fetcher(site) as client:
        assert client.get(site.url("/")).status == 200


def test_name_stays_in_the_certificates_check() -> None:
    """Over TLS the certificate is checked against the name, though the connection goes to a number."""
    with Server({"/": OK}, tls=secured()) as site, fetcher(site, names=NAMES) as client:
        assert client.get(site.url("/", "news.example")).content == TEXT
        assert client.get(site.url("/", "news.example.")).content == TEXT
        for host in ("other.example", "127.0.0.1"):
            with pytest.raises(NotObtained, match=r"^certificate not valid$"):
                client.get(site.url("/", host))


def test_unknown_certificate_is_refused() -> None:
    """A certificate that the system does not trust is not valid."""
    with Server({"/": OK}, tls=secured()) as site:
        guard = AddressGuard(frozenset({site.port}), lambda host, port: ("127.0.0.1",))
        with Fetcher(limits=QUICK, guard=guard) as client, pytest.raises(NotObtained, match=r"^certificate not valid$"):
            client.get(site.url("/", "news.example"))

    assert site.requests == []


def test_no_https_where_none_is_spoken(site: Server) -> None:
    """A server that does not speak TLS gives no secure connection."""
    with fetcher(site, names=NAMES) as client, pytest.raises(NotObtained, match=r"^no secure connection$"):
        client.get(site.url("/", "news.example").replace("http", "https"))


@pytest.mark.parametrize("downgrade", [False, True])
def test_https_leads_to_http_only_where_allowed(downgrade: bool, site: Server) -> None:
    """A redirect from https to http is refused, unless whoever made the guard allows it."""
    site.pages["/"] = OK
    safe = Server({"/": moved(site.url("/"))}, tls=secured())

    with safe, fetcher(safe, site, names=NAMES, downgrade=downgrade) as client:
        obtained = reason_of(client, safe.url("/", "news.example"))

    assert obtained == ("" if downgrade else "refused: redirected from https to http")
    assert bool(site.requests) == downgrade


def test_unencrypted_page_may_lead_to_https(site: Server) -> None:
    """A redirect from http to https is followed."""
    with Server({"/": OK}, tls=secured()) as safe, fetcher(safe, site, names=NAMES) as client:
        site.pages["/"] = moved(safe.url("/", "news.example"))

        assert client.get(site.url("/")).final == safe.url("/", "news.example")


def test_nothing_listens() -> None:
    """A port at which nobody listens refuses the connection."""
    with Server() as gone:
        pass

    with fetcher(gone) as client, pytest.raises(NotObtained, match=r"^connection refused$"):
        client.get(gone.url("/"))


@pytest.mark.parametrize(("code", "reason"), [(errno.ENETUNREACH, "no network"), (errno.EHOSTUNREACH, "connection failed")])
def test_unreachable_network_is_no_network(code: int, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without any route to it is the network's fault; one that does not answer is the host's."""

    def connect(plain: socket.socket, address: object) -> None:
        raise OSError(code, "unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    guard = AddressGuard(resolve=lambda host, port: (PUBLIC, PUBLIC_SIX))

    with Fetcher(limits=QUICK, guard=guard, tls=trusting()) as client:
        assert reason_of(client, "https://news.example/") == reason


@pytest.mark.parametrize("addresses", [(PUBLIC, PUBLIC_SIX), (PUBLIC_SIX, PUBLIC)], ids=["4 first", "6 first"])
def test_missing_ipv6_is_not_a_missing_network(addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a host's several addresses, those that this machine has no way to do not hide what the others say."""

    def connect(plain: socket.socket, address: tuple[object, ...]) -> None:
        raise OSError(errno.ENETUNREACH if address[0] == PUBLIC_SIX else errno.ECONNREFUSED, "no")

    monkeypatch.setattr(socket.socket, "connect", connect)
    guard = AddressGuard(resolve=lambda host, port: addresses)

    with Fetcher(limits=QUICK, guard=guard, tls=trusting()) as client:
        assert reason_of(client, "https://news.example/") == "connection refused"


def test_next_address_is_tried(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not answer at one of its addresses may answer at the next."""
    site.pages["/"] = OK
    plain_connect = socket.socket.connect

    def connect(plain: socket.socket, address: tuple[object, ...]) -> None:
        if address[0] != PUBLIC:
            raise OSError(errno.ENETUNREACH, "no")
        plain_connect(plain, ("127.0.0.1", site.port))

    monkeypatch.setattr(socket.socket, "connect", connect)
    guard = AddressGuard(resolve=lambda host, port: (PUBLIC_SIX, PUBLIC))

    with Fetcher(limits=QUICK, guard=guard, tls=trusting()) as client:
        assert client.get("http://news.example/").status == 200
