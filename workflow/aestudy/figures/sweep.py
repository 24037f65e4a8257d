"""The figure of any experiment: PSNR against the first quantity that it varies."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aestudy.base.columns import level_columns
from aestudy.figures import parts, style
from aestudy.figures.data import FigureData

WIDTH = 10
"""Characters in a line of a name below the axis: names of several words would run into each other."""


def sweep(data: FigureData) -> Figure:
    """PSNR against the first varying axis: a panel per data set, a line per model and value of any further axis.

    An axis varies if some model takes several values of it on one data set; if none does, models stand side by side.
    Levels of noise that are no variances have panels of their own beside those of the variance.
    """
    axes_found = _axes(data)
    figure, all_axes = style.panels(len(data.datasets) * len(axes_found))
    places = [(dataset, axis) for dataset in data.datasets for axis in axes_found]
    for axes, (dataset, axis) in zip(all_axes, places, strict=True):
        frame = data.metrics[data.metrics["dataset"] == dataset]
        _panel(axes, data, frame[frame[axis].notna()], axis)
        axes.set(title=data.label("dataset", dataset), xlabel=_title(data, axis))
    parts.psnr_axis(all_axes[0])
    spread = parts.SPREAD if data.metrics["replicate"].nunique() > 1 else ""
    parts.legend(figure, parts.footnote(spread, data.stand_in_note("mnist", "fmnist")))
    return figure


def _axes(data: FigureData) -> list[str]:
    """The columns that panels run along: the first quantity that varies, in the order in which they are looked for."""

    def varies(key: str) -> bool:
        return data.metrics.groupby(["dataset", "model"])[key].nunique().max() > 1

    for candidates in (["latent"], ["l1"], data.level_names, ["noise"]):
        if found := [key for key in candidates if varies(key)]:
            return found
    return ["model"]


def _title(data: FigureData, axis: str) -> str:
    named = {"latent": "Latent size (units)", "l1": "L1 weight λ", "noise": "Noise", "model": "Model"}
    return named.get(axis) or data.label("level", axis)


def _panel(axes: Axes, data: FigureData, frame: pd.DataFrame, axis: str) -> None:
    """The lines of one panel along a column of the table."""
    categories = list(dict.fromkeys(frame[axis])) if axis in ("noise", "model") else []
    if categories:
        frame = frame.assign(**{axis: frame[axis].map(categories.index)})
    unjoined = {"linestyle": "none"} if categories else {}
    _noisy_line(axes, frame, axis, style.INPUT | unjoined)
    lines = [("Output", frame)] if axis == "model" else parts.series(data, frame, axis, always="model")
    for index, (label, line) in enumerate(lines):
        parts.spread_line(axes, line, axis, "psnr", label, style.look(index) | unjoined)
    if categories:
        names = [textwrap.fill(data.label(axis, name), WIDTH, break_long_words=False) for name in categories]
        axes.set_xticks(range(len(categories)), names)
        axes.margins(x=0.2)
    elif axis == "l1":
        parts.penalty_axis(axes, frame[axis])
    else:
        parts.value_axis(axes, parts.plain(frame[axis]))


def _noisy_line(axes: Axes, frame: pd.DataFrame, axis: str, look: dict) -> None:
    """PSNR of the noisy input as a reference, where it follows from the value on the axis."""
    noisy = frame.dropna(subset="psnr_noisy")
    keys = ["noise", *level_columns(noisy)]
    if not noisy.empty and (noisy.groupby(axis)[keys].nunique() <= 1).all(axis=None):
        values = noisy.groupby(axis)["psnr_noisy"].mean()
        axes.plot(values.index, values, label="Noisy input", **look)
