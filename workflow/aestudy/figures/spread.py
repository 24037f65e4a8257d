"""How much replicates differ, model by model: the standard deviation of PSNR over replicates, with its interval."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import special

from aestudy.base.errors import UserError
from aestudy.figures import parts, style
from aestudy.figures.data import FigureData
from aestudy.scoring.tables import level_name_of, level_of

COLUMNS = {"psnr": "PSNR", "gain_input": "PSNR of clean minus noisy input"}


def spread(data: FigureData) -> Figure:
    """A panel per data set and input: each model's standard deviation over replicates in dB, with a 95 % interval.

    Under noise the difference between the clean and the noisy image as input stands beside the PSNR.
    """
    frame = data.metrics.assign(gain_input=data.metrics["psnr_clean_input"] - data.metrics["psnr"])
    if frame["replicate"].nunique() < 2:
        raise UserError("This figure shows how much replicates differ, and the study has one replicate. Give it more.")
    frame = frame.assign(level_name=level_name_of(frame), level=level_of(frame))
    groups = list(frame.groupby(["dataset", "noise", "level_name", "level"], sort=False))
    figure, all_axes = style.panels(len(groups), height=2.6, sharey=False)
    models = list(dict.fromkeys(run.model for run in data.runs))
    for axes, ((dataset, noise, level_name, level), rows) in zip(all_axes, groups, strict=True):
        shown = [name for name in COLUMNS if rows[name].notna().all()]
        for index, name in enumerate(shown):
            found = pd.DataFrame([deviation(rows.loc[rows["model"] == model, name]) for model in models])
            places = np.arange(len(models)) + (index - (len(shown) - 1) / 2) * 0.22
            look = style.look(index)
            reach = [found["value"] - found["low"], found["high"] - found["value"]]
            axes.errorbar(
                found["value"], places, xerr=reach, fmt=look["marker"], color=look["color"], label=COLUMNS[name]
            )
        axes.set_yticks(range(len(models)), [data.label("model", model) for model in models])
        axes.set(ylim=(len(models) - 0.5, -0.5), xlabel="Standard deviation over replicates (dB)")
        axes.set_xlim(left=0)
        axes.grid(axis="x", visible=True)
        under = (
            "clean" if noise == "none" else f"{data.label('noise', noise)}, {data.label.strength(level_name, level)}"
        )
        axes.set_title(f"{data.label('dataset', dataset)}, {under}")
    for axes in all_axes[1:]:
        axes.set_yticklabels([])
    parts.legend(figure, parts.footnote("bars: 95 % interval (chi-squared)", data.stand_in_note("mnist", "fmnist")))
    return figure


def deviation(values: pd.Series) -> dict[str, float]:
    """Standard deviation of values and the ends of its 95 % interval, for normally distributed values."""
    degrees = len(values) - 1
    found = float(values.std(ddof=1))
    low, high = (found * np.sqrt(degrees / special.chdtri(degrees, above)) for above in (0.025, 0.975))
    return {"value": found, "low": float(low), "high": float(high)}
