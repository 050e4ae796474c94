"""The note trail in a real browser without JavaScript: from a sentence to its note, its source, and what stands there."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import serving
from tests.fakes import HELD, FakeSearcher, fake_corpus

pytestmark = [pytest.mark.browser, pytest.mark.real]

Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def held(chromium: Browser) -> Iterator[Page]:
    """Open a page, JavaScript off, of a server whose corpus holds the text of one source."""
    with serving(FakeSearcher(fake_corpus())) as address:
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        yield context.new_page()
        context.close()


def test_every_note_is_followed_to_its_source_and_back(visit: Callable[..., Page]) -> None:
    """From each of the 29 markers one link leads to the note, one to the source, and one back to the words that cite it."""
    page = visit("/documents/article", java_script_enabled=False)

    for number in range(1, 30):
        page.goto(f"/documents/article#m{number}")
        page.locator(f"#m{number}").click()
        assert page.locator(f"#n{number}").is_visible()
        page.locator(f"#n{number}").get_by_role("link", name=f"Source {number}", exact=True).click()
        assert page.url.endswith(f"/sources/{number}")
        page.locator(".trail blockquote a").first.click()
        words = page.locator("mark").all_inner_texts()
        assert words
        assert page.locator("mark#hl").count() == 1


def test_a_held_source_stands_beside_the_sentence(held: Page, shoot: Shoot) -> None:
    """The page of a held source shows each citing sentence beside the source's words, with a verdict and a way to both."""
    held.goto(f"/sources/{HELD}")
    shoot(held, "source-held")

    beside = held.locator(".beside").first
    assert beside.locator("blockquote").inner_text()
    assert beside.locator(".verdict-words").inner_text().startswith(("CLOSE", "Close", "Nothing close found"))
    assert "judge whether the source bears the sentence out" in held.locator(".judge").inner_text()
    beside.get_by_role("link", name="Read it here").click()
    assert held.locator("mark").count() >= 1


def test_the_mismatch_of_note_21_is_seen(visit: Callable[..., Page], shoot: Shoot) -> None:
    """Who gets the passage with note 21 reads, unfolded, that the cited paper is by others on another subject."""
    page = visit("/ask?q=What+does+Petr+Topychkanov+highlight%3F", java_script_enabled=False)
    shoot(page, "finding")

    assert page.locator(".findings").get_by_text("by other authors and on another subject").first.is_visible()
