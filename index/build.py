"""Make an index out of a corpus: read, cut, encode what is new, store, check, publish.

Texts go through it one document at a time.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from index.arrays import Arrays, TokenStates
from index.calibration import FITTED_ELSEWHERE, Calibration
from index.chroma_server import ChromaAddress
from index.corpus import CorpusReader
from index.corpus_files import corpus_digest, ledger_digest
from index.digests import file_digest
from index.domain import CutDocument, Document
from index.encoded_texts import Progress, encode
from index.encoder import Encoder
from index.errors import CorpusError, MissingIndex, StaleIndex
from index.exporting import exporters, store_query_encoder
from index.generations import MEND, building, check_files, current, publish, read_manifest
from index.lexical import Lexical
from index.opened import vector_collections
from index.passages import CUTTING_RULES, cut
from index.query_encoder import ENCODER, PRECISION
from index.questions import read_question_index
from index.sending import forget_vectors, send_current, send_vectors
from index.state_files import STATES, OnDisk
from index.store import VectorStore
from index.stored import Stored
from index.streams import Each
from index.texts import embedded_prefix, passage_texts, sentence_texts, whole_text

_VERSIONS = ("nupunkt", "bm25s", "PyStemmer", "markdown-it-py", "pypandoc_binary")
_SPARE_TOKENS = 4


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did; `not_stored` says why the index has no query encoder of its own, so that questions need torch.

    `token_states` tells whether those of passages were kept, or left out as they take more than the budget.
    """

    fingerprint: str
    passages: int
    questions: int
    encoded: int
    changed: bool
    not_stored: str | None = None
    token_states: bool = True


def build(
    corpus_folder: Path, index_folder: Path, encoder: Encoder, *, progress: Progress, server: ChromaAddress | None = None,
    disk_budget_mb: int | None = None,
) -> Built:  # fmt: skip
    """Build the index and make it the current one; do nothing where it is already.

    Passages whose token states would take more than `disk_budget_mb` have none, and are ranked by vectors. The vectors
    are sent to a Chroma server as well where one is named, and those of generations that are gone deleted there.

    Raises CorpusError where a corpus file is malformed or changed meanwhile, BuildBusy where another build is at work,
    FootnoteError where the folder cannot be written, VectorServerError where the server does not take the vectors;
    the old index stays in each case.
    """
    inputs = _inputs(corpus_folder, encoder) | {"disk_budget_mb": disk_budget_mb}
    before = _before(index_folder)
    if before and before[1]["inputs"] == inputs:
        return _unchanged(index_folder, before[1], server)
    reader = CorpusReader(corpus_folder)
    with building(index_folder) as aside:
        if before is None or current(index_folder) != before[0]:  # another build may have ended since
            before = _before(index_folder)
            if before and before[1]["inputs"] == inputs:
                return _unchanged(index_folder, before[1], server)
        known = before[0] if before and before[1]["inputs"].get("states", STATES) == STATES else None
        stored = _read(reader, corpus_folder, aside, encoder)
        if corpus_digest(corpus_folder) != inputs["corpus"]:
            raise CorpusError(f"the corpus in {corpus_folder} was changed while it was read; {MEND} again.")
        arrays, encoded = _encode(aside, stored, encoder, known, progress, disk_budget_mb)
        progress("storing", 0, 1)
        Lexical.from_texts(Each(stored.documents, _passage_words)).save(aside / "bm25")
        vectors = vector_collections(arrays, stored.questions)
        VectorStore.create(aside / "chroma", vectors)
        shutil.copyfile(_calibration(corpus_folder), aside / "calibration.json")
        not_stored = store_query_encoder(encoder, aside / ENCODER, before=before[0] / ENCODER if before else None)
        manifest = _manifest(aside, inputs, arrays) | {"query_encoder": not_stored or "stored"}
        if server:
            send_vectors(index_folder, manifest["fingerprint"], vectors, server)
        publish(index_folder, aside, manifest)
        if server:
            forget_vectors(index_folder, server)
        progress("storing", 1, 1)
    return Built(
        manifest["fingerprint"], **manifest["counts"], encoded=encoded, changed=True, not_stored=not_stored,
        token_states=arrays.passages.has_states,
    )  # fmt: skip


def _unchanged(index_folder: Path, manifest: dict[str, Any], server: ChromaAddress | None) -> Built:
    if server:
        send_current(index_folder, server)
    return Built(manifest["fingerprint"], **manifest["counts"], encoded=0, changed=False)


def _inputs(corpus_folder: Path, encoder: Encoder) -> dict[str, Any]:
    return {
        "corpus": corpus_digest(corpus_folder),
        "ledger": ledger_digest(corpus_folder),
        "cutting": CUTTING_RULES,
        "encoder": encoder.name,
        "weights_sha256": encoder.weights_sha256,
        "precision": PRECISION,
        "states": STATES,
        "exporters": exporters(),
        "calibration": file_digest(_calibration(corpus_folder)),
        "versions": {name: version(name) for name in _VERSIONS},
    }


def _before(index_folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the sound generation to start from, if there is one."""
    try:
        generation = current(index_folder)
        manifest = read_manifest(generation)
        check_files(generation, manifest, whole=True)
    except (MissingIndex, StaleIndex, KeyError):
        return None
    return generation, manifest


def _read(reader: CorpusReader, corpus_folder: Path, aside: Path, encoder: Encoder) -> Stored:
    """Write what is read of the corpus as it is read, a document or some questions at a time."""
    stored = Stored(aside)
    stored.documents.write(_cut(document, encoder) for document in reader.documents())
    stored.write_works(reader.works)
    stored.questions.write(read_question_index(corpus_folder / "question_index.jsonl", stored.documents))
    return stored


def _cut(document: Document, encoder: Encoder) -> CutDocument:
    prefixes = [embedded_prefix(document.title, s, encoder) for s in {p.section for p in document.paragraphs}]
    limit = encoder.limit - max(map(encoder.count_tokens, prefixes)) - _SPARE_TOKENS
    return CutDocument(document, tuple(cut(document, count_tokens=encoder.count_tokens, limit=limit)))


def _passage_words(cut: CutDocument) -> Iterator[str]:
    return (cut.document.text[p.start : p.end] for p in cut.passages)


def _encode(
    aside: Path, stored: Stored, encoder: Encoder, before: Path | None, progress: Progress, disk_budget_mb: int | None
) -> tuple[Arrays, int]:
    """Write the encodings as they are made, those of the generation before taken from there; return them mapped into memory."""
    most_bytes = None if disk_budget_mb is None else disk_budget_mb * 1_000_000
    passages = Each(stored.documents, partial(passage_texts, encoder=encoder))
    sentences = Each(stored.documents, sentence_texts)
    questions = Each(stored.questions, lambda q: (whole_text(q.question),))
    parts: list[TokenStates] = []
    encoded = 0
    for name, texts, read in (
        ("passages", passages, encoder.encode),
        ("sentences", sentences, encoder.encode),
        ("questions", questions, encoder.encode_questions),
    ):
        part, new = encode(
            texts, encoder, before=TokenStates.open(before / name) if before else None, progress=progress,
            what=f"encoding {name}", keep_states=name != "sentences", read=read,
            into=OnDisk(aside / name, most_bytes=most_bytes if name == "passages" else None),
        )  # fmt: skip
        parts.append(part)
        encoded += new
    return Arrays(*parts), encoded


def _calibration(corpus_folder: Path) -> Path:
    own = corpus_folder / "calibration.json"
    path = own if own.is_file() else FITTED_ELSEWHERE
    Calibration.read(path)
    return path


def _manifest(aside: Path, inputs: dict[str, Any], encoded: Arrays) -> dict[str, Any]:
    files = sorted(aside.rglob("*.npy"))
    arrays = {path.relative_to(aside).as_posix(): file_digest(path) for path in files}
    counts = {"passages": len(encoded.passages.vectors), "questions": len(encoded.questions.vectors)}
    facts = {"inputs": inputs, "arrays": arrays, "counts": counts}
    return {"fingerprint": hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()} | facts
