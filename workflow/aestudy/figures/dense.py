"""Figures of the dense report: latent size, L1 penalty, denoising."""

import pandas as pd
from matplotlib.figure import Figure

from aestudy.errors import UserError
from aestudy.figures import parts, style
from aestudy.figures.data import FigureData, rows_of

# What the report states (A. Sanchez Zurita, S. Prieto Nunez, J. Barcenilla Gonzalez: "Deep Autoencoders for Image
# Reconstruction and Denoising", 2025, section 2.1). All of it approximate, as the report says itself.
PUBLISHED_PSNR_AT_LATENT = {"mnist": {15: 20.0, 100: 27.0}}  # dB; "nearly 27"; the depth is not stated
PUBLISHED_PSNR_AT_L1 = {(0.0, 0.01): 25.0, (0.1, 1.0): 22.0}  # range of lambda -> dB; the data set is not stated
PUBLISHED_GAIN = {"mnist": {0.2: 1.0}, "fmnist": {0.2: -1.2}}  # variance -> dB over the noisy image
REPORTED = ("mnist", "fmnist")

# Rungs of the baselines that are no classical denoisers.
NOT_CLASSICAL = {"mean_image", "noisy_input", "pca", "affine"}


def reconstructions(data: FigureData) -> Figure:
    """Figure 2.1, top: test images and their reconstructions, one row per latent size."""
    runs = sorted(data.examples, key=lambda run: run.latent or 0)
    rows = [rows_of(data.metrics, run) for run in runs]
    return parts.image_rows(
        [data.examples[runs[0]][0], *(data.examples[run][2] for run in runs)],
        ["Original", *(f"Latent {row['latent'].iloc[0]}\n{row['psnr'].mean():.1f} dB" for row in rows)],
        title=f"{data.label(runs[0].dataset)}, {data.label(runs[0].model)}",
        note=parts.footnote(data.stand_in_note("fmnist")),
    )


def latent_sizes(data: FigureData) -> Figure:
    """Figure 2.1, bottom: PSNR against latent size, a panel per data set and a line per model."""
    figure, all_axes = style.panels(len(data.datasets))
    for axes, dataset in zip(all_axes, data.datasets, strict=True):
        ours = _of(data.metrics, dataset=dataset)
        for index, (label, line) in enumerate(parts.series(data, ours, "latent", always="model")):
            parts.spread_line(axes, line, "latent", "psnr", label, style.look(index))
        pca = _of(data.baselines, dataset=dataset, rung="pca").groupby("latent")["psnr"].max()
        pca = pca[pca.index.isin(ours["latent"])]
        axes.plot(pca.index, pca, label="PCA of the same size", **style.REFERENCE)
        published = PUBLISHED_PSNR_AT_LATENT.get(dataset, {})
        if published:
            axes.plot(published.keys(), published.values(), label="Report (depth not stated)", **style.PUBLISHED)
        axes.set(title=data.label(dataset), xlabel="Latent size (units)")
        parts.value_axis(axes, parts.plain(ours["latent"]))
    parts.psnr_axis(all_axes[0])
    parts.legend(figure, _note(data))
    return figure


def penalties(data: FigureData) -> Figure:
    """Figure 2.2: mean latent value, sparsity and PSNR against the weight of the L1 penalty."""
    figure, (mean, sparsity, psnr) = style.panels(3, height=2.7, sharey=False)
    for axes, column in ((mean, "latent_mean"), (sparsity, "sparsity"), (psnr, "psnr")):
        for index, (label, line) in enumerate(parts.series(data, data.metrics, "l1", always="dataset")):
            parts.spread_line(axes, line, "l1", column, label, style.look(index))
        axes.set_xlabel("L1 weight λ")
        parts.penalty_axis(axes, data.metrics["l1"])
    if set(REPORTED) & set(data.datasets):
        for span, level in PUBLISHED_PSNR_AT_L1.items():
            psnr.plot(span, [level, level], label="Report (data set not stated)", **style.PUBLISHED_RANGE)
    mean.set_ylabel("Mean latent value (magnitude)")
    sparsity.set(ylabel="Sparsity (share of units)", ylim=(-0.03, 1.03))
    parts.psnr_axis(psnr)
    parts.legend(figure, _note(data))
    return figure


def denoised_images(data: FigureData) -> Figure:
    """Figure 2.3, top: noisy, denoised and clean test images under the highest noise."""
    (run,) = data.examples
    clean, noisy, denoised = data.examples[run]
    scores = rows_of(data.metrics, run).mean(numeric_only=True)
    return parts.image_rows(
        [noisy, denoised, clean],
        [f"Noisy\n{scores['psnr_noisy']:.1f} dB", f"Denoised\n{scores['psnr']:.1f} dB", "Clean"],
        title=f"{data.label(run.dataset)}, {data.label(run.model)}, {data.label(run.noise)} noise, "
        f"σ² = {run.variance:g}",
        note=parts.footnote(data.stand_in_note("fmnist")),
    )


def noise_levels(data: FigureData) -> Figure:
    """Figure 2.3, bottom: PSNR of noisy and of denoised images against the variance of the noise."""
    conditions = list(dict.fromkeys((run.dataset, run.noise) for run in data.runs if run.noise != "none"))
    if not conditions:
        raise UserError("Figure 2.3 compares noisy with denoised images, but its experiment has no noise. Give it one.")
    several_noises = len({noise for _, noise in conditions}) > 1
    figure, all_axes = style.panels(len(conditions), height=3.2)
    for axes, (dataset, noise) in zip(all_axes, conditions, strict=True):
        ours = _of(data.metrics, dataset=dataset, noise=noise)
        rivals = _of(data.baselines, dataset=dataset, noise=noise)
        lines = list(parts.series(data, ours, "variance"))
        for index, (label, line) in enumerate(lines):
            name = f"Denoised, {label}" if label else "Denoised"
            parts.spread_line(axes, line, "variance", "psnr", name, style.look(index))
        noisy = ours.groupby("variance")["psnr_noisy"].mean()
        axes.plot(noisy.index, noisy, label="Noisy", **style.INPUT)
        affine = _of(rivals, rung="affine").groupby("variance")["psnr"].max()
        axes.plot(affine.index, affine, label="Affine least squares", **style.REFERENCE)
        classical = rivals[~rivals["rung"].isin(NOT_CLASSICAL)].groupby("variance")["psnr"].max()
        axes.plot(classical.index, classical, label="Best classical denoiser", **style.SECOND_REFERENCE)
        published = {
            variance: gain for variance, gain in PUBLISHED_GAIN.get(dataset, {}).items() if variance in noisy.index
        }
        if published and noise == "gaussian":
            levels = [noisy[variance] + gain for variance, gain in published.items()]
            axes.plot(published.keys(), levels, label="Report: noisy + its gain", **style.PUBLISHED)
        title = data.label(dataset) + (f", {data.label(noise)}" if several_noises else "")
        axes.set(title=title, xlabel="Variance of the noise σ²")
        ticks = parts.plain(noisy.index)
        if len(lines) == 1:
            gains = ours.groupby("variance")["gain_db"].mean()
            axes.vlines(noisy.index, noisy, noisy + gains, color="#999999", linewidth=0.6, zorder=1)
            axes.set_xlabel("Variance of the noise σ² and gain by denoising (dB)")
            ticks = {
                variance: f"{label}\n{gains[variance]:+.1f}".replace("-", "−") for variance, label in ticks.items()
            }
        parts.value_axis(axes, ticks)
    parts.psnr_axis(all_axes[0])
    parts.legend(figure, _note(data))
    return figure


def _of(frame: pd.DataFrame, **values) -> pd.DataFrame:
    """The rows whose columns have the given values."""
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame


def _note(data: FigureData) -> str:
    spread = parts.SPREAD if data.metrics["replicate"].nunique() > 1 else ""
    return parts.footnote(spread, data.stand_in_note(*REPORTED))
