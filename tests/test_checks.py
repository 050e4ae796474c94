"""The code is formatted, linted and typed; these are the project's own commands, run as anyone can."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("check", [("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",)], ids=" ".join)
def test_check_finds_nothing(check: tuple[str, ...]) -> None:
    """Formatter, linter and type checker have nothing to say."""
    done = subprocess.run([sys.executable, "-m", *check], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
