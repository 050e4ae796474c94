"""How much is borne of a stranger's server: sizes, counts and seconds, and the clock of one visit."""

import time
from dataclasses import dataclass

from index.fetching.reasons import TimedOut


@dataclass(frozen=True, slots=True)
class Limits:
    """Set what one address may cost; `wait_seconds` is the longest wait that a server may ask of us."""

    body_bytes: int = 20_000_000
    unpacked_bytes: int = 100_000_000
    unpacked_times: int = 200
    header_bytes: int = 64_000
    robots_bytes: int = 500 * 1024
    """RFC 9309, 2.5: a parser reads at least this much."""
    redirects: int = 5
    retries: int = 2
    connect_seconds: float = 10
    read_seconds: float = 10
    wait_seconds: float = 10
    total_seconds: float = 60


class Clock:
    """Count the seconds of one visit, from when it is made."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise TimedOut when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimedOut(self._seconds)
        return left

    def allows(self, seconds: float) -> bool:
        """Tell whether so many seconds can still be spent."""
        return time.monotonic() + seconds < self._end
