"""Tell whether an index still is what its corpus and encoder would make."""

from pathlib import Path
from typing import Any

from index.corpus_files import corpus_digest
from index.encoder import Encoder
from index.errors import StaleIndex
from index.generations import MEND, current, read_manifest
from index.passages import CUTTING_RULES
from index.query_encoder import PRECISION
from index.state_files import STATES


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
