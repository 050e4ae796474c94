"""Make pages and papers of our own in the shape of cited sources: newspapers, think tanks, a catalogue, a press office."""

from html import escape
from typing import Any

from index.domain import Reference
from index.fetching.domain import NotObtained, Received
from tests.fetching.pdfs import pdf

TOPICS = (
    "the harbour", "a new bridge", "the railway", "grain prices", "the pipeline", "a joint exercise", "the lighthouse",
    "coal from the north", "the ferry", "winter wheat", "the customs house", "a trade fair", "the old quarter", "the dam",
)  # fmt: skip
TAILS = (
    "and nobody in the hall said a word against it", "which the minister had promised a year before",
    "so that the work could begin before the first snow", "while the engineers waited at the gate for their papers",
    "although two members of the board had voted for another plan",
)  # fmt: skip


def paragraphs(count: int = 8) -> list[str]:
    """Return paragraphs of about fifty words, no two of them alike."""
    return [
        f"On day {at + 1} the two delegations spoke for hours about {TOPICS[at % len(TOPICS)]}, {TAILS[at % len(TAILS)]}. "
        f"Their report, number {at + 41}, gives the costs of {TOPICS[(at + 5) % len(TOPICS)]} in full, "
        f"and it says plainly who is to pay for {TOPICS[(at + 9) % len(TOPICS)]} in the years that follow."
        for at in range(count)
    ]


def page(
    title: str, *, author: str = "", date: str = "", site: str = "The Harbour News", body: list[str] | None = None,
    head: str = "", around: str = "",
) -> bytes:  # fmt: skip
    """Return a newspaper's page: its head, a menu, the story with byline and date, related stories, a footer."""
    story = "".join(f"<p>{escape(p)}</p>" for p in (paragraphs() if body is None else body))
    byline = f'<p class="byline">By {escape(author)}</p>' if author else ""
    dated = f'<time datetime="{date}">{date}</time>' if date else ""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} | {escape(site)}</title>
<meta property="og:title" content="{escape(title)}"><meta property="og:site_name" content="{escape(site)}">{head}</head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<main><article><h1>{escape(title)}</h1>{byline}{dated}{story}</article></main>{around}
<aside><h3>Related stories</h3><ul><li><a href="/1">The ferry is late again</a></li></ul></aside>
<footer><p>Copyright {escape(site)}</p></footer></body></html>""".encode()


def came(
    content: bytes, *, media_type: str = "text/html", asked: str = "https://news.example/story/12345/lamp",
    final: str | None = None, status: int = 200,
) -> Received:  # fmt: skip
    """Return the content as the network would give it."""
    return Received(asked, final or asked, "2026-11-25T12:00:00+00:00", status, media_type, None, content)


def reference(number: int = 1, **csl: Any) -> Reference:
    """Return a reference to a story about a lamp, with what is given instead."""
    fields = {
        "type": "article-newspaper", "title": "Keeper lights the great lamp on Corran Rock for the first time",
        "author": [{"family": "Stone", "given": "Ada"}], "container-title": "The Harbour News",
        "issued": {"date-parts": [[2012, 10, 16]]}, "URL": "https://news.example/story/12345/lamp",
    } | csl  # fmt: skip
    fields = {name: value for name, value in fields.items() if value is not None}
    return Reference(number, printed=f"{fields.get('title')}, The Harbour News, October 16, 2012.", csl=fields)


LAMP = reference()
LAMP_PAGE = page(LAMP.csl["title"], author="Ada Stone", date="2012-10-16")


def source_of(cited: Reference) -> Received:
    """Return a page or a paper in the shape of a cited source: its title, authors and date, and words of our own."""
    csl = cited.csl
    names = [" ".join(filter(None, (a.get("given"), a.get("family") or a.get("literal")))) for a in csl.get("author", [])]
    parts = csl.get("issued", {}).get("date-parts", [[]])[0]
    date = "-".join(f"{part:02d}" for part in parts)
    title = csl["title"].strip("[]")
    url = str(csl.get("URL", f"https://news.example/{cited.number}"))
    if url.endswith(".pdf"):
        lines = [line for p in paragraphs(12) for line in (p[:85], p[85:170], p[170:])]
        pages = [[csl.get("publisher", ""), title[:60], title[60:], ", ".join(names), date, *lines[:30]], lines[30:]]
        return came(pdf([[line for line in page if line] for page in pages]), media_type="application/pdf", asked=url)
    site = csl.get("container-title") or csl.get("publisher") or "Archive"
    return came(page(title, author=" and ".join(names), date=date, site=site), asked=url)


class Web:
    """Gives what is registered by address and says of any other that there is no such page; keeps what was asked."""

    def __init__(self, pages: dict[str, Received | str] | None = None, *, otherwise: str = "HTTP 404") -> None:
        self.pages = pages or {}
        self.otherwise = otherwise
        self.asked: list[str] = []

    def get(self, url: str) -> Received:
        self.asked.append(url)
        found = self.pages.get(url, self.otherwise)
        if isinstance(found, str):
            raise NotObtained(found)
        return found
