"""Drawings that are rows of test images: reconstructions, and images before and after denoising."""

import numpy as np
from matplotlib.figure import Figure

from aestudy.figures import parts
from aestudy.figures.data import FigureData, rows_of
from aestudy.scoring.scores import psnr


def reconstructions(data: FigureData) -> Figure:
    """Test images and their reconstructions, one row per model and latent size, by the first replicate."""
    models = list(dict.fromkeys(run.model for run in data.examples))
    runs = sorted(data.examples, key=lambda run: (models.index(run.model), run.latent or 0))
    labels = []
    for run in runs:
        row = rows_of(data.metrics, run)
        model = f"{data.label('model', run.model)}, " if len(models) > 1 else ""
        labels.append(f"{model}k = {row['latent'].iloc[0]}\n{row['psnr'].mean():.1f} dB")
    title = data.label("dataset", runs[0].dataset)
    return parts.image_rows(
        [data.examples[runs[0]][0], *(data.examples[run][2] for run in runs)],
        ["Original", *labels],
        title=title if len(models) > 1 else f"{title}, {data.label('model', models[0])}",
        note=parts.footnote(data.stand_in_note("fmnist")),
    )


def denoised_images(data: FigureData) -> Figure:
    """Noisy, denoised and clean test images under the strongest noise, by the first replicate."""
    (run,) = data.examples
    clean, noisy, denoised = data.examples[run]
    scores = rows_of(data.metrics, run).mean(numeric_only=True)
    return parts.image_rows(
        [noisy, denoised, clean],
        [f"Noisy\n{scores['psnr_noisy']:.1f} dB", f"Denoised\n{scores['psnr']:.1f} dB", "Clean"],
        title=f"{data.label('dataset', run.dataset)}, {data.label('model', run.model)}, "
        f"{data.label('noise', run.noise)} noise, {data.label.strength(run.level_name, run.level)}",
        note=parts.footnote(data.stand_in_note("fmnist")),
    )


def overview(data: FigureData) -> Figure:
    """Noisy, denoised and clean test images, by the first replicate."""
    clean, noisy, denoised = _examples(data)
    return parts.image_rows([noisy, denoised, clean], ["Noisy", "Denoised", "Clean"], note=_note(data))


def samples_1_to_5(data: FigureData) -> Figure:
    """Test images 1 to 5: noisy, denoised and original, with the PSNR of each."""
    return _samples(data, 1)


def samples_6_to_10(data: FigureData) -> Figure:
    """Test images 6 to 10: noisy, denoised and original, with the PSNR of each."""
    return _samples(data, 6)


def _samples(data: FigureData, first: int) -> Figure:
    """Five test images from number `first` (counted from 1): noisy, denoised, original, with the PSNR of each."""
    clean, noisy, denoised = _examples(data)[:, first - 1 : first + 4]
    scores = [[f"{score:.1f} dB" for score in psnr(clean, images)] for images in (noisy, denoised)]
    return parts.image_rows(
        [noisy, denoised, clean],
        ["Noisy", "Denoised", "Original"],
        heads=[f"Sample {first + index}" for index in range(len(clean))],
        under=[*scores, []],
        note=_note(data),
    )


def _examples(data: FigureData) -> np.ndarray:
    (images,) = data.examples.values()
    return images


def _note(data: FigureData) -> str:
    return parts.footnote(data.stand_in_note("mnist"))
