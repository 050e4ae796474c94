"""Write a source's text as Markdown, with where it came from in its front matter."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from index.canonical import canonical
from index.domain import Reference
from index.fetching.extracted import Extracted
from index.fetching.markdown import to_markdown
from index.fetching.obtaining import Obtained
from index.ledger import write_whole

LICENSE = "belongs to its publisher"


def write_source(sources: Path, reference: Reference, obtained: Obtained) -> Path:
    """Write the text into the folder of sources, in place of the one there was, and return the file."""
    path = source_file(sources, reference.number)
    front = yaml.safe_dump(provenance(reference, obtained), allow_unicode=True, sort_keys=False, width=1_000)
    write_whole(path, f"---\n{front}---\n\n{to_markdown(obtained.text.blocks)}")
    return path


def source_file(sources: Path, number: int) -> Path:
    """Return the file that holds the reference's text, or that will."""
    held = (p for p in sorted(sources.glob("*.md")) if p.stem.isdecimal() and int(p.stem) == number)
    return next(held, sources / f"{number}.md")


def provenance(reference: Reference, obtained: Obtained) -> dict[str, Any]:
    """Return the front matter: what the text is, and how and in what form it came."""
    received = obtained.received
    came = {"by": "hand", "file": obtained.file} if obtained.file else {"asked": received.asked, "final": received.final}
    fields = {
        "title": canonical(str(reference.csl.get("title") or reference.printed)),
        "reference": reference.number,
        **came,
        "repair": obtained.repair,
        "trusted": obtained.trusted or None,
        "obtained": received.at,
        "status": None if obtained.file else received.status,
        "media_type": received.media_type,
        "bytes": len(received.content),
        "sha256": hashlib.sha256(received.content).hexdigest(),
        "extractor": obtained.text.extractor,
        "pages": first_paragraphs(obtained.text),
        "license": LICENSE,
    }
    return {name: value for name, value in fields.items() if value is not None}


def first_paragraphs(text: Extracted) -> dict[int, int] | None:
    """Return for each page of a text that has pages the number of the first paragraph that begins on it."""
    first: dict[int, int] = {}
    number = 0
    for block in text.blocks:
        number += block.level == 0
        if block.level == 0 and block.page is not None:
            first.setdefault(block.page, number)
    return first or None
