"""Drawings that are curves: PSNR against latent size, penalty and noise, and losses against epochs."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aestudy.base.errors import UserError
from aestudy.figures import parts, style
from aestudy.figures.data import FigureData, rows_of

REPORTED = ("mnist", "fmnist")
NOT_CLASSICAL = {"mean_image", "noisy_input", "pca", "affine"}
"""Baselines that are no classical denoisers."""


def latent_sizes(data: FigureData) -> Figure:
    """PSNR against latent size, a panel per data set and a line per model."""
    figure, all_axes = style.panels(len(data.datasets))
    beaten = []
    for axes, dataset in zip(all_axes, data.datasets, strict=True):
        ours = _of(data.metrics, dataset=dataset)
        pca = _of(data.baselines, dataset=dataset, baseline="pca").groupby("latent")["psnr"].max()
        pca = pca[pca.index.isin(ours["latent"])]
        for index, (label, line) in enumerate(parts.series(data, ours, "latent", always="model")):
            parts.spread_line(axes, line, "latent", "psnr", label, style.look(index))
            if ahead := parts.ahead(pca, line.groupby("latent")["psnr"].mean()):
                beaten.append(f"{label} on {data.label('dataset', dataset)} at k = {_listed(ahead)}")
        axes.plot(pca.index, pca, label="PCA of the same size", **style.REFERENCE)
        parts.published(axes, data.published_at("psnr", "latent", dataset))
        axes.set(title=data.label("dataset", dataset), xlabel="Latent size (units)")
        parts.value_axis(axes, parts.plain(ours["latent"]))
    parts.psnr_axis(all_axes[0])
    parts.legend(figure, _note(data, f"PCA is better than {'; '.join(beaten)}" if beaten else ""))
    return figure


def penalties(data: FigureData) -> Figure:
    """Mean latent value, sparsity and PSNR against the weight of the L1 penalty."""
    figure, (mean, sparsity, psnr) = style.panels(3, height=2.7, sharey=False)
    for axes, column in ((mean, "latent_mean"), (sparsity, "sparsity"), (psnr, "psnr")):
        for index, (label, line) in enumerate(parts.series(data, data.metrics, "l1", always="dataset")):
            parts.spread_line(axes, line, "l1", column, label, style.look(index))
        axes.set_xlabel("L1 weight λ")
        parts.penalty_axis(axes, data.metrics["l1"])
    # A penalty that leaves nothing of the latent brings the PSNR down to that of one image for every input.
    for dataset in data.datasets:
        mean_image = _of(data.baselines, dataset=dataset, baseline="mean_image")["psnr"].max()
        psnr.axhline(mean_image, label="Training-mean image", **style.REFERENCE)
        parts.published(psnr, data.published_at("psnr", "l1", dataset))
    mean.set_ylabel("Mean latent value (magnitude)")
    threshold = "" if data.sparsity_threshold is None else f" (share below {data.sparsity_threshold:g})"
    sparsity.set(ylabel=f"Sparsity of the latent{threshold}", ylim=(-0.03, 1.03))
    parts.psnr_axis(psnr)
    parts.legend(figure, _note(data))
    return figure


def noise_levels(data: FigureData) -> Figure:
    """PSNR of noisy and of denoised images against the level of the noise, a panel per data set and noise."""
    conditions = list(
        dict.fromkeys((run.dataset, run.noise, run.level_name) for run in data.runs if run.noise != "none")
    )
    if not conditions:
        raise UserError(
            "This figure compares noisy with denoised images, but its experiment has no noise. Give it one."
        )
    beaten = []
    several_noises = len({noise for _, noise, _ in conditions}) > 1
    figure, all_axes = style.panels(len(conditions), height=3.2)
    for axes, (dataset, noise, level) in zip(all_axes, conditions, strict=True):
        ours = _of(data.metrics, dataset=dataset, noise=noise)
        rivals = _of(data.baselines, dataset=dataset, noise=noise)
        lines = list(parts.series(data, ours, level))
        for index, (label, line) in enumerate(lines):
            name = f"Denoised, {label}" if label else "Denoised"
            parts.spread_line(axes, line, level, "psnr", name, style.look(index))
        noisy = ours.groupby(level)["psnr_noisy"].mean()
        axes.plot(noisy.index, noisy, label="Noisy", **style.INPUT)
        affine = _of(rivals, baseline="affine").groupby(level)["psnr"].max()
        axes.plot(affine.index, affine, label="Affine least squares", **style.REFERENCE)
        classical = rivals[~rivals["baseline"].isin(NOT_CLASSICAL)].groupby(level)["psnr"].max()
        axes.plot(classical.index, classical, label="Best classical denoiser", **style.SECOND_REFERENCE)
        if ahead := parts.ahead(classical, ours.groupby(level)["psnr"].mean()):
            beaten.append(f"{data.label('dataset', dataset)} at {data.label('symbol', level)} = {_listed(ahead)}")
        gains = data.published_at("gain_db", level, dataset)
        stars = {value: noisy[value] + gain for value, gain in gains.items() if value in noisy.index}
        parts.published(axes, stars, "Report: noisy + its gain")
        title = data.label("dataset", dataset) + (f", {data.label('noise', noise)}" if several_noises else "")
        axes.set(title=title, xlabel=data.label("level", level))
        ticks = parts.plain(noisy.index)
        if len(lines) == 1:
            gains = ours.groupby(level)["gain_db"].mean()
            axes.vlines(noisy.index, noisy, noisy + gains, color="#999999", linewidth=0.6, zorder=1)
            axes.set_xlabel(f"{data.label('level', level)} and gain by denoising (dB)")
            ticks = {value: f"{label}\n{gains[value]:+.1f}".replace("-", "−") for value, label in ticks.items()}
        parts.value_axis(axes, ticks)
    parts.psnr_axis(all_axes[0])
    told = f"the best classical denoiser is better than the network on {'; '.join(beaten)}" if beaten else ""
    parts.legend(figure, _note(data, told))
    return figure


def losses(data: FigureData) -> Figure:
    """Training and validation loss against epoch."""
    figure, (axes,) = style.panels(1, height=2.9)
    history = rows_of(data.history, data.runs[0])
    source = {"test": "test images", "train": "split off the training images"}
    validation = " and ".join(source.get(name, name) for name in history["validation_source"].unique())
    lines = {"train_loss": "Training", "validation_loss": f"Validation ({validation})"}
    for index, (column, label) in enumerate(lines.items()):
        values = parts.summary(history, "epoch", column)
        look = style.look(index)
        axes.plot(values.index, values["mean"], label=label, **look)
        if history["replicate"].nunique() > 1:
            axes.fill_between(values.index, values["low"], values["high"], color=look["color"], alpha=0.2, linewidth=0)
    axes.set(xlabel="Epoch", ylabel="BCE loss (nats per pixel)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    spread = "Bands: 95 % interval over replicates" if history["replicate"].nunique() > 1 else ""
    parts.legend(figure, parts.footnote(spread, data.stand_in_note("mnist")))
    return figure


def _of(frame: pd.DataFrame, **values) -> pd.DataFrame:
    """The rows whose columns have the given values."""
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _note(data: FigureData, *told: str) -> str:
    spread = parts.SPREAD if data.metrics["replicate"].nunique() > 1 else ""
    return parts.footnote(spread, *told, data.stand_in_note(*REPORTED))
