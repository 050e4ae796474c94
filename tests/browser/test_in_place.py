"""With JavaScript the next turn comes without a reload, and is otherwise the page that it would have been."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving
from tests.fakes import FakeSearcher, fake_corpus

pytestmark = pytest.mark.browser

FIRST = "helicopters Russia India sale"
SECOND = "Tashkent declaration"
Open = Callable[[], Page]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open an answer, in a browser whose console has nothing to say against it."""
    wrong: list[str] = []
    with serving(FakeSearcher(fake_corpus())) as address:
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if "violates" in m.text else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.goto(f"/ask?q={FIRST}")
        page.evaluate("window.kept = true")
        yield page
        context.close()
    assert wrong == []


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.locator("#q").fill(question)
    page.keyboard.press("Enter")


def test_the_next_turn_comes_without_a_reload(page: Page) -> None:
    """The turn before stays, the newest begins in view with the focus, and address and title are its own."""
    ask(page, SECOND)
    expect(page.locator("#question")).to_have_text(SECOND)

    assert page.evaluate("window.kept")
    expect(page.locator("#turn-1 h2")).to_have_text(FIRST)
    expect(page.locator("#newest")).to_be_focused()
    expect(page.locator("#question")).to_be_in_viewport(ratio=1)
    expect(page).to_have_title(f"{SECOND} · Footnote")
    assert page.url.endswith("q=Tashkent%20declaration#newest")


def test_it_is_the_page_that_a_reload_shows(page: Page) -> None:
    """Turns, box, twin and exports are, to the letter, those of the same address loaded anew."""
    whole = "[...document.querySelectorAll('#main, #twin, link[rel=alternate]')].map((e) => e.outerHTML)"
    ask(page, SECOND)
    expect(page.locator("#question")).to_have_text(SECOND)
    expect(page.locator(".htmx-settling, .htmx-added")).to_have_count(0)
    there = [bare(html) for html in page.evaluate(whole)]
    page.reload()

    assert there == [bare(html) for html in page.evaluate(whole)]


def bare(html: str) -> str:
    return " ".join(html.replace(' aria-busy="false"', "").replace(' class=""', "").split())


def test_back_and_forward_go_through_the_turns(page: Page) -> None:
    """Each turn is an entry of the browser's history."""
    for question in (SECOND, "volleyball balloon"):
        ask(page, question)
        expect(page.locator("#question")).to_have_text(question)

    for go, question in ((page.go_back, SECOND), (page.go_back, FIRST), (page.go_forward, SECOND)):
        go()
        expect(page.locator("#question")).to_have_text(question)


def test_comforts_stay_after_a_turn(page: Page) -> None:
    """The box of the newest turn sends by Enter, clears by Escape, and `/` comes back to it; passages can be copied."""
    ask(page, SECOND)
    expect(page.locator("#question")).to_have_text(SECOND)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("#newest button.copy").first).to_be_visible()
    ask(page, FIRST)

    expect(page.locator("#turn-2 h2")).to_have_text(SECOND)


def test_copy_button_gets_its_name_back(page: Page) -> None:
    """Pressed twice in a row, the button says that it copied and then what it does, not `Copied` for ever."""
    page.context.grant_permissions(["clipboard-write"])
    button = page.locator("#newest button.copy").first
    name = button.text_content()
    button.click()
    expect(button).to_have_text("Copied")
    button.click()
    page.wait_for_timeout(2500)

    assert button.text_content() == name


def test_refused_copy_is_said(page: Page) -> None:
    """Where the browser keeps the clipboard to itself the button says that nothing was copied, and nothing breaks."""
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    button = page.locator("#newest button.copy").first
    button.click()

    expect(button).to_have_text("Not copied")


def test_key_that_ends_a_composition_is_left_to_it(page: Page) -> None:
    """Escape while a word is being composed, as in Japanese, takes back the word and not the whole question."""
    page.locator("#q").fill("helicopters")
    page.locator("#q").evaluate(
        "(box) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true }))"
    )

    expect(page.locator("#q")).to_have_value("helicopters")


def test_a_refused_question_shows_what_is_wrong(page: Page) -> None:
    """A question without a word leads to the page that says so."""
    ask(page, "?!")

    expect(page.locator("h1")).to_contain_text("no word")


def test_a_lost_server_leaves_the_question(page: Page) -> None:
    """Where the server cannot be reached an alert says so, once, and the question stays to be asked again."""
    page.route("**/ask?*", lambda route: route.abort())
    ask(page, SECOND)

    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    expect(page.locator("#q")).to_have_value(SECOND)
    expect(page.locator(".working")).to_be_empty()
    page.unroute("**/ask?*")
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(SECOND)
