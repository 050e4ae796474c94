"""The command line: which commands there are, and how a mistake is told."""

import sys
from typing import NoReturn

import typer

from index.errors import FootnoteError
from server.commands.asking import ask
from server.commands.building import build_command, import_command, serve
from server.commands.checking import check
from server.commands.evaluating import evaluate_command
from server.commands.fetching import fetch
from server.commands.questions import questions
from server.commands.sources import sources_command
from server.commands.verifying import verify_command

app = typer.Typer(
    help="Answers questions about an article in the article's own words.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

app.command("build")(build_command)
app.command("serve")(serve)
app.command("ask")(ask)
app.command("sources")(sources_command)
app.command("verify")(verify_command)
app.command("check")(check)
app.command("fetch")(fetch)
app.command("import")(import_command)
app.command("evaluate")(evaluate_command)
app.add_typer(questions, name="questions")


def main() -> None:
    """Run the command line: exit 0 done, 1 something was found wrong, 2 and one sentence on a user's mistake."""
    try:
        raise SystemExit(app(standalone_mode=False))
    except typer.TyperException as error:
        _exit_with(error.format_message())
    except FootnoteError as error:
        _exit_with(str(error))
    except ModuleNotFoundError as error:
        _exit_with(f"this needs the package {error.name}, which is not installed; run 'pip install -e .'")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        if error.filename is None:
            raise
        _exit_with(f"{error.filename}: {error.strerror}.")


def _exit_with(message: str) -> NoReturn:
    """Say what the user's mistake is, or show the help where nothing was asked for, and exit 2."""
    is_help = message.startswith("Usage:")
    print(message if is_help else f"footnote: {message.rstrip('.')}.", file=sys.stderr)
    raise SystemExit(2) from None
