import pytest

from index.fetching import obtaining
from index.fetching.domain import NotObtained, Received
from index.fetching.obtaining import obtain
from tests.fetching.pages import LAMP, LAMP_PAGE, Web, came, page, paragraphs, reference
from tests.fetching.pdfs import pdf

CITED = "https://news.example/story/12345/lamp"
NUMBER = "https://news.example/story/12345"
ARCHIVED = f"https://web.archive.org/web/20121016id_/{CITED}"
OTHER = page("Fog silences the bell on Tarra")


def now() -> str:
    return "2026-11-25T12:00:00Z"


def test_the_cited_page_is_taken_at_once() -> None:
    """What answers first and is the cited source is taken, and nothing else is asked."""
    web = Web({CITED: came(LAMP_PAGE)})
    outcome = obtain(LAMP, web, now=now)

    assert outcome.obtained is not None
    assert (outcome.reason, outcome.obtained.repair, web.asked) == (None, None, [CITED])


def test_repairs_are_tried_in_order_and_recorded() -> None:
    """Each address that gives nothing is recorded with its reason, up to the one that gives the source."""
    web = Web({NUMBER: came(OTHER, asked=NUMBER), ARCHIVED: came(LAMP_PAGE, asked=ARCHIVED)})
    outcome = obtain(LAMP, web, now=now)

    assert outcome.obtained is not None
    assert outcome.obtained.repair == "the web archive's copy"
    assert [(t.url, t.repair, t.outcome) for t in outcome.tries] == [
        (CITED, None, "HTTP 404"),
        (f"{CITED}/", "another form of its last part", "HTTP 404"),
        (NUMBER, "another form of its last part", "another page: its title is ‘Fog silences the bell on Tarra’"),
        (ARCHIVED, "the web archive's copy", "obtained"),
    ]


def test_another_page_is_never_taken() -> None:
    """However many addresses give another page, the source is not obtained, and the reason says what was seen."""
    urls = (CITED, f"{CITED}/", NUMBER, ARCHIVED)
    outcome = obtain(LAMP, Web({url: came(OTHER, asked=url) for url in urls}), now=now)

    assert outcome.obtained is None
    assert outcome.reason == "another page: its title is ‘Fog silences the bell on Tarra’"
    assert len(outcome.tries) == 4


def test_without_network_nothing_more_is_tried() -> None:
    """Where there is no network, no repair can help."""
    web = Web(otherwise="no network")
    outcome = obtain(LAMP, web, now=now)

    assert (outcome.reason, web.asked) == ("no network", [CITED])


def test_without_an_address_nothing_is_asked() -> None:
    """A reference without an address says so."""
    web = Web()
    outcome = obtain(reference(URL=None), web, now=now)

    assert (outcome.reason, outcome.tries, web.asked) == ("no address", (), [])


@pytest.mark.parametrize(
    "said", ["robots.txt disallows it", "HTTP 401", "HTTP 402", "HTTP 451"]
)  # fmt: skip
def test_what_a_publisher_keeps_is_not_taken_from_the_archive(said: str) -> None:
    """The archive is for what is lost, not a way around its publisher."""
    web = Web({ARCHIVED: came(LAMP_PAGE, asked=ARCHIVED)}, otherwise=said)
    outcome = obtain(LAMP, web, now=now)

    assert (outcome.obtained, outcome.reason) == (None, said)
    assert ARCHIVED not in web.asked


def test_a_host_that_is_out_is_asked_once() -> None:
    """Other forms of an address do not help where the host does not answer; the archive may."""
    web = Web({ARCHIVED: came(LAMP_PAGE, asked=ARCHIVED)}, otherwise="no such host")

    assert obtain(LAMP, web, now=now).obtained is not None
    assert web.asked == [CITED, ARCHIVED]


def test_a_malformed_address_has_a_reason() -> None:
    """What is no address is not asked, and what is printed beside it is not taken for it."""
    web = Web()
    outcome = obtain(reference(URL="ftp://news.example/a"), web, now=now)

    assert (outcome.reason, web.asked) == ("not a web address: ftp", [])


@pytest.mark.parametrize("title", ["[Tarra / Corran trade]", "Keeper lights the great lamp on Corran Rock for the first time"])
def test_a_page_of_headings_alone_is_nothing_to_read(title: str) -> None:
    """A text without a paragraph is not obtained."""
    empty = b"<html><body><h1>Tarra</h1><h2>Corran trade</h2></body></html>"
    outcome = obtain(reference(title=title), Web({CITED: came(empty)}), now=now)

    assert outcome.tries[0].outcome == "nothing to read in it"


def test_a_parser_that_fails_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in somebody else's parser costs one source, not the run."""

    def fail(received: Received) -> None:
        raise RuntimeError("deep inside")

    monkeypatch.setattr(obtaining, "extracted", fail)
    assert obtain(LAMP, Web({CITED: came(LAMP_PAGE)}), now=now).tries[0].outcome == "cannot be read (RuntimeError)"


def test_what_is_no_text_is_refused() -> None:
    """A body that is no page, paper or text has a reason that names it."""
    with pytest.raises(NotObtained, match=r"^not a text that can be read: application/xml$"):
        obtaining.read(came(b"<a/>", media_type="application/xml"))


PAPER = "https://journal.example/download/188.pdf"
DESCRIBES = page(LAMP.csl["title"], head='<meta name="citation_pdf_url" content="/download/188.pdf">')
VIEW = "https://journal.example/view/188.html"


def test_a_page_about_a_paper_leads_to_the_paper() -> None:
    """Where a page shows an abstract and names the paper, the paper is taken."""
    lines = [line for p in paragraphs() for line in (p[:85], p[85:170], p[170:])]
    paper = came(pdf([[LAMP.csl["title"], *lines]]), media_type="application/pdf", asked=PAPER)
    outcome = obtain(reference(URL=VIEW), Web({VIEW: came(DESCRIBES, asked=VIEW), PAPER: paper}), now=now)

    assert outcome.obtained is not None
    assert outcome.obtained.text.form == "pdf"
    assert [(t.url, t.repair) for t in outcome.tries] == [(VIEW, None), (PAPER, "the paper that the page names")]


def test_an_abstract_is_not_the_paper() -> None:
    """Where the paper cannot be had, its abstract does not stand in for it, and a page that names itself does not loop."""
    looping = page(LAMP.csl["title"], head=f'<meta name="citation_pdf_url" content="{VIEW}">')
    lost = obtain(reference(URL=VIEW), Web({VIEW: came(DESCRIBES, asked=VIEW)}), now=now)
    looped = obtain(reference(URL=VIEW), Web({VIEW: came(looping, asked=VIEW)}), now=now)

    assert lost.obtained is looped.obtained is None
    assert str(lost.reason).startswith("a page of 4")
    assert lost.reason == looped.reason
    assert str(lost.reason).endswith("words about the paper, not the paper")
