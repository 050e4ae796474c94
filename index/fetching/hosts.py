"""Which hosts may be asked: public ones only, each resolved once and held to the addresses that were looked at."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.fetching.domain import NotObtained
from index.fetching.reasons import NoNetwork

if TYPE_CHECKING:
    import httpx2

Resolve = Callable[[str, int], tuple[str, ...]]

PORTS = {"http": 80, "https": 443}
LOOKUP_SECONDS = 10.0
ALWAYS_THERE = "a.root-servers.net"
"""A name that every public resolver knows: where even this one is unknown, there is no network."""

HOST = re.compile(r"[0-9A-Za-z_.-]+|[0-9A-Fa-f:.]+")
"""A name, already in its ASCII form, or an IPv6 address without a zone."""
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one that anybody on the internet can reach, and not a way round to a private one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in GLOBAL_UNICAST and ip not in SIX_TO_FOUR and ip.is_global and not ip.scope_id


def system_addresses(host: str, port: int, *, seconds: float = LOOKUP_SECONDS) -> tuple[str, ...]:
    """Ask the system's resolver for the addresses of a host; raise OSError where it has none, or none in time.

    The system has no way to end a lookup, so one that hangs is left to itself.
    """
    answer: Future[tuple[str, ...]] = Future()
    threading.Thread(target=_look_up, args=(answer, host, port), daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError as error:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer") from error


def _look_up(answer: Future[tuple[str, ...]], host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.set_result(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except (OSError, UnicodeError) as error:
        answer.set_exception(error)


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Admit web addresses of public hosts.

    `loopback_ports` are the ports of this machine that a test plays servers on; `downgrade` lets https lead to http.
    """

    loopback_ports: frozenset[int] = frozenset()
    resolve: Resolve = system_addresses
    downgrade: bool = False

    def check(self, url: "httpx2.URL") -> None:
        """Raise NotObtained unless scheme, port and form of the address are those of a public web page."""
        if url.scheme not in PORTS:
            raise NotObtained(f"refused: {url.scheme}: is not http or https" if url.scheme else "not a web address")
        if not HOST.fullmatch(url.raw_host.decode("ascii")):
            raise NotObtained("not a web address")
        if url.userinfo:
            raise NotObtained("refused: a user name in the address")
        port = PORTS[url.scheme] if url.port is None else url.port
        if port not in self.loopback_ports and port not in PORTS.values():
            raise NotObtained(f"refused: port {port}")

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Resolve a host and return where it may be reached; raise NotObtained if any of its addresses is not public."""
        name = host.lower().rstrip(".")
        if self._is_local(name):
            raise NotObtained("refused: private address")
        found = self._resolved(name, port)
        if not all(is_public(address) or self._is_played(address, port) for address in found):
            raise NotObtained("refused: private address")
        return found

    def _is_local(self, name: str) -> bool:
        """Tell a name that RFC 6761 keeps for this machine, whatever a resolver says of it."""
        return name == "localhost" or name.endswith(".localhost")

    def _is_played(self, address: str, port: int) -> bool:
        return port in self.loopback_ports and address in ("127.0.0.1", "::1")

    def _resolved(self, host: str, port: int) -> tuple[str, ...]:
        reason = "no such host"
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            found = ()
            if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
                reason = "the host's name cannot be looked up now"
        if not found:
            raise NotObtained(reason) if self._is_online() else NoNetwork()
        return found

    def _is_online(self) -> bool:
        try:
            return bool(self.resolve(ALWAYS_THERE, PORTS["https"]))
        except (OSError, UnicodeError):
            return False
