"""The addresses of every kind of page, for tests that visit them all."""

from urllib.parse import quote

QUESTION = "Which helicopters did Russia sell to Pakistan?"
PAGES = {
    "home": "/",
    "draft": f"/?draft={quote('Mi-17 helicopters')}",
    "answer": f"/ask?q={quote(QUESTION)}",
    "related": f"/ask?q={quote('How much trade is there between Russia and Pakistan?')}",
    "not-found": f"/ask?q={quote('Who won the football world cup?')}",
    "conversation": f"/ask?q=And%20India%3F&previous={quote(QUESTION)}",
    "article": "/documents/article",
    "marked": "/documents/article?start=9000&end=9300&q=helicopters#hl",
    "found": "/documents/article?find=soviet&at=4&q=helicopters#f4",
    "found-nothing": "/documents/article?find=purple+zebras",
    "references": "/documents/references",
    "about": "/documents/about",
    "annotation": "/documents/annotation-7",
    "sources": "/sources",
    "source": "/sources/16",
    "check": "/check",
    "checked": f"/check?text={quote('“the distance  widened in the 1960s” and “purple zebras waltz underwater”')}",
    "missing": "/nowhere",
    "mistake": "/ask?q=%3F%21",
}
REFUSED = {"missing", "mistake"}
"""Pages that Chromium reports to its console, as every answer but a 200."""
