"""Write an evaluation as one self-contained page: tables, plots, and each question that went wrong."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from index.evaluation.figures import Comparison, Evaluation, Silence, Ways
from index.evaluation.plots import reliability_plot, risk_coverage_plot
from index.evaluation.sheets import Sheet, number, sheet_of_comparison, sheets_of, sheets_of_ways

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def write_report(path: Path, evaluation: Evaluation, *, comparison: Comparison | None = None, ways: Ways | None = None) -> None:
    """Write the page to a file; it loads nothing from elsewhere."""
    path.write_text(report(evaluation, comparison=comparison, ways=ways), encoding="utf-8")


def report(evaluation: Evaluation, *, comparison: Comparison | None = None, ways: Ways | None = None) -> str:
    """Return the page; all that comes from questions and documents is escaped."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["number"] = number
    return environment.get_template("evaluation.html").render(
        evaluation=evaluation,
        sheets=sheets_of(evaluation),
        comparisons=_comparisons(comparison, ways),
        plots=_plots(evaluation.silence),
    )


def _comparisons(comparison: Comparison | None, ways: Ways | None) -> tuple[Sheet, ...]:
    baseline = (sheet_of_comparison(comparison),) if comparison else ()
    return baseline + (sheets_of_ways(ways) if ways else ())


def _plots(silence: Silence) -> tuple[Markup, ...]:
    """Return matplotlib's own SVG, in which no word of a question stands, so that it need not be escaped."""
    if not silence.curve:
        return ()
    return Markup(risk_coverage_plot(silence)), Markup(reliability_plot(silence))
