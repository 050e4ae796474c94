"""The reasons that decide what is done next: tried again, taken as a rule of the host, or told as they are."""

from index.fetching.domain import NotObtained


class TimedOut(NotObtained):
    """An answer took longer than is borne."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"timed out after {seconds:g} s")


class Broken(NotObtained):
    """A connection failed or broke off; it may hold another time."""


class NoNetwork(NotObtained):
    """This machine reaches nothing; the host has no part in it."""

    def __init__(self) -> None:
        super().__init__("no network")


class TooManyRedirects(NotObtained):
    """An address led on and on."""

    def __init__(self, most: int) -> None:
        super().__init__(f"redirected more than {most} times")


class BadStatus(NotObtained):
    """The server answered, but not with the page; `wait_seconds` is when it asks to come back, if it does."""

    def __init__(self, status: int, wait_seconds: float | None = None) -> None:
        self.status = status
        self.passing = status == 429 or status >= 500
        """Whether the server may answer otherwise in a moment."""
        self.wait_seconds = wait_seconds if self.passing else None
        asks = "" if self.wait_seconds is None else f": asks to come back in {self.wait_seconds:.0f} s"
        super().__init__(f"HTTP {status}{asks}")
