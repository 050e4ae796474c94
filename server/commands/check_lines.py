"""Print what was found of the quotations of a draft."""

from textwrap import fill, indent, shorten

from index.quotations.claims import claim_note, paragraphs_in_words
from index.quotations.domain import CheckedDraft, CheckedQuotation, Difference, FoundPlace
from server.commands.printing import WIDTH

LONGEST_SHOWN = 300
"""Characters of a quotation or of a place that are printed; `--json` has them whole."""

_SAYS = {"exact": "exact", "elsewhere": "exact, but elsewhere", "altered": "ALTERED", "not_found": "NOT FOUND"}


def check_lines(checked: CheckedDraft) -> list[str]:
    """Return the lines for each quotation, its verdict first, and one that counts."""
    lines = [line for number, q in enumerate(checked.quotations, start=1) for line in _quotation_lines(number, q)]
    exact = sum(q.verdict == "exact" for q in checked.quotations)
    if not checked.quotations:
        return ["No quotation of three or more words between quotation marks."]
    return [*lines, f"{exact} of {len(checked.quotations)} quotations are exact."]


def _quotation_lines(number: int, quotation: CheckedQuotation) -> list[str]:
    lines = [_wrapped(f"{number}. {_SAYS[quotation.verdict]}: {_short(quotation.quoted)}", "")]
    note = claim_note(quotation)
    lines += [_wrapped(note, "   ")] if note else []
    lines += [_wrapped(_difference(d), "   ") for d in quotation.differences]
    if quotation.verdict == "altered":
        lines += [_wrapped(f"nearest: {_short(place.text)}", "   ") for place in quotation.found]
    lines += [f"   {_where(place)}{place.url}" for place in quotation.found]
    findings = dict.fromkeys(finding for place in quotation.found for finding in place.findings)
    lines += [_wrapped(f"editors’ finding on source {f.reference}: {f.text}", "   ") for f in findings]
    return [*lines, ""]


def _where(place: FoundPlace) -> str:
    if place.paragraph is None:
        return ""
    return f"{paragraphs_in_words(range(place.paragraph, (place.last_paragraph or place.paragraph) + 1))}: "


def _difference(difference: Difference) -> str:
    match difference.kind, difference.quoted, difference.found:
        case "omitted", _, found:
            return f"left out: {_short(found)}"
        case "inserted", quoted, "":
            return f"put in by the quoter: {_short(quoted)}"
        case "inserted", quoted, found:
            return f"put in by the quoter: {_short(quoted)} in place of {_short(found)}"
        case kind, quoted, "":
            return f"{kind}: {_short(quoted)} is not there"
        case kind, "", found:
            return f"{kind}: {_short(found)} is missing"
        case kind, quoted, found:
            return (
                f"{kind}: {_short(quoted)} is not {_short(found)}" if kind != "typography" else f"{kind}: {quoted!r}, {found!r}"
            )


def _short(text: str) -> str:
    return f"“{shorten(text, LONGEST_SHOWN, placeholder=' …')}”"


def _wrapped(text: str, margin: str) -> str:
    return indent(fill(text, WIDTH - len(margin), subsequent_indent="   "), margin)
