"""Read a PDF from standard input in a process of its own and write its pages as JSON: run by `index.fetching.pdf`."""

import json
import resource
import sys
from typing import Any

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000
MEMORY_BYTES = 2**30
CPU_SECONDS = 60
OUTPUT_BYTES = 40 * 2**20


def main() -> None:
    """Write `{"pages", "title", "author"}`, or `{"problem"}` where the file cannot be read within the limits."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, OUTPUT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    try:
        found = _read()
    except MemoryError:
        found = {"problem": "a PDF that needs too much memory"}
    except RecursionError:
        found = {"problem": "a damaged PDF: its parts run in a circle"}
    except Exception as error:
        found = {"problem": _problem(error)}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, hard))


def _read() -> dict[str, Any]:
    from pypdf import PdfReader

    reader = PdfReader(sys.stdin.buffer, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"problem": "an encrypted PDF"}
    count = reader.get_num_pages()
    if not count:
        return {"problem": "a PDF without pages"}
    if count > MOST_PAGES:
        return {"problem": f"a PDF of more than {MOST_PAGES:,} pages"}
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(page.extract_text() or _unpacked(page))
        length += len(pages[-1])
        if length > MOST_CHARACTERS:
            return {"problem": f"a PDF of more than {MOST_CHARACTERS // 1_000_000} million characters"}
    said = reader.metadata
    return {"pages": pages, "title": said and said.title, "author": said and said.author}


def _unpacked(page: Any) -> str:
    """Unpack a page on which no text was found, as only that tells a picture from what is too large or damaged."""
    contents = page.get_contents()
    if contents is not None:
        contents.get_data()
    return ""


def _problem(error: Exception) -> str:
    """Return in a few words what is wrong with a file that pypdf cannot read."""
    name = type(error).__name__
    if name in ("FileNotDecryptedError", "WrongPasswordError", "DependencyError"):
        return "an encrypted PDF"
    if name == "EmptyFileError":
        return "an empty file"
    if name == "LimitReachedError":
        return "a PDF that unpacks to too much"
    return "a damaged PDF"


if __name__ == "__main__":
    main()
