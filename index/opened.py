"""A published generation, opened for reading: everything a question needs, checked before it is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import Arrays, TokenStates
from index.calibration import Calibration
from index.chroma_server import ChromaAddress, ChromaServer
from index.citations import Citations
from index.domain import Corpus, Document, Passage, Reference, Role, SourcePassage
from index.encoder import Floats
from index.errors import VectorServerError
from index.generations import check_files, current, read_manifest
from index.lexical import Lexical
from index.questions import IndexedQuestion
from index.stored import Stored
from index.vector_search import VectorSearch

_COUNTED_AT_ONCE = 4096
"""Texts whose tokens are counted in one go, so that memory for it stays small."""
PASSAGE_VECTORS, ANSWERED, GAPS = "passages", "answered", "gaps"


@dataclass(frozen=True)
class OpenedIndex:
    """The parts of one generation; `close` lets go of the private copy of its vectors."""

    fingerprint: str
    encoder: str
    corpus: Corpus
    passages: tuple[Passage, ...]
    questions: tuple[IndexedQuestion, ...]
    arrays: Arrays
    lexical: Lexical
    vectors: VectorSearch
    citations: Citations
    calibration: Calibration

    @classmethod
    def open(cls, folder: Path, server: ChromaAddress | None = None) -> "OpenedIndex":
        """Open the current generation of the index folder, its vectors on a Chroma server where one is named.

        Raises MissingIndex or StaleIndex where there is no sound generation, VectorServerError where its vectors are not there.
        """
        generation = current(folder)
        manifest = read_manifest(generation)
        check_files(generation, manifest)
        arrays = Arrays.open(generation, with_keys=False)
        stored = Stored(generation)
        documents, questions = tuple(stored.documents), tuple(stored.questions)
        return cls(
            fingerprint=manifest["fingerprint"],
            encoder=manifest["inputs"]["encoder"],
            corpus=stored.corpus(documents),
            passages=tuple(passage for cut in documents for passage in cut.passages),
            questions=questions,
            arrays=arrays,
            lexical=Lexical.open(generation / "bm25"),
            vectors=_vectors(generation, manifest["fingerprint"], vector_collections(arrays, questions), server),
            citations=stored.citations(),
            calibration=Calibration.read(generation / "calibration.json"),
        )

    def close(self) -> None:
        """Let go of the private copy."""
        self.vectors.close()

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Return the documents by id."""
        return {d.id: d for d in self.corpus.documents}

    def source_of(self, reference: Reference) -> Document | None:
        """Return the text of a reference, or None where it is not held."""
        return self._sources.get((reference.article, reference.number))

    @cached_property
    def trails(self) -> dict[str, tuple[SourcePassage, ...]]:
        """Return the trails that were followed already, by the id of the source."""
        return {}

    @cached_property
    def _sources(self) -> dict[tuple[str, int | None], Document]:
        return {(d.article, d.reference): d for d in self.corpus.documents if d.kind == "source"}

    @cached_property
    def first_sentences(self) -> NDArray[np.int64]:
        """Return the row of each passage's first sentence, and at the end the number of sentences: (P + 1,)."""
        return self.arrays.passages.firsts

    def has_role(self, role: Role) -> NDArray[np.bool_]:
        """Tell which passages have this role: (P,)."""
        return self._with_role.get(role, np.zeros(len(self.passages), dtype=bool))

    @cached_property
    def _with_role(self) -> dict[Role, NDArray[np.bool_]]:
        roles = np.asarray([p.role for p in self.passages])
        return {role: roles == role for role in {p.role for p in self.passages}}

    @cached_property
    def passages_of(self) -> dict[str, NDArray[np.int64]]:
        """Return the passages of each document, by its id."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            rows.setdefault(passage.document, []).append(row)
        return {id: np.asarray(found, dtype=np.int64) for id, found in rows.items()}

    @cached_property
    def carrying(self) -> dict[int, tuple[int, ...]]:
        """Return by its number which passages carry a note, and which bibliography entries have that number."""
        found: dict[int, list[int]] = {}
        for id, rows in self.passages_of.items():
            notes = self.documents[id].notes
            for row in rows.tolist() if notes or self.documents[id].kind == "references" else ():
                passage = self.passages[row]
                inside = {n.number for n in notes if passage.start <= n.at <= passage.end}
                for number in {passage.paragraph} if passage.role == "reference" else inside:
                    found.setdefault(number, []).append(row)
        return {number: tuple(rows) for number, rows in found.items()}

    @cached_property
    def passage_of_sentence(self) -> NDArray[np.int64]:
        """Return the passage of each sentence: (S,)."""
        return np.repeat(np.arange(len(self.passages)), np.diff(self.first_sentences))

    @cached_property
    def passage_token_weights(self) -> Floats:
        """Return how rare each token of the vocabulary is among the passages."""
        return inverse_document_frequency(self.arrays.passages)

    @cached_property
    def question_token_weights(self) -> Floats:
        """Return how rare each token of the vocabulary is among the indexed questions."""
        return inverse_document_frequency(self.arrays.questions)

    def answers_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Return the sentences that answer the indexed questions in these rows, side by side: three arrays of one length.

        They say which of `rows` is answered, at which place of its answers, counted from 0, and by which sentence.
        """
        starts, sentences = self._answers
        first, count = starts[rows], starts[rows + 1] - starts[rows]
        which = np.repeat(np.arange(len(rows)), count)
        places = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return which, places.astype(np.float32), sentences[first[which] + places]

    @cached_property
    def _answers(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        starts = np.cumsum([0, *(len(q.sentences) for q in self.questions)], dtype=np.int64)
        return starts, np.asarray([s for q in self.questions for s in q.sentences], dtype=np.int64)

    @cached_property
    def answered_rows(self) -> NDArray[np.int64]:
        """Return which indexed questions are answered, in the order of their vectors in the store."""
        return np.asarray([i for i, q in enumerate(self.questions) if not q.is_gap], dtype=np.int64)

    @cached_property
    def gap_rows(self) -> NDArray[np.int64]:
        """Return which indexed questions are gaps, in the order of their vectors in the store."""
        return np.asarray([i for i, q in enumerate(self.questions) if q.is_gap], dtype=np.int64)


def _vectors(generation: Path, fingerprint: str, collections: dict[str, Floats], server: ChromaAddress | None) -> VectorSearch:
    if server is None:
        return VectorSearch.open(generation / "chroma", collections)
    connection = ChromaServer(server)
    try:
        return VectorSearch.served(connection.open(fingerprint, collections), collections)
    except VectorServerError:
        connection.close()
        raise


def vector_collections(arrays: Arrays, questions: Iterable[IndexedQuestion]) -> dict[str, Floats]:
    """Return the vectors that are searched, by the name of their collection; a vector's id is its row there."""
    gap = np.fromiter((q.is_gap for q in questions), dtype=bool)
    return {
        PASSAGE_VECTORS: arrays.passages.vectors,
        ANSWERED: arrays.questions.vectors[~gap],
        GAPS: arrays.questions.vectors[gap],
    }


def inverse_document_frequency(texts: TokenStates) -> Floats:
    """Return for each vocabulary id ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25 (Robertson and Zaragoza 2009).

    N is the number of texts, n how many hold the token; the last entry stands for every id beyond the end.
    """
    bounds = texts.rows[texts.firsts]
    found = np.zeros(int(texts.tokens.max(initial=0)) + 2)
    for at in range(0, len(bounds) - 1, _COUNTED_AT_ONCE):
        inside = bounds[at : at + _COUNTED_AT_ONCE + 1]
        text = np.repeat(np.arange(len(inside) - 1), np.diff(inside))
        held = np.unique(text * len(found) + texts.tokens[inside[0] : inside[-1]])
        found += np.bincount(held % len(found), minlength=len(found))
    return np.asarray(np.log1p((len(bounds) - 1 - found + 0.5) / (found + 0.5)), dtype=np.float32)
