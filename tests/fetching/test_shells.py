import pytest

from index.fetching.domain import NotObtained
from index.fetching.extraction import extracted
from index.fetching.shells import refuse_shell
from tests.fetching.pages import LAMP, LAMP_PAGE, came, page, paragraphs, reference

ADDRESS = "https://news.example/story/12345/lamp"
SHORT = ["The keeper went up to the lamp on a cold evening in October, and the whole island came to see it."] * 2
SPAM = [f"Play casino slots at site {n}: jackpot, poker, betting and baccarat, the best casino in town." for n in range(4)]
SCRIPTED = b'<html><head><title>Lamp</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
TITLE = LAMP.csl["title"]


def reason(content: bytes, *, asked: str = ADDRESS, final: str = ADDRESS, **csl: str) -> str:
    """Return why the page is refused, or that it is not."""
    try:
        text = extracted(came(content))
        refuse_shell(text, reference(**csl) if csl else LAMP, asked=asked, final=final)
    except NotObtained as said:
        return str(said)
    return "taken"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(LAMP_PAGE, "taken", id="the story"),
        pytest.param(page("Page not found", body=SHORT), "a page that says it was not found: ‘Page not found’", id="soft 404"),
        pytest.param(page("404", body=paragraphs()), "a page that says it was not found: ‘404’", id="soft 404 with stories"),
        pytest.param(
            page("The Harbour News", body=["Sorry, this article is no longer available on our site, but see below."]),
            "a page that says it was not found", id="taken down",
        ),
        pytest.param(page("Just a moment...", body=SHORT), "a gate against programs: ‘Just a moment...’", id="gate"),
        pytest.param(
            page("We value your privacy", body=["We and our partners store cookies. Accept all cookies to go on."]),
            "a page that asks for consent first", id="consent",
        ),
        pytest.param(
            page(TITLE, body=[*SHORT, "Subscribe to continue reading. Already a subscriber? Log in."]),
            "behind a paywall", id="paywall",
        ),
        pytest.param(
            page(TITLE, body=[*paragraphs(6), "This story is for subscribers: get access to the full article today."]),
            "behind a paywall", id="long paywall",
        ),
        pytest.param(page(TITLE, body=SHORT), "a stub of", id="stub"),
        pytest.param(page(TITLE, body=[*paragraphs(), *SPAM]), "injected advertising: ‘casino’ and the like", id="spam"),
    ],
)  # fmt: skip
def test_what_stands_in_place_of_a_source_is_known(content: bytes, said: str) -> None:
    """An error, a gate, a stub and an advertisement each say what they are, and a story is taken."""
    assert reason(content).startswith(said)


def test_hidden_spam_is_removed_and_does_not_condemn() -> None:
    """Advertising that readers do not see is not read, and the story around it is taken."""
    hidden = f'<div style="position:absolute; left:-9999px"><p>{" ".join(SPAM)}</p></div>'

    assert reason(page(TITLE, around=hidden)) == "taken"


def test_a_story_about_a_casino_is_not_spam() -> None:
    """Words that the citation itself has do not count as advertising."""
    about = [f"{p} The casino stood on the quay, and casino taxes paid for the lamp." for p in paragraphs()]

    assert reason(page("Casino taxes pay for the lamp", body=about), title="Casino taxes pay for the lamp") == "taken"


def test_an_empty_frame_is_known() -> None:
    """A page that a script would fill has nothing to read, and says so."""
    assert reason(page(TITLE, body=["Please enable JavaScript to view this page, it is made of nothing else."])) == (
        "an empty frame that a script would fill"
    )


def test_a_catalogue_record_is_not_the_book() -> None:
    """A page of some hundred words is not the book it describes, and so only where a book is cited."""
    assert reason(LAMP_PAGE, type="book").startswith("a catalogue record of 41")
    assert reason(LAMP_PAGE, type="report") == "taken"


@pytest.mark.parametrize(
    ("asked", "final", "said"),
    [
        (ADDRESS, "https://news.example/", "sent on to the home page of news.example"),
        (ADDRESS, "https://news.example/index.html", "sent on to the home page of news.example"),
        (ADDRESS, "https://news.example/en/", "sent on to the home page of news.example"),
        (ADDRESS, "https://news.example/story/12345", "taken"),
        ("https://news.example/", "https://news.example/", "taken"),
        (ADDRESS, f"https://web.archive.org/web/20121016id_/{ADDRESS}", "taken"),
    ],
)
def test_a_redirect_to_the_home_page_is_no_source(asked: str, final: str, said: str) -> None:
    """A publisher that has lost a story often shows its home page instead."""
    assert reason(LAMP_PAGE, asked=asked, final=final) == said


def test_a_long_story_may_name_what_shells_say() -> None:
    """The words of an error page in a whole story do not make it one."""
    body = [*paragraphs(12), "The page was not found in the archive; to continue reading, the keeper lit a candle."]

    assert reason(page(TITLE, body=body)) == "taken"
