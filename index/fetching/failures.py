"""Say in a few words what went wrong on the way."""

import errno
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore2

from index.fetching.domain import NotObtained
from index.fetching.limits import Clock, Limits
from index.fetching.reasons import Broken, NoNetwork, TimedOut

OFFLINE = {errno.ENETUNREACH, errno.ENETDOWN}
SIGNS = {"without sending complete": "broke off before its end", "disconnected": "closed the connection without an answer"}
"""What the network library says of a connection that ends, which has no class of its own there."""


@contextmanager
def told(limits: Limits, clock: Clock) -> Iterator[None]:
    """Turn what the network library raises into NotObtained with a reason."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        clock.left()
        connecting = isinstance(error, httpcore2.ConnectTimeout)
        raise TimedOut(limits.connect_seconds if connecting else limits.read_seconds) from error
    except httpcore2.NetworkError as error:
        raise NoNetwork() if is_offline(error) else _failed(_cause(error)) from error
    except httpcore2.RemoteProtocolError as error:
        raise Broken(next((reason for sign, reason in SIGNS.items() if sign in str(error)), "no valid HTTP")) from error
    except httpcore2.ProtocolError as error:
        raise NotObtained("not an address that can be asked for") from error


def is_offline(error: Exception) -> bool:
    """Tell whether a connection failed for want of any way to the address."""
    cause = _cause(error)
    return isinstance(cause, OSError) and cause.errno in OFFLINE


def _cause(error: Exception) -> object:
    """Return the system's own error, which the network library hands on as its argument."""
    return error.args[0] if error.args else None


def _failed(cause: object) -> NotObtained:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return NotObtained("certificate not valid")
    if isinstance(cause, ssl.SSLError):
        return NotObtained("no secure connection")
    return Broken("connection refused" if isinstance(cause, ConnectionRefusedError) else "connection failed")


def retry_after_seconds(header: str | None) -> float | None:
    """Return how long a Retry-After header asks us to wait: seconds or a date, RFC 9110, 10.2.3."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp())
