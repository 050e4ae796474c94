"""Say where a page's words and works can be had in other forms, and its citations in other styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack
from urllib.parse import quote

from fastapi import Request

from index.addresses import FIRST
from index.domain import Answer
from index.exports.forms import ANSWER_FORMS, MARKDOWN, SOURCE_FORMS, WORK_FORMS
from server.addresses import Choices, answer_export_address, source_export_address

STYLE_TITLES = {"chicago": "Chicago", "apa": "APA", "mla": "MLA", "nlm": "NLM"}


@dataclass(frozen=True, slots=True)
class ExportLink:
    """A link to an export."""

    title: str
    media_type: str
    address: str


def answer_exports(answer: Answer, previous: Sequence[str] = (), **choices: Unpack[Choices]) -> tuple[ExportLink, ...]:
    """Return the links of an answer; where the sources do not answer there is nothing to list, only to read."""
    forms = ANSWER_FORMS if answer.status != "not_found" else (MARKDOWN,)
    return tuple(
        ExportLink(f.title, f.media_type, answer_export_address(f.suffix, answer.question, previous, **choices)) for f in forms
    )


def source_exports(number: int | None = None, article: str = FIRST, style: str | None = None) -> tuple[ExportLink, ...]:
    """Return the links of a source, or of all of them where no number is given; only citations depend on the style."""
    return tuple(
        ExportLink(f.title, f.media_type, source_export_address(f.suffix, number, article, style if f is MARKDOWN else None))
        for f in SOURCE_FORMS
    )


def article_exports(id: str) -> tuple[ExportLink, ...]:
    """Return the links of an article."""
    return tuple(ExportLink(f.title, f.media_type, f"/documents/{quote(id, safe='')}.{f.suffix}") for f in WORK_FORMS)


def styled(request: Request, style: str) -> str:
    """Return the address of the page that is shown, with its citations in another style."""
    url = request.url.include_query_params(style=style)
    return f"{url.path}?{url.query}"
