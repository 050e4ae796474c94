"""Print for a terminal: an answer with its notes and whose words they are, how it came about, what a check found."""

from itertools import groupby
from textwrap import fill, indent
from typing import TYPE_CHECKING

from index.domain import Answer, Citation, Quotation
from server.footnotes import apparatus

if TYPE_CHECKING:
    from index.explanation import Explanation, Neighbour
    from index.question_checks import Checked
    from index.question_coverage import Coverage

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


def answer_lines(answer: Answer, explanation: "Explanation | None" = None) -> list[str]:
    """Return the lines of an answer; [^n] in a passage stands for the author's note n, the marked words are in » «.

    With an explanation the parts of its score stand below each passage, and how the confidence came about at the end.
    """
    lines = [f"{_SAYS[answer.status]} (confidence {answer.confidence:.2f})"]
    if answer.searched != answer.question:
        lines.append(f"Searched: {answer.searched}")
    lines += answer.degraded
    scores = {p.number: _parts(p.score, p.parts) for p in explanation.passages} if explanation else {}
    for quotation in answer.passages or answer.nearest:
        lines += ["", *_quotation_lines(quotation)]
        if quotation.number in scores:
            lines.append(wrapped(scores[quotation.number], "   "))
    lines += _note_lines(answer)
    if answer.not_searched:
        lines += ["", f"Not searched: the full text of {len(answer.not_searched)} cited sources, which is not held."]
    return [*lines, "", *_explanation_lines(explanation)] if explanation else lines


def checked_lines(checked: "Checked") -> list[str]:
    """Return a line for each thing that is wrong, and one that counts."""
    compared = "" if checked.by_vector else "; compared by words alone"
    found = f"{len(checked.problems)} wrong" if checked.problems else "nothing wrong"
    return [
        *(problem.message for problem in checked.problems),
        f"{checked.questions} questions ({checked.answered} answered, {checked.gaps} gaps) "
        f"beside {checked.evaluated} of the evaluation set: {found}{compared}.",
    ]


def coverage_lines(coverage: "Coverage") -> list[str]:
    """Return a line for each sentence that is not reached, and one that counts."""
    return [
        *(f"{s.document}, paragraph {s.paragraph}: {s.text}" for s in coverage.unreached),
        f"{coverage.reached} of {coverage.sentences} sentences are reached ({coverage.share:.1%}).",
    ]


def _explanation_lines(explanation: "Explanation") -> list[str]:
    terms = [f"{f.name:<22}{f.value:>9.3f}{f.coefficient:>12.3f}{f.contribution:>12.3f}" for f in explanation.features]
    return [
        explanation.notice,
        f"Confidence ({explanation.fit.replace('_', ' ')}): answered from {explanation.claimed_above:.2f}, "
        f"not found below {explanation.not_found_below:.2f}.",
        f"{'Feature':<22}{'value':>9}{'coefficient':>12}{'logit':>12}",
        *terms,
        f"{'intercept':<43}{explanation.intercept:>12.3f}",
        f"{'together':<43}{explanation.logit:>12.3f}",
        *_neighbour_lines("Nearest answered questions:", explanation.answered),
        *_neighbour_lines("Nearest gaps, known not to be answered:", explanation.gaps),
    ]


def _neighbour_lines(heading: str, neighbours: "tuple[Neighbour, ...]") -> list[str]:
    return [heading, *(f"  {n.nearness:.3f} {n.question} ({n.kind})" for n in neighbours)] if neighbours else []


def _parts(score: float, parts: dict[str, float]) -> str:
    return f"score {score:.3f}: " + ", ".join(f"{name} {value:.3f}" for name, value in parts.items())


def _quotation_lines(quotation: Quotation) -> list[str]:
    marks = [(n.at, 0, f"[^{n.number}]") for n in quotation.notes]
    marks += [(h.start, 1, "»") for h in quotation.highlights] + [(h.end, -1, "«") for h in quotation.highlights]
    text = quotation.text
    for at, _, mark in sorted(marks, reverse=True):
        text = text[:at] + mark + text[at:]
    return [
        wrapped(f"{quotation.number}. {text}", "   "),
        wrapped(f"— {_WHOSE[quotation.role]}. {quotation.citation}", "   "),
        f"   {quotation.url}",
    ]


def _note_lines(answer: Answer) -> list[str]:
    """Return the notes that stand in the passages, document by document, and the sources that no note leads to."""
    below = apparatus(answer)
    titles = {q.document.id: q.document.title for q in (*answer.passages, *answer.nearest)}
    several = len({footnote.document for footnote in below.footnotes}) > 1
    lines: list[str] = []
    ordered = sorted(below.footnotes, key=lambda footnote: list(titles).index(footnote.document))
    for document, footnotes in groupby(ordered, key=lambda footnote: footnote.document):
        lines += ["", f"Notes to {titles[document]}" if several else "Notes"]
        for note in footnotes:
            said = "; ".join(map(_cited, note.references)) or note.text
            lines.append(wrapped(f"[^{note.number}] {said}", "  "))
    if below.others:
        lines += ["", "Sources", *(wrapped(f"{r.number}. {_cited(r)}", "  ") for r in below.others)]
    return lines


def _cited(reference: Citation) -> str:
    return f"{reference.citation} ({reference.status.replace('_', ' ')})"


def wrapped(text: str, margin: str) -> str:
    """Return the text in lines of WIDTH behind a margin."""
    return indent(fill(text, WIDTH - len(margin)), margin)
