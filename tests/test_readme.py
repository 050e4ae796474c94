"""The README says what is so: its settings, its commands, its first question."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from server.cli import app
from server.commands.printing import answer_lines
from server.settings import PREFIX, Settings

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"(?:^    |&& )\.venv/bin/footnote ([^&\n]*)", README, re.MULTILINE)


def test_settings_table_holds_every_setting_with_its_help() -> None:
    """The table names each setting, and no other, with the sentence that the setting itself has."""
    rows = dict(re.findall(rf"^\| `{PREFIX}(\w+)` \| .* \| (.+) \|$", README, re.MULTILINE))

    assert rows == {name.upper(): field.description for name, field in Settings.model_fields.items()}


def test_settings_table_holds_the_defaults() -> None:
    """The table's default of each setting is the one in force."""
    rows = dict(re.findall(rf"^\| `{PREFIX}(\w+)` \| `([^`]+)`", README, re.MULTILINE))

    found = {name.upper(): field.default for name, field in Settings.model_fields.items()}

    for name, default in rows.items():
        shown = found[name].name if isinstance(found[name], Path) else str(found[name]).lower()
        assert default.lower() == shown


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_exist_with_their_options(line: str) -> None:
    """Every command that the README types is one, and takes the options typed."""
    words = shlex.split(line.partition("#")[0])
    command = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts}

    assert {word for word in words if word.startswith("-")} <= options


@pytest.mark.real
def test_first_question_is_answered_as_shown(searcher) -> None:  # type: ignore[no-untyped-def]
    """The README's question is answered in the very words and lines that the README shows, but for where it leaves some out."""
    question = re.search(r'footnote ask "([^"]+)"', README)
    sample = re.search(r"```\n(.*?)```", README, re.DOTALL)
    assert question

    answer = searcher.ask(question[1], k=1)

    assert answer.status == "answered"
    assert sample
    printed = "\n".join(answer_lines(answer))
    assert [stretch for stretch in sample[1].split("…") if stretch.strip() not in printed] == []
