"""Print the ledger for a terminal: a line or two for each source, or one source with its trail."""

from index.domain import SourcePassage
from index.sources import SourceList, SourceView
from server.commands.printing import wrapped

_STANDING = {
    "held": "Held: its full text is searched.",
    "page_read": "Page read by the editors; its full text is not held.",
    "other_pages": "Known from other pages; the page itself could not be read.",
    "not_obtained": "Not obtained.",
}


def ledger_lines(sources: SourceList) -> list[str]:
    """Return the citation of each source and where its text stands with us, and a line that counts."""
    lines: list[str] = []
    several = len({s.article for s in sources.sources}) > 1
    for source in sources.sources:
        name = f"{source.article}, {source.number}." if several else f"{source.number}."
        lines += [wrapped(f"{name} {source.citation}", ""), wrapped(_standing(source), "    ")]
    held = sum(s.status == "held" for s in sources.sources)
    return [*lines, f"{held} of {len(sources.sources)} sources are held."]


def source_lines(source: SourceView) -> list[str]:
    """Return all that is known of one source, whose words each are, and the trail of its notes."""
    lines = [wrapped(f"{source.number}. {source.citation}", ""), wrapped(_standing(source), "    ")]
    if source.url:
        lines.append(f"    {source.url}")
    lines.append(wrapped(f"As printed: {source.printed}", "    "))
    ours = [*source.findings, *source.differences, source.annotation, *(f.text for f in source.facts), source.editor_notes]
    lines += ["", *(wrapped(f"Editors’ words: {words}", "    ") for words in ours if words)]
    for at, sentence in enumerate(source.cited_at):
        lines += ["", wrapped(f"Cited at: {sentence.text}", "    "), f"    {sentence.url}"]
        lines += [line for p in source.passages if p.cited_at == at for line in _passage_lines(p)]
    return lines


def _standing(source: SourceView) -> str:
    same = f" The same story as {source.duplicate_of}." if source.duplicate_of else ""
    return f"{_STANDING[source.status]} {source.reason or ''}".rstrip() + same


def _passage_lines(passage: SourcePassage) -> list[str]:
    verdict = "Close in the source" if passage.verdict == "close" else "Nothing close found in the source; the nearest"
    return [wrapped(f"{verdict} ({passage.score:.2f}): {passage.text}", "        "), f"        {passage.url}"]
