"""The table of parts that the web plays for the fetcher, from end to end over a server of our own on loopback."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.domain import Reference
from index.fetching.obtaining import Outcome, obtain
from index.fetching.writing import write_source
from tests.fetching.pages import LAMP, LAMP_PAGE, page, paragraphs, reference
from tests.fetching.pdfs import bomb, pdf
from tests.fetching.web import HTML, QUICK, Registered, Server, fetcher, moved, packed, robots, streamed

PATH = "/story/lamp.html"
PDF = {"Content-Type": "application/pdf"}
TITLE = LAMP.csl["title"]
LINES = [line for p in paragraphs() for line in (p[:85], p[85:170], p[170:])]
PAPER = pdf([[TITLE, "Ada Stone", *LINES]], title=TITLE)
RELEASE = page("Press release No. 299", site="Press Information Department")
RUSSIAN = page(TITLE, body=[*paragraphs(), "Маяк был виден за сорок миль."], head="").replace(b' charset="utf-8"', b"")
SHELL = (
    b'<html><head><title>Lamp</title></head><body><div id="root"></div><noscript>Enable JavaScript.</noscript></body></html>'
)
CONSENT = page("Before you continue", body=["We and our partners store cookies. Accept all cookies or manage them here."])
PAYWALL = page(TITLE, body=["The keeper went up to the lamp.", "Subscribe to continue reading this story tonight."])
SPAM = page(TITLE, body=[*paragraphs(), *("Casino jackpot and poker, best betting casino slots in town." for _ in range(6))])
RECORD = page("Towers of the North", body=[*paragraphs(5), "Held by the library of Tarra. View it online, cite it, print it."])
GATE = page("Just a moment...", body=["Checking your browser. Verify you are human by ticking the box."])


def drip() -> Iterator[bytes]:
    while True:
        yield b"<p>still coming</p>"


Parts = dict[str, Registered] | Callable[[Server], dict[str, Registered]]
GIVEN = "taken"


@pytest.mark.parametrize(
    ("parts", "cited", "said"),
    [
        pytest.param({PATH: (200, HTML, LAMP_PAGE)}, LAMP, GIVEN, id="article page"),
        pytest.param({PATH: (200, PDF, PAPER)}, LAMP, GIVEN, id="PDF"),
        pytest.param({PATH: (200, HTML, PAPER)}, LAMP, GIVEN, id="PDF called HTML"),
        pytest.param(
            {PATH: (200, HTML, RELEASE)},
            reference(title="Press release No. 299", author=[{"literal": "Press Information Department"}]),
            GIVEN, id="press release",
        ),
        pytest.param({PATH: packed(LAMP_PAGE)}, LAMP, GIVEN, id="packed page"),
        pytest.param({PATH: moved("/moved.html"), "/moved.html": (200, HTML, LAMP_PAGE)}, LAMP, GIVEN, id="redirect"),
        pytest.param(
            {PATH: (200, {"Content-Type": "text/html; charset=iso-8859-1"}, RUSSIAN)}, LAMP, GIVEN, id="wrong charset"
        ),
        pytest.param(
            {PATH: [(429, {"Retry-After": "0"}, b""), (200, HTML, LAMP_PAGE)]}, LAMP, GIVEN, id="429, then the page",
        ),
        pytest.param({PATH: (429, {"Retry-After": "3600"}, b"")}, LAMP,
                     "HTTP 429: asks to come back in 3600 s", id="429 with Retry-After"),
        pytest.param({"/robots.txt": robots("User-agent: *\nDisallow: /story"), PATH: (200, HTML, LAMP_PAGE)}, LAMP,
                     "robots.txt disallows it", id="robots disallow"),
        pytest.param({}, LAMP, "HTTP 404", id="404"),
        pytest.param({PATH: (410, HTML, b"gone")}, LAMP, "HTTP 410", id="410"),
        pytest.param({PATH: (200, HTML, page("Page not found", body=paragraphs(1)))}, LAMP,
                     "a page that says it was not found: ‘Page not found’", id="soft 404"),
        pytest.param({PATH: moved("/"), "/": (200, HTML, page("The Harbour News"))}, LAMP,
                     "sent on to the home page of 127.0.0.1", id="redirect to the home page"),
        pytest.param({PATH: moved("http://10.0.0.1/")}, LAMP, "refused: private address", id="redirect to a private address"),
        pytest.param({PATH: moved(PATH)}, LAMP, "redirected more than 5 times", id="redirect loop"),
        pytest.param({PATH: (200, HTML, SHELL)}, LAMP, "an empty frame that a script would fill", id="JavaScript shell"),
        pytest.param({PATH: (200, HTML, CONSENT)}, LAMP, "a page that asks for consent first", id="consent wall"),
        pytest.param({PATH: (200, HTML, PAYWALL)}, LAMP, "behind a paywall", id="paywall stub"),
        pytest.param({PATH: (200, HTML, page(TITLE, body=paragraphs(2)))}, LAMP, "a stub of", id="stub"),
        pytest.param({PATH: (200, HTML, GATE)}, LAMP, "a gate against programs", id="gate"),
        pytest.param({PATH: (200, HTML, RECORD)}, reference(type="book", title="Towers of the North"),
                     "a catalogue record of", id="catalogue shell"),
        pytest.param({PATH: (200, HTML, SPAM)}, LAMP, "injected advertising", id="injected spam"),
        pytest.param({PATH: (200, HTML, page("Fog silences the bell"))}, LAMP,
                     "another page: its title is ‘Fog silences the bell’", id="wrong article"),
        pytest.param({PATH: streamed(drip, pause_seconds=0.1)}, LAMP, "timed out after", id="slow body"),
        pytest.param({PATH: packed(b" " * 10_000_000)}, LAMP, "unpacks to more than", id="gzip bomb"),
        pytest.param({PATH: (200, PDF, bomb(150_000_000))}, LAMP, "a PDF that unpacks to too much", id="PDF bomb"),
        pytest.param({PATH: (200, PDF, PAPER[:300])}, LAMP, "a damaged PDF", id="damaged PDF"),
        pytest.param({PATH: (200, HTML, b"\x89PNG\r\n\x1a\n" * 9)}, LAMP,
                     "not a text that can be read", id="picture called HTML"),
        pytest.param({PATH: (200, HTML, b"")}, LAMP, "empty", id="empty page"),
    ],
)  # fmt: skip
def test_every_part_is_taken_or_has_its_reason(
    parts: dict[str, Registered], cited: Reference, said: str, tmp_path: Path
) -> None:
    """What is the cited source is taken and written; whatever else stands there is not, and its reason says what it was."""
    with Server(parts) as server, fetcher(server, limits=replace(QUICK, body_bytes=400_000)) as client:
        outcome = obtain(at(server.url(PATH), cited), client, now=lambda: "2026-11-25T12:00:00Z")
    first = outcome.tries[0].outcome

    assert (first == "obtained") if said == GIVEN else first.startswith(said), first
    assert (outcome.obtained is not None) is (said == GIVEN)
    assert written(outcome, tmp_path) is (said == GIVEN)


def at(url: str, cited: Reference) -> Reference:
    return replace(cited, csl={**cited.csl, "URL": url})


def written(outcome: Outcome, sources: Path) -> bool:
    """Write what came, if anything did, and tell whether its words are there."""
    if outcome.obtained is None:
        return False
    return "the two delegations spoke for hours" in write_source(sources, outcome.reference, outcome.obtained).read_text()


def test_a_wrong_charset_does_not_spoil_the_words(tmp_path: Path) -> None:
    """A page of UTF-8 that its server calls Latin-1 is written as its author wrote it."""
    wrong = {"Content-Type": "text/html; charset=iso-8859-1"}
    with Server({PATH: (200, wrong, RUSSIAN)}) as server, fetcher(server) as client:
        outcome = obtain(at(server.url(PATH), LAMP), client, now=lambda: "2026-11-25T12:00:00Z")
    assert outcome.obtained is not None

    assert "Маяк был виден за сорок миль." in write_source(tmp_path, LAMP, outcome.obtained).read_text(encoding="utf-8")
