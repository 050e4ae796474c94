"""What people see of an evaluation: sheets in the terminal, and a page that loads nothing and trusts nobody."""

import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from index.domain import Answer
from index.evaluation.comparison import compare
from index.evaluation.figures import Estimate, Evaluation
from index.evaluation.report import report, write_report
from index.evaluation.run import Companions, evaluate, evaluate_ways
from index.evaluation.sheets import Sheet, estimate, number, sheet_of_comparison, sheets_of, sheets_of_ways
from index.evaluation.tables import print_sheets
from tests.evaluation.making import answer, passage, question

EVIL = "<script>alert('1')</script>[bold]"
QUESTIONS = (
    question("q1", "gold", question="Where is it?"),
    question("q2", f"gold {EVIL}", question=EVIL, kind=EVIL, previous=(EVIL,)),
    question("q3", question="Not at all?", kind="off_topic"),
)


def ask(text: str, previous: tuple[str, ...]) -> Answer:
    if text == EVIL:
        return answer(passage(EVIL), confidence=0.4, status="related", searched=EVIL + " more")
    return answer(passage("gold", marked=((0, 4),)), confidence=0.8, searched=text)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(QUESTIONS, ask, companions=Companions(explain=lambda text, previous: {EVIL: -0.5}))


@pytest.fixture(scope="module")
def html(evaluation: Evaluation) -> str:
    ways = evaluate_ways(QUESTIONS, {"dense": ask, "full": ask})
    return report(evaluation, comparison=ways.steps[0], ways=ways)


class Tags(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.tags if name in attributes]


@pytest.mark.parametrize(("value", "shown"), [(0.9254, ".925"), (1.0, "1.000"), (0.0, ".000"), (-0.25, "-0.250"), (None, "-")])
def test_numbers_are_short(value: float | None, shown: str) -> None:
    """A share has three decimals and no zero before the point."""
    assert number(value) == shown


def test_an_estimate_shows_its_interval() -> None:
    """A figure never stands without how sure it is."""
    assert estimate(Estimate(0.925, 0.878, 1.0, 80)) == ".925 [.88, 1.00]"
    assert estimate(None) == "-"


def test_sheets_hold_what_the_evaluation_says(evaluation: Evaluation) -> None:
    """There is a sheet for overall, kind, origin, states, negatives, confidence and latency, none of them empty."""
    sheets = {sheet.title: sheet for sheet in sheets_of(evaluation)}

    assert "full on dev, 3 questions" in sheets
    assert {"By kind", "By origin", "States", "False answers by kind of negative", "Confidence", "Latency"} <= set(sheets)
    assert "By nearest indexed question" not in sheets
    assert sheets["full on dev, 3 questions"].rows[0][:2] == ("Success@1", ".500 [.00, 1.00]")
    assert sheets["False answers by kind of negative"].rows[0][:3] == ("off_topic", "1", "1.000 [1.00, 1.00]")
    assert all(len(row) == len(sheet.columns) for sheet in sheets.values() for row in sheet.rows)


def test_ways_have_a_row_each_and_a_sheet_a_step() -> None:
    """Systems stand side by side, and each step shows difference, interval and p."""
    ways = evaluate_ways(QUESTIONS, {"dense": ask, "full": ask})

    overview, step = sheets_of_ways(ways)

    assert [row[0] for row in overview.rows] == ["dense", "full"]
    assert step.title == "dense → full"
    assert step.rows[0] == ("Success@1", ".500", ".500", "+0.000", "+0.000 to +0.000", "1.0000", "2")


def test_a_baseline_is_told_from_a_way(evaluation: Evaluation) -> None:
    """Against an earlier evaluation of the same system the title says so."""
    assert sheet_of_comparison(compare(evaluation, evaluation)).title == "full against its baseline"


def test_the_terminal_shows_words_as_they_are() -> None:
    """Nothing of a question set is read as markup."""
    stream = StringIO()

    print_sheets([Sheet(EVIL, ("", "n"), ((EVIL, "[red]1"),), "note")], Console(file=stream, width=120))

    assert stream.getvalue().count(EVIL) == 2
    assert "[red]1" in stream.getvalue()


def test_the_page_escapes_everything(html: str) -> None:
    """Questions, kinds, passages, parts: no tag of theirs is a tag of the page."""
    tags = Tags(html)

    assert EVIL not in html
    assert "&lt;script&gt;" in html
    assert "script" not in {tag for tag, _ in tags.tags}


def test_the_page_loads_nothing(html: str) -> None:
    """It is one file: no address is fetched, links stay in the page, and its policy forbids the rest."""
    tags = Tags(html)

    assert not tags.attributes("src")
    assert {tag for tag, _ in tags.tags}.isdisjoint({"link", "img", "iframe", "object", "embed"})
    assert all(address.startswith("#") for name in ("href", "xlink:href") for address in tags.attributes(name))
    assert "@import" not in html
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))
    assert "default-src 'none'" in html


def test_the_page_shows_plots_tables_and_failures(html: str) -> None:
    """Two labelled plots in the page's own colours, unique ids, the comparison first, and what went wrong."""
    tags = Tags(html)
    ids = tags.attributes("id")

    assert len(ids) == len(set(ids))
    assert [a.get("aria-label") for tag, a in tags.tags if tag == "svg"] == [
        "Risk-coverage curve",
        "Reliability diagram",
    ]
    assert "var(--accent)" in html
    assert "#010203" not in html
    assert "prefers-color-scheme: dark" in html
    assert html.index("dense → full") < html.index("By kind")
    assert "It claims an answer where there is none." in html
    assert "-0.500" in html


def test_the_page_is_the_same_for_the_same_evaluation(evaluation: Evaluation, tmp_path: Path) -> None:
    """No date and no chance is in it."""
    write_report(tmp_path / "report.html", evaluation)

    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report(evaluation)
