"""Lay the figures out as sheets of text, which the terminal and the report both show."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.evaluation.comparison import SIGNIFICANT
from index.evaluation.figures import Comparison, Difference, Estimate, Evaluation, Group, States, Ways
from index.evaluation.measures import MARKED, RANKING

NOTHING = "-"
_MEASURES = (*RANKING, MARKED)
_ANSWERABLE = {"yes": "answered by the article", "partly": "answered in part", "no": "not answered by it"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table; the first column names the row, `note` says how to read it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def sheets_of(evaluation: Evaluation) -> tuple[Sheet, ...]:
    """Return every sheet that has a row: overall, by answerable, kind, origin, turn and nearness, states, latency."""
    groups = evaluation.groups
    sheets = (
        _overall(evaluation),
        _measures("By what the article answers", groups["answerable"]),
        _measures("By kind", groups["kind"]),
        _measures("By origin", groups["origin"]),
        _measures("By turn of a conversation", groups["turn"]),
        _measures("By nearest indexed question", groups["nearest indexed question"]),
        _states("States", groups["overall"] + groups["origin"]),
        _negatives(groups["kind"]),
        _silence(evaluation),
        _latency((evaluation,)),
    )
    return tuple(sheet for sheet in sheets if sheet.rows)


def sheets_of_ways(ways: Ways) -> tuple[Sheet, ...]:
    """Return the systems side by side, then each step between them with its tests."""
    rows = (
        (e.system, *_figures(e.groups["overall"][0]), estimate(e.silence.auroc), _ms(e.latency.p50_ms))
        for e in ways.evaluations
    )
    columns = ("way", *_MEASURES, "AUROC", "p50")
    return Sheet("Ways", columns, tuple(rows)), *(sheet_of_comparison(step) for step in ways.steps)


def sheet_of_comparison(comparison: Comparison) -> Sheet:
    """Return the differences with interval and p; a significant one is starred."""
    rows = tuple(_difference(d) for d in comparison.differences)
    columns = ("measure", "before", "after", "difference", "95 %", "p", "questions")
    unshared = f" {comparison.unshared} questions were asked of one of them only." if comparison.unshared else ""
    note = f"Paired randomisation test over {comparison.shared} shared questions; * p < .05.{unshared}"
    same = comparison.before == comparison.after
    title = f"{comparison.after} against its baseline" if same else f"{comparison.before} → {comparison.after}"
    return Sheet(title, columns, rows, note)


def number(value: float | None) -> str:
    """Return a share with three decimals and no zero before the point."""
    return NOTHING if value is None else f"{value:.3f}".removeprefix("0") if value >= 0 else f"{value:.3f}"


def estimate(figure: Estimate | None) -> str:
    """Return a figure with its interval, or a dash."""
    return NOTHING if figure is None else f"{number(figure.value)} [{_short(figure.low)}, {_short(figure.high)}]"


def _difference(d: Difference) -> tuple[str, ...]:
    p = f"{d.p:.4f}{' *' if d.p < SIGNIFICANT else ''}"
    change = (f"{d.difference:+.3f}", f"{d.low:+.3f} to {d.high:+.3f}")
    return d.measure, number(d.before), number(d.after), *change, p, str(d.questions)


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def _ms(value: float) -> str:
    return f"{value:.1f} ms"


def _figures(group: Group) -> tuple[str, ...]:
    return tuple(estimate(group.measures.get(name)) for name in _MEASURES)


def _overall(evaluation: Evaluation) -> Sheet:
    group = evaluation.groups["overall"][0]
    rows = tuple((name, estimate(figure), str(figure.questions)) for name, figure in group.measures.items())
    auroc = evaluation.silence.auroc
    rows += (("AUROC", estimate(auroc), str(auroc.questions) if auroc else "0"),)
    note = "95 % bootstrap intervals over questions. Measures are over the questions that the article answers."
    title = f"{evaluation.system} on {evaluation.split}, {group.questions} questions"
    return Sheet(title, ("measure", "value [95 %]", "questions"), rows, note)


def _measures(title: str, groups: Iterable[Group]) -> Sheet:
    measured = [g for g in groups if MARKED in g.measures]
    rows = tuple((g.name, str(g.measures[MARKED].questions), *_figures(g)) for g in measured)
    return Sheet(title, ("", "questions", *_MEASURES), rows)


def _states(title: str, groups: Iterable[Group]) -> Sheet:
    rows = (
        (f"{group.name}: {_ANSWERABLE[answerable]}", *_shares(states))
        for group in groups
        for answerable, states in group.states.items()
    )
    return Sheet(title, ("", "questions", "answered", "related", "not found"), tuple(rows))


def _negatives(kinds: Iterable[Group]) -> Sheet:
    rows = tuple((kind.name, *_shares(kind.states["no"])) for kind in kinds if "no" in kind.states)
    note = "“answered” is a false answer here."
    return Sheet("False answers by kind of negative", ("", "questions", "answered", "related", "not found"), rows, note)


def _shares(states: States) -> tuple[str, ...]:
    shares = (states.answered, states.related, states.not_found)
    return (str(states.answered.questions), *(estimate(share) for share in shares))


def _silence(evaluation: Evaluation) -> Sheet:
    silence = evaluation.silence
    claims = tuple((f"answerable claimed at {c.false_share:.0%} false claims", number(c.claimed)) for c in silence.claims)
    rows = (
        ("AUROC, answerable against unanswerable", estimate(silence.auroc)),
        ("AUROC, answerable in part against unanswerable", estimate(silence.auroc_partly)),
        *claims,
        ("area under the risk-coverage curve (less is better)", number(silence.aurc)),
        ("expected calibration error (less is better)", number(silence.calibration_error)),
    )
    note = "An answer is right when the question is answerable and the first three passages answer it."
    return Sheet("Confidence", ("", "value [95 %]"), rows, note)


def _latency(evaluations: Iterable[Evaluation]) -> Sheet:
    rows = tuple((e.system, _ms(e.latency.p50_ms), _ms(e.latency.p95_ms)) for e in evaluations)
    return Sheet("Latency", ("", "p50", "p95"), rows)
