"""All claims in one picture: how far each is from what was published, in tolerances, with its verdict."""

import re
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from aestudy.figures import parts, style
from aestudy.figures.data import Labels

LOOKS = {
    "reproduced": {"color": "#009E73", "marker": "o"},
    "direction only": {"color": "#56B4E9", "marker": "^"},
    "inconclusive": {"color": "#E69F00", "marker": "D"},
    "not reproduced": {"color": "#D55E00", "marker": "s"},
    "contradicted": {"color": "#7A0019", "marker": "X"},
}
"""Colour and marker of each verdict; the marker tells them apart in grey."""
LINEAR = 3
"""Distances up to so many tolerances are drawn to scale, larger ones on a logarithmic axis."""
TICKS = (-100, -30, -10, -3, -1, 0, 1, 3, 10, 30, 100)


def verdicts(tables: Mapping[str, pd.DataFrame], label: Labels) -> Figure:
    """Two panels: claims on a number or on no effect, and claims on a sign; untestable ones are left out.

    tables: claims, certainty.
    """
    claims, certainty = tables["claims"], tables["certainty"]
    tested = claims[claims["verdict"] != "not testable"].reset_index(drop=True)
    sign = tested["expected"].astype(str).str.match(r"[<>]")
    groups = [("Published number, or no effect", tested[~sign]), ("Published direction", tested[sign])]
    groups = [(title, rows) for title, rows in groups if len(rows)]
    if not groups:
        figure = Figure(figsize=(style.WIDTH, 0.8))
        figure.text(0.5, 0.5, "No claim could be tested.", ha="center", va="center")
        return figure
    heights = [len(rows) + 1.2 for _, rows in groups]
    figure = Figure(figsize=(style.WIDTH, 0.19 * sum(heights) + 1.3), layout="constrained")
    grid = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, (title, rows) in zip(grid, groups, strict=True):
        _panel(axes, title, rows, certainty)
    present = [verdict for verdict in LOOKS if verdict in set(tested["verdict"])]
    handles = [Line2D([], [], linestyle="none", markersize=6, **LOOKS[verdict]) for verdict in present]
    counts = tested["verdict"].value_counts()
    labels = [f"{verdict} ({counts[verdict]})" for verdict in present]
    figure.legend(handles, labels, loc="outside upper center", ncols=3, columnspacing=1.6)
    note = "Bars: 95 % interval over replicates. Hollow: written after results had been seen. Dots: parts of a claim."
    figure.supxlabel(note, x=0.995, ha="right", **parts.NOTE)
    return figure


def _panel(axes: Axes, title: str, rows: pd.DataFrame, certainty: pd.DataFrame) -> None:
    signs = title != "Published number, or no effect"
    for place, row in enumerate(rows.itertuples()):
        bound, direction = _read(row.expected)
        distance = _Distance(bound, direction, row.tolerance if signs else 0.0, row.scale)
        look = LOOKS[row.verdict]
        for observed in certainty.loc[certainty["id"] == row.id, "observed"]:
            axes.plot(distance(observed), place, ".", color=look["color"], markersize=2.5, alpha=0.6, zorder=2)
        if not pd.isna(row.ci_low):
            axes.plot([distance(row.ci_low), distance(row.ci_high)], [place, place], color=look["color"], linewidth=1.6)
        hollow = {"markerfacecolor": "white"} if row.exploratory == "yes" else {}
        axes.plot(distance(row.observed), place, markersize=6.5, zorder=3, **look, **hollow)
    axes.set_yticks(range(len(rows)), [_label(row) for row in rows.itertuples()], fontsize=6.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    axes.set_title(title, loc="left")
    _scale(axes)
    if signs:
        axes.axvspan(0, axes.get_xlim()[1], color="#EEEEEE", zorder=0)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_xlabel("Distance from the bound, in tolerances or the claim's scale; in the grey area it holds")
    else:
        axes.axvspan(-1, 1, color="#EEEEEE", zorder=0)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_xlabel("Found minus published, in tolerances; in the grey area it holds")


class _Distance:
    """Values of a claim's quantity as distances in tolerances; positive is the claimed side of a sign."""

    def __init__(self, bound: float, direction: int, ties: float, scale: float):
        self._zero, self._direction, self._scale = bound - direction * ties, direction, scale

    def __call__(self, value: float) -> float:
        return self._direction * (value - self._zero) / self._scale


def _read(expected: str) -> tuple[float, int]:
    """Number or bound, and the claimed side: -1 for below, 1 for above and for numbers."""
    relation, number = re.match(r"([<>~]?=?)\s*(.*)", str(expected)).groups()
    return float(number), -1 if relation.startswith("<") else 1


def _scale(axes: Axes) -> None:
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=1.5)
    low, high = axes.dataLim.intervalx
    low, high = min(low * 1.3, -1.6), max(high * 1.3, 1.6)
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= high]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+g}".replace("-", "\u2212") if value else "0")
    axes.xaxis.set_minor_locator(NullLocator())


def _label(row) -> str:
    unit = f" {row.unit}" if isinstance(row.unit, str) and row.unit and len(row.unit) < 4 else ""
    found = f"{row.observed:.3g}".replace("-", "\u2212")
    expected = str(row.expected).replace("-", "\u2212")
    return f"{row.id}   {found}{unit} / {expected}"
