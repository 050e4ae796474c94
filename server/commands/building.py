"""The commands that make things: an article from plain text, an index from a corpus, a server from an index."""

import os
from pathlib import Path
from typing import Annotated

import typer

from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json
from server.progress import progress_bars


def build_command(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    disk_budget: Annotated[
        int | None, typer.Option(min=0, help="The most MB that token states may take; else vectors alone rank.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make the index, or bring it up to date."""
    from index.build import build
    from index.encoder import open_encoder
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index, disk_budget_mb=disk_budget)
    encoder = open_encoder(settings.encoder)
    with progress_bars() as progress:
        built = build(
            settings.corpus, settings.index, encoder, progress=progress, server=settings.chroma,
            disk_budget_mb=settings.disk_budget_mb,
        )  # fmt: skip
    if as_json:
        print_json(built)
    elif built.changed:
        print(f"Index {built.fingerprint[:12]}: {built.passages} passages, {built.questions} indexed questions;")
        print(f"{built.encoded} texts encoded. It is in {settings.index}.")
        if not built.token_states:
            print("Token states would take more than the disk budget: passages are ranked by their sentences' vectors alone.")
        if built.not_stored:
            print(f"The encoder is not stored in the index, so that answering needs sentence-transformers: {built.not_stored}")
    else:
        print(f"Index {built.fingerprint[:12]} is up to date: {built.passages} passages.")


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes answer.", show_default="1")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Serve the page and the JSON; the index is built first where it is missing or stale."""
    # Questions side by side have the cores: one reckoned by two threads takes twice the processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy, imported below, reads it then
    from server.running import run
    from server.settings import read_settings

    run(read_settings(host=host, port=port, workers=workers, corpus=corpus, index=index))


def import_command(
    file: Annotated[Path, typer.Argument(help="The article as plain text with superscript note numbers.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; else it is printed.")] = None,
    license: Annotated[str, typer.Option(help="Whose text it is, for the front matter.")] = "",
) -> None:
    """Turn an article supplied as plain text into Markdown with notes."""
    from index.corpus_files import read_text
    from index.errors import CorpusError
    from index.importing import to_markdown

    if not file.is_file():
        raise CorpusError(f"{file}: there is no such file.")
    markdown = to_markdown(read_text(file), license=license, file=file.name)
    if output is None:
        print(markdown, end="")
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(markdown, encoding="utf-8")
