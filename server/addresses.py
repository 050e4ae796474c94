"""Write the addresses of pages, a document's apart; they are paths of this server, never another host."""

from collections.abc import Sequence
from typing import TypedDict, Unpack
from urllib.parse import urlencode, urlsplit

from index.addresses import FIRST

MOST_PREVIOUS = 8


class Choices(TypedDict, total=False):
    """How a question is asked where that is not as usual."""

    k: int
    style: str
    as_typed: bool
    context: int
    around: int


def ask_address(question: str, previous: Sequence[str] = (), *, json: bool = False, **choices: Unpack[Choices]) -> str:
    """Return the address of one turn of a conversation, written as a browser's form writes it."""
    return f"/ask{'.json' if json else ''}?{_query(question, previous[-MOST_PREVIOUS:], choices)}"


def answer_export_address(suffix: str, question: str, previous: Sequence[str] = (), **choices: Unpack[Choices]) -> str:
    """Return the address of one turn's answer in another form, which is named as the files are."""
    return f"/ask.{suffix}?{_query(question, previous[-MOST_PREVIOUS:], choices)}"


def source_export_address(suffix: str, number: int | None = None, article: str = FIRST, style: str | None = None) -> str:
    """Return the address of a source in another form, or of all of them where no number is given."""
    path = "/sources" if number is None else f"/sources/{number}"
    fields = {"article": article} if article != FIRST else {}
    fields |= {"style": style} if style else {}
    return f"{path}.{suffix}{f'?{urlencode(fields)}' if fields else ''}"


def source_address(number: int, article: str = FIRST) -> str:
    """Return the address of a source, of the first article where no other is named."""
    return f"/sources/{number}" if article == FIRST else f"/sources/{number}?{urlencode({'article': article})}"


def check_address(text: str, document: str | None = None, *, json: bool = False) -> str:
    """Return the address of a check of this text, claimed from the document where one is named."""
    claimed = {"document": document} if document else {}
    return f"/check{'.json' if json else ''}?{urlencode({'text': text} | claimed)}"


def server_address(host: str, port: int) -> str:
    """Return the address of a server that listens on this host and port."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def passage_anchor(turn: int, passage: int) -> str:
    """Return the id of a passage on the page of a conversation."""
    return f"t{turn}p{passage}"


def quotation_anchor(number: int) -> str:
    """Return the id of a quotation on the page of a check."""
    return f"q{number}"


def with_way_back(
    url: str, question: str, previous: Sequence[str], passage: int, **choices: Unpack[Choices]
) -> str:  # fmt: skip
    """Add to a document's address the passage it was opened from, so that the page can link back to it."""
    return _with_fields(url, f"{_query(question, previous, choices)}&passage={passage}")


def with_way_back_to_check(url: str, text: str, document: str | None, quotation: int) -> str:
    """Add to a document's address the check it was opened from, so that the page can link back to the quotation."""
    claimed = {"claimed": document} if document else {}
    return _with_fields(url, urlencode({"check": text} | claimed | {"quotation": quotation}))


def _with_fields(url: str, fields: str) -> str:
    parts = urlsplit(url)
    return parts._replace(query=f"{parts.query}&{fields}" if parts.query else fields).geturl()


def _query(question: str, previous: Sequence[str], choices: Choices) -> str:
    chosen = ((name, str(value).lower() if value is True else value) for name, value in choices.items())
    return urlencode([("q", question), *(("previous", p) for p in previous), *chosen])
