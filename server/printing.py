"""Print an answer for a terminal: the passages, their notes below, and whose words they are."""

from textwrap import fill, indent

from index.domain import Answer, Quotation

WIDTH = 92
_SAYS = {
    "answered": "The article answers:",
    "related": "Close to your question; judge for yourself whether it answers:",
    "not_found": "The sources do not answer this. The nearest passages, which are not an answer:",
}
_WHOSE = {
    "body": "the author",
    "abstract": "the author, in the abstract",
    "metadata": "the front matter",
    "reference": "the list of references",
    "source": "the cited source",
    "annotation": "the editors, not the author",
}


def answer_lines(answer: Answer) -> list[str]:
    """Return the lines of an answer; [^n] in a passage stands for the author's note n, the marked words are in » «."""
    lines = [f"{_SAYS[answer.status]} (confidence {answer.confidence:.2f})"]
    if answer.searched != answer.question:
        lines.append(f"Searched: {answer.searched}")
    for quotation in answer.passages or answer.nearest:
        lines += ["", *_quotation_lines(quotation)]
    if answer.references:
        lines += ["", "Notes"]
        lines += [_wrapped(f"[^{r.number}] {r.citation} ({r.status.replace('_', ' ')})", "  ") for r in answer.references]
    if answer.not_searched:
        lines += ["", f"Not searched: the full text of {len(answer.not_searched)} cited sources, which is not held."]
    return lines


def _quotation_lines(quotation: Quotation) -> list[str]:
    marks = [(n.at, 0, f"[^{n.number}]") for n in quotation.notes]
    marks += [(h.start, 1, "»") for h in quotation.highlights] + [(h.end, -1, "«") for h in quotation.highlights]
    text = quotation.text
    for at, _, mark in sorted(marks, reverse=True):
        text = text[:at] + mark + text[at:]
    return [
        _wrapped(f"{quotation.number}. {text}", "   "),
        _wrapped(f"— {_WHOSE[quotation.role]}. {quotation.citation}", "   "),
        f"   {quotation.url}",
    ]


def _wrapped(text: str, margin: str) -> str:
    return indent(fill(text, WIDTH - len(margin)), margin)
