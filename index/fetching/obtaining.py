"""Obtain one source: try its addresses in order, and take the first text that is the cited one."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from index.domain import Reference
from index.errors import FootnoteError
from index.fetching.domain import NotObtained, Received
from index.fetching.extracted import Extracted
from index.fetching.extraction import extracted
from index.fetching.matching import refuse_another
from index.fetching.repairs import Address, addresses, check_address, host_of
from index.fetching.shells import refuse_shell
from index.ledger import Try

NO_NETWORK = "no network"
NO_ADDRESS = "no address"
_WITHHELD = "robots.txt", "behind a paywall", "HTTP 401", "HTTP 402", "HTTP 451"
"""What a publisher keeps to itself is not taken from the archive either."""
_HOST_IS_OUT = "no such host", "timed out", "certificate", "refused", "cannot connect", "connection"


ABSTRACT_WORDS = 1_000
"""An abstract with its references has some hundred words, a paper some thousand."""


class DescribesPaper(NotObtained):
    """A page describes the paper and names where it stands."""

    def __init__(self, words: int, paper: str) -> None:
        super().__init__(f"a page of {words} words about the paper, not the paper")
        self.paper = paper


class Getter(Protocol):
    """What goes to the network for us."""

    def get(self, url: str) -> Received:
        """Return what the address gives; raise NotObtained, with the reason, where it gives nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Obtained:
    """A source's text as it came, how its address was mended, and for a copy by hand the file it was in."""

    received: Received
    text: Extracted
    repair: str | None = None
    file: str | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for a reference: its text, or the reason; and every try in order."""

    reference: Reference
    obtained: Obtained | None
    reason: str | None
    at: str
    tries: tuple[Try, ...] = ()


def obtain(reference: Reference, getter: Getter, *, now: Callable[[], str]) -> Outcome:
    """Return the text of the first address that gives the cited source, or the reason why the first did not."""
    tries: list[Try] = []
    waiting = deque(addresses(reference))
    while waiting:
        address = waiting.popleft()
        if not _is_worth_asking(address, tries):
            continue
        try:
            obtained = _asked(address, reference, getter)
        except NotObtained as reason:
            tries.append(Try(address.url, str(reason), now(), address.repair))
            if str(reason) == NO_NETWORK:
                break
            if isinstance(reason, DescribesPaper):
                waiting.appendleft(Address(reason.paper, "the paper that the page names"))
        else:
            tries.append(Try(address.url, "obtained", obtained.received.at, address.repair))
            return Outcome(reference, obtained, None, obtained.received.at, tuple(tries))
    reason_first = next((t.outcome for t in tries if t.outcome != NO_NETWORK), NO_NETWORK) if tries else NO_ADDRESS
    return Outcome(reference, None, reason_first, now(), tuple(tries))


def checked(received: Received, reference: Reference, *, asked: str) -> Extracted:
    """Return the text of what came; raise NotObtained, saying what was seen, where it is not the cited source."""
    text = read(received)
    refuse_shell(text, reference, asked=asked, final=received.final)
    refuse_another(text, reference)
    return text


def read(received: Received) -> Extracted:
    """Return the text of what came; raise NotObtained, with the reason, where none can be read out of it."""
    try:
        text = extracted(received)
    except FootnoteError:
        raise
    except Exception as error:  # bytes from anywhere, read by other people's parsers
        raise NotObtained(f"cannot be read ({type(error).__name__})") from error
    if not text.words:
        raise NotObtained("an empty frame that a script would fill" if text.needs_script else "nothing to read in it")
    return text


def _asked(address: Address, reference: Reference, getter: Getter) -> Obtained:
    check_address(address.url)
    received = getter.get(address.url)
    text = checked(received, reference, asked=address.url)
    if text.paper and text.words < ABSTRACT_WORDS:
        raise DescribesPaper(text.words, urljoin(received.final, text.paper))
    return Obtained(received, text, address.repair)


def _is_worth_asking(address: Address, tries: list[Try]) -> bool:
    if address.is_archived:
        return not any(t.outcome.startswith(_WITHHELD) for t in tries)
    if any(t.url == address.url for t in tries):
        return False
    return not any(t.outcome.startswith(_HOST_IS_OUT) and host_of(t.url) == host_of(address.url) for t in tries)
