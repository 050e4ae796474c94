"""Draw the confidence's two plots as SVG that takes its colours from the page, in light and in dark."""

import re
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from index.evaluation.figures import Bin, Silence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _ACCENT, _FAINT = "#010203", "#040506", "#070809"
_PAGE_COLOURS = {_INK: "currentColor", _ACCENT: "var(--accent)", _FAINT: "var(--faint)"}
_ID = re.compile(r'(\bid="|url\(#|href="#)')


def risk_coverage_plot(silence: Silence) -> str:
    """Return the share of wrong answers against the share of questions answered, as SVG."""

    def draw(axes: "Axes") -> None:
        axes.step([c for c, _ in silence.curve], [r for _, r in silence.curve], color=_ACCENT, where="post")
        axes.set_xlabel("coverage: share of questions answered")
        axes.set_ylabel("risk: share of those wrong")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, max(0.1, *(r for _, r in silence.curve)) * 1.05)

    return _svg(draw, "risk", "Risk-coverage curve")


def reliability_plot(silence: Silence) -> str:
    """Return how often answers were right against how sure they were, with bars for the questions, as SVG."""

    def draw(axes: "Axes") -> None:
        _bars(axes, silence.bins)
        filled = [(b.confidence, b.right) for b in silence.bins if b.confidence is not None and b.right is not None]
        axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle="dashed")
        axes.plot([c for c, _ in filled], [r for _, r in filled], color=_ACCENT, marker="o")
        axes.set_xlabel("confidence")
        axes.set_ylabel("share right")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.02)

    return _svg(draw, "reliability", "Reliability diagram")


def _bars(axes: "Axes", bins: tuple[Bin, ...]) -> None:
    total = sum(b.questions for b in bins)
    heights = [b.questions / total for b in bins]
    middles = [(b.low + b.high) / 2 for b in bins]
    axes.bar(middles, heights, width=0.09, color=_FAINT, linewidth=0)


def _svg(draw: Callable[["Axes"], None], name: str, label: str) -> str:
    """Return a drawing as an SVG element whose ids begin with `name`, so that two can stand in one page."""
    import matplotlib
    from matplotlib.figure import Figure

    look: Any = {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif", "font.size": 9}
    ink = {f"{part}color": _INK for part in ("text.", "xtick.", "ytick.", "axes.edge", "axes.label")}
    with matplotlib.rc_context(look | ink):
        figure = Figure(figsize=(4.6, 3.4), layout="constrained")
        figure.patch.set_visible(False)
        axes = figure.add_subplot()
        axes.patch.set_visible(False)
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _for_page(buffer.getvalue(), name, label)


def _for_page(svg: str, name: str, label: str) -> str:
    element = svg[svg.index("<svg") :]
    for drawn, shown in _PAGE_COLOURS.items():
        element = element.replace(drawn, shown)
    element = _ID.sub(rf"\g<1>{name}-", element)
    return element.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
