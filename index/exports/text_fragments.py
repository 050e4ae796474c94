"""Write addresses that open a page at the quoted words: a text fragment for HTML, a page number for PDF."""

from urllib.parse import quote

_LONGEST_WHOLE = 100
"""Characters of a quotation that is written whole; of a longer one its ends are, as the draft of the standard advises."""

_WORDS = 6
_HTML = ("text/html", "application/xhtml+xml")


def with_text_fragment(url: str, text: str, *, media_type: str = "text/html", page: int | None = None) -> str:
    """Return the address opened at the text, of a PDF at the page if that is known; else the address as it is.

    A fragment that the address has is kept in front of the text's. See https://wicg.github.io/scroll-to-text-fragment/.
    """
    kind = media_type.partition(";")[0].strip().lower()
    address, _, fragment = url.partition("#")
    if kind == "application/pdf" and page is not None:
        return f"{address}#page={page}"
    words = text.split()
    if kind not in _HTML or not words:
        return url
    return f"{address}#{fragment.partition(':~:')[0]}:~:text={_directive(words)}"


def _directive(words: list[str]) -> str:
    whole = " ".join(words)
    if len(whole) <= _LONGEST_WHOLE or len(words) <= 2 * _WORDS:
        return _encoded(whole)
    return f"{_encoded(' '.join(words[:_WORDS]))},{_encoded(' '.join(words[-_WORDS:]))}"


def _encoded(text: str) -> str:
    """Percent-encode all but letters and digits, the hyphen too, which marks what stands before and after."""
    return quote(text, safe="").replace("-", "%2D")
