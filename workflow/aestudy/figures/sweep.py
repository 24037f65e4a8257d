"""The figure of any experiment: PSNR against the first quantity that it varies."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aestudy.figures import parts, style
from aestudy.figures.data import FigureData

# Quantities that a run can vary beside its data set and model, in the order in which they are looked for.
AXES = {
    "latent": "Latent size (units)",
    "l1": "L1 weight λ",
    "variance": "Variance of the noise σ²",
    "noise": "Noise",
}


def sweep(data: FigureData) -> Figure:
    """PSNR against the first varying axis: a panel per data set, a line per model and value of any further axis.

    An axis varies if some model takes several values of it on one data set; if none does, models stand side by side.
    """
    varying = (key for key in AXES if data.metrics.groupby(["dataset", "model"])[key].nunique().max() > 1)
    axis = next(varying, "model")
    figure, all_axes = style.panels(len(data.datasets))
    for axes, dataset in zip(all_axes, data.datasets, strict=True):
        frame = data.metrics[data.metrics["dataset"] == dataset]
        categories = list(dict.fromkeys(frame[axis])) if axis in ("noise", "model") else []
        if categories:
            frame = frame.assign(**{axis: frame[axis].map(categories.index)})
        unjoined = {"linestyle": "none"} if categories else {}
        _noisy_line(axes, frame, axis, style.INPUT | unjoined)
        lines = [("Output", frame)] if axis == "model" else parts.series(data, frame, axis, always="model")
        for index, (label, line) in enumerate(lines):
            parts.spread_line(axes, line, axis, "psnr", label, style.look(index) | unjoined)
        axes.set(title=data.label("dataset", dataset), xlabel=AXES.get(axis, "Model"))
        if categories:
            axes.set_xticks(range(len(categories)), [data.label(axis, name) for name in categories])
            axes.margins(x=0.2)
        elif axis == "l1":
            parts.penalty_axis(axes, frame[axis])
        else:
            parts.value_axis(axes, parts.plain(frame[axis]))
    parts.psnr_axis(all_axes[0])
    spread = parts.SPREAD if data.metrics["replicate"].nunique() > 1 else ""
    parts.legend(figure, parts.footnote(spread, data.stand_in_note("mnist", "fmnist")))
    return figure


def _noisy_line(axes: Axes, frame: pd.DataFrame, axis: str, look: dict) -> None:
    """PSNR of the noisy input as a reference, where it follows from the value on the axis."""
    noisy = frame.dropna(subset="psnr_noisy")
    if not noisy.empty and (noisy.groupby(axis)[["noise", "variance"]].nunique() <= 1).all(axis=None):
        values = noisy.groupby(axis)["psnr_noisy"].mean()
        axes.plot(values.index, values, label="Noisy input", **look)
