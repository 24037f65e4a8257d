"""Joint readings of the reports: how far the nearest are from every claim, and which answers are likely."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure

from aestudy.figures import style
from aestudy.figures.data import Labels

SHOWN = 25
"""Readings of a report that are shown: those with the least worst distance; fewer where there are few claims."""
STEPS = (0, 0.25, 0.5, 1, 1.5, 2, 3)
"""Distances in tolerances that share a shade."""
ENDING = ":tolerances"


def readings(tables: Mapping[str, pd.DataFrame], label: Labels) -> Figure:
    """A heat map per report: the nearest readings by claims, shaded by the distance in tolerances.

    tables: readings, answers.
    """
    readings, answers = tables["readings"], tables["answers"]
    reports = list(dict.fromkeys(readings["report"]))
    shown = {report: _nearest(readings[readings["report"] == report]) for report in reports}
    heights = [len(rows) + 5 for rows in shown.values()]
    figure = Figure(figsize=(style.WIDTH, 0.17 * sum(heights) + 1.0), layout="constrained")
    grid = figure.subplots(len(reports), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, (report, rows) in zip(grid, shown.items(), strict=True):
        questions = list(dict.fromkeys(answers.loc[answers["report"] == report, "question"]))
        total = int((readings["report"] == report).sum())
        picture = _heat_map(axes, report, rows, questions, total)
    bar = figure.colorbar(picture, ax=list(grid), location="bottom", shrink=0.6, aspect=40, extend="max")
    bar.set_label("Distance in tolerances; at most 1 fits a number, 0 a direction")
    return figure


def _nearest(rows: pd.DataFrame) -> pd.DataFrame:
    """The nearest readings of a report, with the columns of its own claims."""
    rows = rows.dropna(axis="columns", how="all")
    claims = sum(name.endswith(ENDING) for name in rows)
    return rows.nsmallest(min(SHOWN, 6 * claims), "rank")


def _heat_map(axes: Axes, report: str, rows: pd.DataFrame, questions: list[str], total: int):
    columns = [name for name in rows if name.endswith(ENDING)]
    distances = rows[columns].to_numpy(float)
    picture = axes.imshow(distances, aspect="auto", cmap="Blues", norm=BoundaryNorm(STEPS, 256, extend="max"))
    for (y, x), distance in np.ndenumerate(distances):
        colour = "white" if distance >= 1.5 else "black"
        axes.text(x, y, f"{distance:.1f}" if distance else "·", ha="center", va="center", fontsize=5.5, color=colour)
    same = [name for name in questions if rows[name].nunique() == 1]
    labels = [
        ", ".join(str(row[name]) for name in questions if name not in same) + f"   ({row['worst']:.2f})"
        for _, row in rows.iterrows()
    ]
    axes.set_yticks(range(len(rows)), labels, fontsize=5.5)
    axes.set_xticks(range(len(columns)), [name.removesuffix(ENDING) for name in columns], rotation=40, fontsize=6.5)
    for label in axes.get_xticklabels():
        label.set(ha="right", rotation_mode="anchor")
    axes.grid(visible=False)
    common = f"; all: {', '.join(str(rows[name].iloc[0]) for name in same)}" if same else ""
    axes.set_title(f"Report {report}: the nearest of {total:,} readings{common}", loc="left", fontsize=7)
    return picture


def answers(tables: Mapping[str, pd.DataFrame], label: Labels) -> Figure:
    """Prior and posterior of every answer, question by question. tables: answers."""
    groups = list(tables["answers"].groupby(["report", "question"], sort=False))
    rows = sum(len(group) + 1.4 for _, group in groups)
    height = 0.165 * rows + 0.9
    figure = Figure(figsize=(style.WIDTH, height))
    axes = figure.add_axes((0.48, 0.5 / height, 0.49, 1 - 0.8 / height))
    place, ticks = 0.0, []
    for (report, _), group in groups:
        asked = f"{report}: {group['asked'].iloc[0]}"
        axes.text(-0.95, place, asked, va="center", fontsize=6.5, weight="bold", transform=axes.get_yaxis_transform())
        for row in group.itertuples():
            place += 1
            axes.barh(place, row.posterior, height=0.7, color=style.LOOKS[0]["color"], label="Posterior")
            axes.plot([row.prior, row.prior], [place - 0.42, place + 0.42], color="black", linewidth=1.5, label="Prior")
            axes.text(1.02, place, f"{row.posterior:.2f}", va="center", fontsize=6)
            ticks.append((place, row.meaning))
        place += 1.4
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks], fontsize=6)
    axes.set(ylim=(place - 0.6, -0.8), xlim=(0, 1.1), xlabel="Probability")
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles.keys(), loc="upper right", ncols=2)
    return figure
