"""What a generation holds besides numbers: documents with their passages, indexed questions, works and their citations."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from index.citations import Citations
from index.domain import Corpus, CutDocument
from index.generations import check_files, current, read_manifest
from index.questions import IndexedQuestion
from index.streams import JsonLines

_WORKS = TypeAdapter(Corpus)


class Stored:
    """The files of one generation; documents and questions are gone through one at a time."""

    def __init__(self, generation: Path) -> None:
        self.documents = JsonLines(generation / "documents.jsonl", CutDocument)
        self.questions = JsonLines(generation / "questions.jsonl", IndexedQuestion)
        self._works = generation / "works.json"
        self._citations = generation / "citations.json"

    def write_works(self, works: Corpus) -> None:
        """Write what is known of the works, and their citations in every style.

        Raises CorpusError where CSL data is malformed.
        """
        self._works.write_bytes(_WORKS.dump_json(replace(works, documents=())))
        citations = json.dumps(Citations.render(works).to_json(), ensure_ascii=False)
        self._citations.write_text(citations, encoding="utf-8")

    def corpus(self, documents: Iterable[CutDocument]) -> Corpus:
        """Return everything that can be quoted, `documents` being those of this generation."""
        return replace(_WORKS.validate_json(self._works.read_bytes()), documents=tuple(cut.document for cut in documents))

    def citations(self) -> Citations:
        """Return the formatted citations."""
        return Citations.from_json(json.loads(self._citations.read_text(encoding="utf-8")))


def read_corpus_of(folder: Path) -> tuple[Corpus, dict[str, Any]]:
    """Return the corpus of the current generation and the inputs it was made of, without what only questions need.

    Raises MissingIndex or StaleIndex where there is no sound generation.
    """
    generation = current(folder)
    manifest = read_manifest(generation)
    check_files(generation, manifest)
    stored = Stored(generation)
    return stored.corpus(stored.documents), manifest["inputs"]
