"""Every kind of page is for everyone: enlarged, narrow, printed, in forced colours, by keyboard, in any script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import PAGES, QUESTION, REFUSED

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
MOST_BYTES = 60_000
WIDTHS = (1280, 768, 375)
RTL = "ما هي العلاقة بين روسيا وباكستان؟"
MIXED = "What does כלי נשק mean for Pakistan?"


@pytest.fixture
def look(chromium: Browser, server: str) -> Any:
    """Open a page and record what its console says and what it asks of whom."""
    contexts = []

    def open_page(name: str, *, width: int = 1280, height: int = 900, **options: Any) -> tuple[Page, list[str], list[Any]]:
        context = chromium.new_context(base_url=server, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page, said, asked = context.new_page(), [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfinished", lambda request: asked.append(request))
        page.goto(PAGES[name])
        return page, said, asked

    yield open_page
    for context in contexts:
        context.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def violations(page: Page) -> list[Any]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_quiet_and_keeps_to_itself(look: Any, server: str, name: str) -> None:
    """No page asks anything of another host, and the console says nothing but that a refused page was refused."""
    page, said, asked = look(name)
    page.wait_for_load_state("networkidle")

    assert [request.url for request in asked if not request.url.startswith((server, "data:"))] == []
    assert [text for text in said if not (name in REFUSED and "Failed to load resource" in text)] == []


def test_first_page_is_light(look: Any) -> None:
    """HTML, style, script and icon of the first page are less than 60 kB over the wire, heads and all."""
    page, _, asked = look("home")
    page.wait_for_load_state("networkidle")
    sizes = {request.url: request.sizes() for request in asked}
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())

    assert len(sizes) >= 3
    assert 0 < total < MOST_BYTES
    assert page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize") > sizes[page.url]["responseBodySize"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "factor"), [(320, 1), (640, 2)], ids=["320-pixels", "zoomed-to-200-percent"])
def test_page_does_not_scroll_sideways(look: Any, name: str, width: int, factor: int) -> None:
    """At 320 pixels, and in a window of 640 enlarged to 200 %, everything is there without scrolling sideways."""
    page, _, _ = look(name, width=width // factor, height=640, device_scale_factor=factor)
    unfold(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= width // factor


@pytest.mark.parametrize("name", PAGES)
def test_large_letters_do_not_break_the_page(look: Any, name: str) -> None:
    """With letters of twice the size, as a reader's settings may make them, nothing scrolls sideways."""
    page, _, _ = look(name, width=1280)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    unfold(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("name", ["draft", "related", "found", "found-nothing", "about", "annotation", "missing", "mistake"])
@pytest.mark.parametrize("colours", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
                         ids=["light", "dark", "forced"])  # fmt: skip
def test_page_is_accessible(look: Any, name: str, colours: dict[str, str]) -> None:
    """axe finds nothing in light, dark or forced colours."""
    page, _, _ = look(name, width=375, **colours)
    unfold(page)

    assert violations(page) == []


def test_tools_for_selected_words_are_accessible(look: Any) -> None:
    """axe finds nothing while the tools for selected words are shown, in light, dark and forced colours."""
    for colours in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page, _, _ = look("article", **colours)
        page.evaluate("getSelection().selectAllChildren(document.querySelector('#p3 > p'))")
        expect(page.locator(".selection-tools")).to_be_visible()

        assert violations(page) == []


def test_nothing_moves_for_who_wants_it_still(look: Any) -> None:
    """With reduced motion no element has a transition or an animation that runs, and scrolling jumps."""
    for name in ("home", "answer", "article"):
        page, _, _ = look(name, reduced_motion="reduce")
        moving = page.evaluate(
            """[...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e);
            return s.transitionDuration.split(", ").some((d) => d !== "0s") || s.animationName !== "none"
              || s.scrollBehavior === "smooth"; }).length"""
        )

        assert moving == 0
        assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("name", ["answer", "article", "home", "annotation"])
def test_quoted_words_have_a_language(look: Any, name: str) -> None:
    """Every stretch of quoted text stands in an element that says its language."""
    page, _, _ = look(name)
    languages = page.evaluate(
        """[...document.querySelectorAll("blockquote, .paragraph > p, .quoted, .title-page h1")]
        .map((e) => e.closest("[lang]:not(html)")?.lang ?? null)"""
    )

    assert languages
    assert set(languages) == {"en"}


@pytest.mark.parametrize(("question", "direction"), [(RTL, "rtl"), (MIXED, "ltr"), (QUESTION, "ltr")])
def test_question_runs_in_its_own_direction(visit: Visit, question: str, direction: str) -> None:
    """A question is set from the side its script begins, in the heading that repeats it and in the box it was typed in."""
    page = visit()
    page.locator("#q").fill(question)
    typed = page.locator("#q").evaluate("e => getComputedStyle(e).direction")
    page.get_by_role("button", name="Ask").click()

    heading = page.locator("#question")
    expect(heading).to_have_text(question)
    assert typed == direction
    assert heading.evaluate("e => getComputedStyle(e).direction") == direction
    assert page.evaluate("getComputedStyle(document.body).direction") == "ltr"


def tab_to(page: Page, locator: Any, *, most: int = 120) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(most):
        if locator.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached in {most} steps")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_whole_use_by_keyboard_alone(visit: Visit, javascript: bool) -> None:
    """From the first page to an answer, its passage, a note, the source, back, and to a check: keys are enough."""
    page = visit(java_script_enabled=javascript)
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(QUESTION)
    if not javascript:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_have_text(QUESTION)
    answer = page.url.split("#")[0]
    follow(page, page.get_by_role("link", name="Read in context (passage 1)").first)
    expect(page.locator("#hl")).to_be_in_viewport()
    paragraph = page.locator(".paragraph:has(#hl)")
    noted = paragraph if paragraph.locator("sup.note a").count() else page.locator(".paragraph:has(sup.note)").first
    follow(page, noted.locator("sup.note a").first)
    note = page.locator(".notes li:target")
    expect(note).to_be_in_viewport()
    follow(page, note.get_by_role("link", name="Source").first)
    expect(page.locator("h1")).to_contain_text("Source")
    page.go_back()
    follow(page, page.get_by_role("link", name="Back to the answer"))
    expect(page.locator("#question")).to_have_text(QUESTION)
    assert page.url.split("#")[0] == answer
    follow(page, page.get_by_role("navigation").get_by_role("link", name="Check"))
    tab_to(page, page.get_by_role("textbox", name="Quotation or draft"))
    page.keyboard.type("the distance widened in the 1950s")
    tab_to(page, page.get_by_role("button", name="Check"))
    page.keyboard.press("Enter")
    expect(page.locator(".checked h3")).to_contain_text("Exact")


def follow(page: Page, link: Any) -> None:
    """Tab to the link and press Enter."""
    tab_to(page, link)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("name", ["answer", "article", "source"])
def test_paper_has_citations_and_addresses_in_full(look: Any, name: str) -> None:
    """In print the words, citations and addresses are there, controls are not, and nothing runs off the sheet."""
    page, _, _ = look(name, width=720)
    page.emulate_media(media="print")
    controls = page.locator("form, button, .way-back, .skip, .masthead nav, .selection-tools")
    links = page.locator("main a[href^='http']")
    shown = [link for link in links.all() if link.is_visible()]
    printed = [link.evaluate("e => e.textContent + getComputedStyle(e, '::after').content") for link in shown]

    assert not [c for c in controls.all() if c.is_visible()]
    assert page.locator(".citation").first.is_visible()
    assert all(link.get_attribute("href") in text for link, text in zip(shown, printed, strict=True))
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_screenshots_are_written_for_people(look: Any, screenshots: Path, name: str, width: int, scheme: str) -> None:
    """Each page is written as a picture, wide and narrow, light and dark; FOOTNOTE_SCREENSHOTS says where to."""
    page, _, _ = look(name, width=width, color_scheme=scheme)
    picture = screenshots / f"{name}-{width}-{scheme}.png"
    page.screenshot(path=picture)

    assert picture.stat().st_size > 1000
