"""The options that commands share, and how they print JSON."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="The folder with the article.", show_default="corpus")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="The folder of the index.", show_default=".index")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QuestionSetOption = Annotated[
    Path | None, typer.Option("--questions", help="The question set.", show_default="questions.jsonl of the corpus")
]


def print_json(value: Any) -> None:
    """Print the value, a domain object or a dictionary of them, as JSON."""
    from pydantic import TypeAdapter

    print(json.dumps(TypeAdapter(type(value)).dump_python(value, mode="json"), ensure_ascii=False, indent=1))
