"""Make an index out of a corpus: read, cut, encode what is new, store, check, publish."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from index.arrays import Arrays, TokenStates
from index.calibration import FITTED_ELSEWHERE, Calibration
from index.chroma_server import ChromaAddress
from index.citations import Citations
from index.corpus import corpus_digest, ledger_digest, read_corpus
from index.digests import file_digest
from index.domain import Corpus, Passage
from index.encoded_texts import Progress, embedded_prefix, encode, passage_texts, sentence_texts, whole_text
from index.encoder import Encoder
from index.errors import MissingIndex, StaleIndex
from index.exporting import exporters, store_query_encoder
from index.generations import MEND, building, check_files, current, publish, read_manifest
from index.lexical import Lexical
from index.opened import CITATIONS, CORPUS, PASSAGES, QUESTIONS, vector_collections
from index.passages import CUTTING_RULES, cut
from index.query_encoder import ENCODER, PRECISION
from index.questions import IndexedQuestion, read_question_index
from index.sending import forget_vectors, send_current, send_vectors
from index.state_files import STATES, OnDisk
from index.store import VectorStore

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

    Raises CorpusError where a corpus file is malformed, BuildBusy where another build is at work,
    FootnoteError where the folder cannot be written, VectorServerError where the server does not take the vectors;
    the old index stays in each case.
    """
    inputs = _inputs(corpus_folder, encoder) | {"disk_budget_mb": disk_budget_mb}
    before = _before(index_folder)
    if before and before[1]["inputs"] == inputs:
        return _unchanged(index_folder, before[1], server)
    corpus = read_corpus(corpus_folder)
    passages = _cut(corpus, encoder)
    questions = read_question_index(corpus_folder / "question_index.jsonl", corpus, passages)
    with building(index_folder) as aside:
        if before is None or current(index_folder) != before[0]:  # another build may have ended since
            before = _before(index_folder)
            if before and before[1]["inputs"] == inputs:
                return _unchanged(index_folder, before[1], server)
        known = Arrays.open(before[0]) if before and before[1]["inputs"].get("states", STATES) == STATES else None
        arrays, encoded = _encode(aside, corpus, passages, questions, encoder, known, progress, disk_budget_mb)
        progress("storing", 0, 1)
        _store(aside, corpus, passages, questions, arrays)
        shutil.copyfile(_calibration(corpus_folder), aside / "calibration.json")
        not_stored = store_query_encoder(encoder, aside / ENCODER, before=before[0] / ENCODER if before else None)
        manifest = _manifest(aside, inputs, passages, questions) | {"query_encoder": not_stored or "stored"}
        if server:
            send_vectors(index_folder, manifest["fingerprint"], vector_collections(arrays, questions), server)
        publish(index_folder, aside, manifest)
        if server:
            forget_vectors(index_folder, server)
        progress("storing", 1, 1)
    return Built(
        manifest["fingerprint"], len(passages), len(questions), encoded, changed=True, not_stored=not_stored,
        token_states=arrays.passages.has_states,
    )  # fmt: skip


def _unchanged(index_folder: Path, manifest: dict[str, Any], server: ChromaAddress | None) -> Built:
    if server:
        send_current(index_folder, server)
    return Built(manifest["fingerprint"], manifest["counts"]["passages"], manifest["counts"]["questions"], 0, changed=False)


def require_fresh(corpus_folder: Path, index_folder: Path, encoder: Encoder) -> None:
    """Raise MissingIndex or StaleIndex, naming the command that mends it, where the index is not this corpus's."""
    manifest = read_manifest(current(index_folder))
    inputs = manifest["inputs"]
    if inputs["encoder"] != encoder.name:
        raise StaleIndex(f"the index was made with the encoder {inputs['encoder']}, not {encoder.name}; {MEND}.")
    require_same_corpus(corpus_folder, inputs)
    if inputs["states"] != STATES:
        raise StaleIndex(f"the index holds token states as {inputs['states']}, not {STATES}; {MEND}.")
    if "query_encoder" not in manifest or inputs["precision"] != PRECISION:
        raise StaleIndex(f"the index was made before indexes held an encoder for questions; {MEND}.")
    if inputs["weights_sha256"] != encoder.weights_sha256:
        raise StaleIndex(f"the weights of the encoder {encoder.name} have changed since the index was built; {MEND}.")


def require_same_corpus(corpus_folder: Path, inputs: dict[str, Any]) -> None:
    """Raise StaleIndex where the inputs that a manifest names are not this corpus."""
    if inputs["cutting"] != CUTTING_RULES or inputs["corpus"] != corpus_digest(corpus_folder):
        raise StaleIndex(f"the corpus in {corpus_folder} has changed since the index was built; {MEND}.")


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


def _cut(corpus: Corpus, encoder: Encoder) -> list[Passage]:
    passages: list[Passage] = []
    for document in corpus.documents:
        prefixes = [embedded_prefix(document.title, s, encoder) for s in {p.section for p in document.paragraphs}]
        limit = encoder.limit - max(map(encoder.count_tokens, prefixes)) - _SPARE_TOKENS
        passages += cut(document, count_tokens=encoder.count_tokens, limit=limit)
    return passages


def _encode(
    aside: Path, corpus: Corpus, passages: Sequence[Passage], questions: Sequence[IndexedQuestion], encoder: Encoder,
    before: Arrays | None, progress: Progress, disk_budget_mb: int | None,
) -> tuple[Arrays, int]:  # fmt: skip
    """Write the encodings as they are made; return them mapped into memory."""
    most_bytes = None if disk_budget_mb is None else disk_budget_mb * 1_000_000
    parts: list[TokenStates] = []
    encoded = 0
    for name, texts, read in (
        ("passages", passage_texts(corpus, passages, encoder), encoder.encode),
        ("sentences", sentence_texts(corpus, passages), encoder.encode),
        ("questions", [whole_text(q.question) for q in questions], encoder.encode_questions),
    ):
        part, new = encode(
            texts, encoder, before=getattr(before, name) if before else None, progress=progress,
            what=f"encoding {name}", keep_states=name != "sentences", read=read,
            into=OnDisk(aside / name, most_bytes=most_bytes if name == "passages" else None),
        )  # fmt: skip
        parts.append(part)
        encoded += new
    return Arrays(*parts), encoded


def _store(
    aside: Path, corpus: Corpus, passages: Sequence[Passage], questions: Sequence[IndexedQuestion], arrays: Arrays
) -> None:
    texts = {d.id: d.text for d in corpus.documents}
    (aside / "corpus.json").write_bytes(CORPUS.dump_json(corpus))
    (aside / "passages.json").write_bytes(PASSAGES.dump_json(tuple(passages)))
    (aside / "questions.json").write_bytes(QUESTIONS.dump_json(tuple(questions)))
    Lexical.from_texts([texts[p.document][p.start : p.end] for p in passages]).save(aside / "bm25")
    citations = json.dumps(Citations.render(corpus).to_json(), ensure_ascii=False)
    (aside / CITATIONS).write_text(citations, encoding="utf-8")
    VectorStore.create(aside / "chroma", vector_collections(arrays, questions))


def _calibration(corpus_folder: Path) -> Path:
    own = corpus_folder / "calibration.json"
    path = own if own.is_file() else FITTED_ELSEWHERE
    Calibration.read(path)
    return path


def _manifest(
    aside: Path, inputs: dict[str, Any], passages: Sequence[Passage], questions: Sequence[IndexedQuestion]
) -> dict[str, Any]:
    files = sorted(aside.rglob("*.npy"))
    arrays = {path.relative_to(aside).as_posix(): file_digest(path) for path in files}
    counts = {"passages": len(passages), "questions": len(questions)}
    facts = {"inputs": inputs, "arrays": arrays, "counts": counts}
    return {"fingerprint": hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()} | facts
