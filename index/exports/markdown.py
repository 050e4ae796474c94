"""Write an answer, or citations, as Markdown that any program renders to the words as they stand.

CommonMark, GitHub's dialect and pandoc's are meant: what one of them reads as markup is escaped, straight
quotes and rows of hyphens and full stops too, which pandoc would set otherwise.
"""

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from index.domain import Answer, Citation, Note, Quotation

_MARKUP = re.compile(
    r"[\\`*_{}\[\]<>#~|$^&@'\"!]|(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)|:(?=//)|:(?=[\w+-]+:)|(?<=www)\.", re.IGNORECASE
)
_OPENING = re.compile(r"[-+=:(]|(?:\d{1,9}|[a-z]|[ivxlcdm]+)[.)]", re.IGNORECASE)
_AFTER_MARKER = ("(", ":", "[", "{")
_URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)”’]")
_SAYS = {
    "answered": "The article answers, in its own words:",
    "related": "Close to the question; whether it answers is yours to judge:",
    "not_found": "**The sources do not answer this question.**",
}
_NEAREST = "## The nearest passages, which are not an answer"
_OTHERS = "## The sources these passages speak of"

_Labels = dict[tuple[str, int], str]


def to_markdown(answer: Answer, *, base: str = "") -> str:
    """Return each passage as a block quotation, with its footnotes below; `base` is the address of the server."""
    quotations = (*answer.passages, *answer.nearest)
    labels = _labels(quotations)
    noted = {(q.document.article, number) for q in quotations for note in q.notes for number in note.references}
    others = [r for r in answer.references if (r.article, r.number) not in noted]
    blocks = [
        *_opening(answer),
        *([_NEAREST] if answer.nearest else []),
        *(f"> {_quotation(q, labels)}" for q in quotations),
        *([_OTHERS, citation_list(others)] if others else []),
        *_not_searched(len(answer.not_searched)),
        *(f"[^p{q.number}]: {citation(q.citation, urljoin(base, q.url))}" for q in quotations),
        *_notes(quotations, answer.references, labels),
    ]
    return "\n\n".join(blocks) + "\n"


def citation_list(cited: Iterable[Citation]) -> str:
    """Return the citations as a list, each with the number of its reference."""
    return "\n".join(rf"- \[{c.number}\] {_cited(c)}" for c in cited)


def citation(text: str, url: str | None = None) -> str:
    """Return one citation with its addresses as links, and that of the work where the style leaves it out."""
    written, at = "", 0
    for found in _URL.finditer(text):
        written += _escaped(text[at : found.start()], opens=at == 0) + f"<{found[0]}>"
        at = found.end()
    written += _escaped(text[at:], opens=at == 0)
    return f"{written} <{url}>" if url and _URL.fullmatch(url) and url not in text else written


def one_line(text: str) -> str:
    """Return text on one line, escaped to render as it stands."""
    return _escaped(" ".join(text.split()), opens=True)


def _opening(answer: Answer) -> list[str]:
    lines = [f"# {one_line(answer.question)}"]
    if answer.searched != " ".join(answer.question.split()):
        lines.append(f"Searched as: {one_line(answer.searched)}")
    lines += [*map(one_line, answer.degraded), _SAYS[answer.status]]
    return lines


def _not_searched(count: int) -> list[str]:
    sources = f"{count} cited sources" if count > 1 else "one cited source"
    return [f"Not searched: the full text of {sources}, which is not held."] if count else []


def _quotation(quotation: Quotation, labels: _Labels) -> str:
    """Return the passage on one line, its notes' markers where they stand and its own at the end."""
    text, written, at = quotation.text, "", 0
    for note in sorted(quotation.notes, key=lambda note: note.at):
        written += _escaped(text[at : note.at], opens=at == 0, follows=at > 0)
        written += f"[^{labels[quotation.document.id, note.number]}]"
        at = note.at
    return f"{written}{_escaped(text[at:], opens=at == 0, follows=at > 0)}[^p{quotation.number}]"


def _labels(quotations: Iterable[Quotation]) -> _Labels:
    """Return a label for each note, n18 for the first document, n2-18 for the second."""
    documents = list(dict.fromkeys(q.document.id for q in quotations if q.notes))
    letters = {id: f"n{at}-" if at > 1 else "n" for at, id in enumerate(documents, start=1)}
    return {(q.document.id, n.number): f"{letters[q.document.id]}{n.number}" for q in quotations for n in q.notes}


def _notes(quotations: Iterable[Quotation], references: Iterable[Citation], labels: _Labels) -> list[str]:
    cited = {(r.article, r.number): r for r in references}
    found: dict[str, str] = {}
    for quotation in quotations:
        for note in quotation.notes:
            keys = ((quotation.document.article, number) for number in note.references)
            found[labels[quotation.document.id, note.number]] = _note(note, [cited[key] for key in keys if key in cited])
    return [f"[^{label}]: {text}" for label, text in found.items()]


def _note(note: Note, cited: list[Citation]) -> str:
    return f"Note {note.number}: {' '.join(map(_cited, cited)) if cited else one_line(note.text)}"


def _cited(reference: Citation) -> str:
    text = citation(reference.citation, reference.url)
    return f"{text} Editors’ note: {one_line(reference.editor_notes)}" if reference.editor_notes else text


def _escaped(text: str, *, opens: bool = False, follows: bool = False) -> str:
    """Escape what is markup anywhere, what is at the start of a block, and what is right after a marker."""
    at = {found.start() for found in _MARKUP.finditer(text)}
    if opens and (opening := _OPENING.match(text)):
        at.add(opening.end() - 1)
    if follows and text.startswith(_AFTER_MARKER):
        at.add(0)
    return "".join(f"\\{c}" if position in at else c for position, c in enumerate(text))
