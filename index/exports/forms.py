"""Name the forms in which answers and works are exported, and write each."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.domain import Answer, Corpus
from index.exports.bibtex import to_bibtex
from index.exports.csl import to_csl_json
from index.exports.markdown import to_markdown
from index.exports.ris import to_ris
from index.exports.web_annotation import CONTEXT, to_web_annotations
from index.exports.works import Work, quoted_works


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its short name, what people call it, how its files' names end and its media type."""

    name: str
    title: str
    suffix: str
    media_type: str


MARKDOWN = Form("md", "Markdown", "md", "text/markdown; charset=utf-8")
BIBTEX = Form("bib", "BibTeX", "bib", "application/x-bibtex")
RIS = Form("ris", "RIS", "ris", "application/x-research-info-systems")
CSL_JSON = Form("csl", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json")
WEB_ANNOTATION = Form("jsonld", "Web Annotation", "jsonld", f'application/ld+json; profile="{CONTEXT}"')

WORK_FORMS = (BIBTEX, RIS, CSL_JSON)
SOURCE_FORMS = (MARKDOWN, *WORK_FORMS)
ANSWER_FORMS = (*SOURCE_FORMS, WEB_ANNOTATION)


def answer_in(form: Form, answer: Answer, corpus: Corpus, *, address: str, base: str) -> str:
    """Return the answer in this form; `address` is that of the export on the server, `base` the server's own."""
    if form is MARKDOWN:
        return to_markdown(answer, base=base)
    if form is WEB_ANNOTATION:
        return to_web_annotations(answer, address=address, base=base)
    return works_in(form, quoted_works(answer, corpus))


def works_in(form: Form, works: Iterable[Work]) -> str:
    """Return the works in a form for bibliographies."""
    if form is BIBTEX:
        return to_bibtex(works)
    return to_ris(works) if form is RIS else to_csl_json(work.record for work in works)
