"""What each protocol makes of each published number: a panel per number, a row per protocol."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aestudy.claims.protocols import BASE, YES
from aestudy.figures import parts, style

ROW, HEAD = 0.165, 0.62  # inches that a row takes, and what stands around the rows of a panel
INSIDE, OUTSIDE = style.LOOKS[0], style.LOOKS[1]


def draw(table: pd.DataFrame) -> Figure:
    """Dot and 95 % interval per protocol, with the published value and its tolerance. table: tables/sensitivity.csv."""
    panels = list(table.groupby("claim", sort=False))
    rows = [len(part) for _, part in panels]
    figure = Figure(figsize=(style.WIDTH, sum(ROW * count + HEAD for count in rows) + 0.4), layout="constrained")
    all_axes = figure.subplots(len(panels), height_ratios=[ROW * count + HEAD for count in rows], squeeze=False)
    for axes, (claim, part) in zip(all_axes.flat, panels, strict=True):
        _panel(axes, claim, part)
    parts.legend(figure, parts.footnote("Bars: 95 % intervals"))
    return figure


def _panel(axes: Axes, claim: str, part: pd.DataFrame) -> None:
    published, tolerance, unit = part["published"].iloc[0], part["tolerance"].iloc[0], part["unit"].iloc[0]
    axes.axvspan(published - tolerance, published + tolerance, color="#E8E8E8", zorder=0, label="Published ± tolerance")
    axes.axvline(published, color="black", linewidth=0.9, zorder=1)
    base = part.loc[part["protocol"] == BASE, "observed"].iloc[0]
    axes.axvline(base, label="Base protocol", **style.REFERENCE)
    places = range(len(part))
    for place, row in zip(places, part.itertuples(), strict=True):
        inside = row.within == YES
        look = INSIDE if inside else OUTSIDE
        reach = [[row.observed - row.ci_low], [row.ci_high - row.observed]] if pd.notna(row.ci_low) else None
        axes.errorbar(
            row.observed,
            place,
            xerr=reach,
            label="Within the tolerance" if inside else "Outside",
            **{"color": look["color"], "marker": look["marker"], "linestyle": "none", "capsize": 2, "elinewidth": 0.9},
        )
    axes.set_yticks(places, [_name(row) for row in part.itertuples()])
    axes.set(ylim=(len(part) - 0.4, -0.6), title=claim, xlabel=f"{_quantity(unit)}, published {published:g}")
    axes.grid(visible=True, axis="x")


def _name(row) -> str:
    return "base protocol" if row.protocol == BASE else row.change


def _quantity(unit) -> str:
    return "SSIM" if pd.isna(unit) or not unit else str(unit)
