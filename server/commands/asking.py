"""The command that asks one question."""

from typing import Annotated

import typer

from index.limits import MOST_PASSAGES
from server.commands.opening import open_index
from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json


def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_PASSAGES, help="How many passages at most.")] = 5,
    previous: Annotated[list[str] | None, typer.Option(help="A question asked before; repeat, oldest first.")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Neither complete a follow-up nor mend spelling.")] = False,
    style: Annotated[str | None, typer.Option(help="The citation style: chicago, apa, mla or nlm.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    explained: Annotated[bool, typer.Option("--explain", help="Show how the answer came about.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the article one question."""
    from index.explanation import explain
    from server.commands.printing import answer_lines
    from server.settings import read_settings

    settings = read_settings(corpus=corpus, index=index, style=style)
    with open_index(settings) as searcher:
        answer = searcher.ask(question, k=k, previous=tuple(previous or ()), as_typed=as_typed, style=settings.style)
        explanation = explain(searcher, answer) if explained else None
    if as_json:
        print_json({"answer": answer, "explanation": explanation} if explanation else answer)
    else:
        print("\n".join(answer_lines(answer, explanation)))
