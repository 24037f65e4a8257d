"""Networks on test sets that they were not trained for, as a heat map."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from aestudy.base.columns import TEST
from aestudy.figures import parts, style
from aestudy.figures.data import Labels
from aestudy.scoring.tables import level_name_of, level_of

CONDITION = ["dataset", "noise", "level_name", "level"]
RUN = ["dataset", "model", "latent", "l1", *CONDITION[1:]]
TESTED = [TEST + key for key in CONDITION]
WIDEST = 12.0
"""Gain in dB at which the colours end."""


def transfer(tables: Mapping[str, pd.DataFrame], label: Labels) -> Figure:
    """Gain over the noisy input in dB (mean over replicates): trained on, from top to bottom; tested on, across.

    On clean images, where there is no gain, the PSNR stands in brackets. tables: transfer.
    """
    table = tables["transfer"]
    for prefix in ("", TEST):
        named = {f"{prefix}level_name": level_name_of(table, prefix), f"{prefix}level": level_of(table, prefix)}
        table = table.assign(**named)
    means = table.groupby([*RUN, *TESTED], sort=False)[["psnr", "psnr_noisy"]].mean().reset_index()
    trained = list(dict.fromkeys(means[RUN].itertuples(index=False, name=None)))
    tested = sorted(set(means[TESTED].itertuples(index=False, name=None)))
    gain, psnr = (np.full((len(trained), len(tested)), np.nan) for _ in range(2))
    for row in means.itertuples():
        place = trained.index(tuple(getattr(row, key) for key in RUN))
        place = place, tested.index(tuple(getattr(row, key) for key in TESTED))
        gain[place], psnr[place] = row.psnr - row.psnr_noisy, row.psnr
    height = 0.2 * len(trained) + 2.2
    figure = Figure(figsize=(style.WIDTH, height), layout="constrained")
    axes = figure.subplots()
    picture = axes.imshow(gain, aspect="auto", cmap="PuOr", vmin=-WIDEST, vmax=WIDEST)
    for (y, x), value in np.ndenumerate(psnr):
        if not np.isnan(value):
            text = f"({value:.1f})" if np.isnan(gain[y, x]) else f"{gain[y, x]:+.1f}".replace("-", "\u2212")
            colour = "white" if abs(np.nan_to_num(gain[y, x])) > 0.7 * WIDEST else "black"
            axes.text(x, y, text, ha="center", va="center", fontsize=6, color=colour)
    several = {key for place, key in enumerate(RUN) if len({run[place] for run in trained}) > 1}
    axes.set_yticks(range(len(trained)), [_trained(run, several, label) for run in trained], fontsize=6.5)
    axes.set_xticks(range(len(tested)), [_tested(test, label) for test in tested], fontsize=6.5, rotation=40)
    for tick in axes.get_xticklabels():
        tick.set(ha="right", rotation_mode="anchor")
    axes.set(xlabel="Tested on", ylabel="Trained on")
    axes.grid(visible=False)
    bar = figure.colorbar(picture, ax=axes, location="top", shrink=0.5, aspect=40)
    bar.set_label("Gain over the noisy input (dB)")
    note = parts.footnote("in brackets: PSNR (dB) on clean images", "inputs are not rescaled")
    figure.supxlabel(note, x=0.995, ha="right", **parts.NOTE)
    return figure


def _trained(run: tuple, several: set[str], label: Labels) -> str:
    keys = dict(zip(RUN, run, strict=True))
    words = [label("dataset", keys["dataset"])]
    words += [label("model", keys["model"])] if "model" in several else []
    words += [f"k = {keys['latent']:g}"] if "latent" in several else []
    words += [f"λ = {keys['l1']:g}"] if "l1" in several else []
    return ", ".join([*words, _noise(*run[-3:], label)])


def _tested(test: tuple, label: Labels) -> str:
    dataset, *noise = test
    return f"{label('dataset', dataset)}, {_noise(*noise, label)}"


def _noise(noise: str, level_name: str, level: float, label: Labels) -> str:
    return "clean" if noise == "none" else f"{label('noise', noise)}, {label.strength(level_name, level)}"
