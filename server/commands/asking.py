"""The command that asks one question."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.limits import MOST_PASSAGES
from server.addresses import Choices, answer_export_address, server_address
from server.commands.opening import open_index
from server.commands.options import CorpusOption, IndexOption, JsonOption, print_json

if TYPE_CHECKING:
    from index.domain import Answer, Corpus
    from server.settings import Settings


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
    form: Annotated[
        Literal["md", "bib", "ris", "csl", "jsonld"] | None, typer.Option("--format", help="Print the answer in this form.")
    ] = None,
) -> None:
    """Ask the article one question."""
    from index.explanation import explain
    from server.commands.printing import answer_lines
    from server.settings import read_settings

    if form and (as_json or explained):
        raise typer.BadParameter("it goes with neither --json nor --explain", param_hint="'--format'")
    settings = read_settings(corpus=corpus, index=index, style=style)
    with open_index(settings) as searcher:
        answer = searcher.ask(question, k=k, previous=tuple(previous or ()), as_typed=as_typed, style=settings.style)
        explanation = explain(searcher, answer) if explained else None
    if form:
        choices: Choices = {"k": k, "style": settings.style}
        choices |= {"as_typed": True} if as_typed else {}
        print(_exported(form, answer, searcher.corpus, settings, previous or [], choices), end="")
    elif as_json:
        print_json({"answer": answer, "explanation": explanation} if explanation else answer)
    else:
        print("\n".join(answer_lines(answer, explanation)))


def _exported(
    form: str, answer: "Answer", corpus: "Corpus", settings: "Settings", previous: list[str], choices: Choices
) -> str:
    """Return the answer as a server with these settings would send it."""
    from index.exports.forms import ANSWER_FORMS, answer_in

    chosen = next(f for f in ANSWER_FORMS if f.name == form)
    address = answer_export_address(chosen.suffix, answer.question, previous, **choices)
    return answer_in(chosen, answer, corpus, address=address, base=server_address(settings.host, settings.port))
