"""The command that shows the ledger: each cited source with all that is known of it."""

from typing import Annotated

import typer

from server.commands.opening import read_index
from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json


def sources_command(
    number: Annotated[int | None, typer.Argument(help="One source; all of them where none is named.")] = None,
    article: Annotated[str | None, typer.Option(help="The article that cites it, where there are several.")] = None,
    style: Annotated[str | None, typer.Option(help="The citation style: chicago, apa, mla or nlm.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the cited sources, or show one beside the sentences that cite it."""
    from index.sources import Ledger
    from server.commands.ledger_printing import ledger_lines, source_lines
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index, style=style)
    with read_index(settings) as opened:
        ledger = Ledger.of(opened)
        if number is None:
            listed = ledger.sources(settings.style)
            print_json(listed) if as_json else print("\n".join(ledger_lines(listed)))
            return
        source = ledger.source(str(number), settings.style, article=article)
        print_json(source) if as_json else print("\n".join(source_lines(source)))
