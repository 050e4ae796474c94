"""Tell one encoder's weights from another's, so that vectors are never taken over from a network that is not the same."""

import hashlib
import json
from pathlib import Path
from typing import Any

from index.digests import files_digest

_READ = {".safetensors", ".bin", ".json", ".jinja", ".txt", ".model", ".metadata"}
"""Suffixes of weights, settings and vocabularies; what is left out is documentation and weights for other runtimes."""


def folder_digest(folder: Path) -> str:
    """Return the sha256 of all files of an encoder's folder, those of its modules included, that its vectors depend on."""
    return files_digest(folder, sorted(p for p in folder.rglob("*") if p.suffix in _READ and p.is_file()))


def loaded_digest(network: Any) -> str:
    """Return the sha256 of a loaded network's weights, prompts and module settings: for one that is in no known folder."""
    import torch

    settings = [(type(module).__name__, _settings(module)) for module in network]
    digest = hashlib.sha256(json.dumps([network.prompts, settings], sort_keys=True, default=str).encode())
    for name, weights in sorted(network.state_dict().items()):
        digest.update(f"{name}\0{weights.dtype}\0{tuple(weights.shape)}\0".encode())
        digest.update(weights.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _settings(module: Any) -> Any:
    return module.get_config_dict() if hasattr(module, "get_config_dict") else None
