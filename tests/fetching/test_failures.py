from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from index.fetching.failures import retry_after_seconds


@pytest.mark.parametrize(
    ("header", "seconds"), [("0", 0), (" 120 ", 120), ("9" * 30, 999_999_999), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_retry_after_is_seconds(header: str, seconds: float) -> None:
    """A number is taken as it is, however large, and a date that is past asks for nothing."""
    assert retry_after_seconds(header) == seconds


def test_retry_after_is_a_date() -> None:
    """A date asks for the time until then."""
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert retry_after_seconds(header) == pytest.approx(90, abs=3)


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "²", "Wed, 99 Oct 2015 99:28:00 GMT"])
def test_retry_after_that_says_nothing_is_none(header: str | None) -> None:
    """What is neither a number nor a date asks for nothing."""
    assert retry_after_seconds(header) is None
