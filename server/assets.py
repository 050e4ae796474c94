"""Hold the style sheet, the script and the icon in memory, under names that change with their content."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file: the name it is served under, its bytes and its media type."""

    name: str
    content: bytes
    media_type: str


class Assets:
    """The static files of a folder; a name that is not one of theirs is not looked for on disk."""

    def __init__(self, folder: Path) -> None:
        self._by_file = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_file()}
        self._by_name = {asset.name: asset for asset in self._by_file.values()}

    def address(self, file: str) -> str:
        """Return the address of a file of the folder; raise KeyError where there is none."""
        return f"/static/{self._by_file[file].name}"

    def named(self, name: str) -> Asset:
        """Return the asset served under this name; raise KeyError where there is none."""
        return self._by_name[name]

    def file(self, file: str) -> Asset:
        """Return the asset made of this file; raise KeyError where there is none."""
        return self._by_file[file]


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    media_type = mimetypes.types_map.get(path.suffix, "application/octet-stream")
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, media_type)
