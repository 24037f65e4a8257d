"""All baselines of a task, fitted on training images and then scored on test images.

The two halves are two functions, so that nothing can be tuned on what it is scored on: fitting ends before a test image
is handed in, a restorer sees the input of a test and never the clean image behind it, and no network has a way in.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aestudy.base import registry
from aestudy.base.errors import UserError
from aestudy.baselines.interface import AddNoise, Restorer, Training
from aestudy.scoring.scores import psnr, score_images

Fitted = dict[str, list[Restorer]]
"""The restorers of each baseline."""


def fit_all(
    train_images: np.ndarray,
    add_noise: AddNoise | None,
    latents: Sequence[int],
    seed: int,
    baselines: Sequence[str] | None = None,
) -> tuple[Fitted, pd.DataFrame]:
    """Fit baselines on training images: for denoising if there is a noise to add, else for reconstruction.

    train_images: uint8 (n, channels, height, width). add_noise: (float32 images in [0, 1], seed) -> noisy images.
    latents: code sizes for PCA. baselines: names; all baselines of the task unless given.
    Returns the restorers of each baseline and a table of what was chosen: one row per restorer with baseline, variant,
    latent, parameters (as text, "h=0.13 sigma=0.33"), a, b and train_psnr (mean per image, dB, on the training images
    that parameters are chosen on). Raises UserError for a baseline that does not exist or has no part in the task.
    """
    task = "reconstruction" if add_noise is None else "denoising"
    training = Training(_unit(train_images), add_noise, tuple(latents), seed)
    fitted = {name: registry.load("baselines", name).fit(training) for name in _chosen(task, baselines)}
    clean, inputs = training.tuning
    table = [
        {
            "baseline": name,
            "variant": restorer.variant,
            "latent": restorer.latent,
            "parameters": " ".join(f"{parameter}={value:.6g}" for parameter, value in restorer.parameters.items()),
            "a": restorer.a,
            "b": restorer.b,
            "train_psnr": psnr(clean, restorer.restore(inputs)).mean(),
        }
        for name, restorers in fitted.items()
        for restorer in restorers
    ]
    return fitted, pd.DataFrame(table)


def score_all(
    fitted: Fitted, test_images: np.ndarray, noisy_test: np.ndarray | None, ssim_variant: str = "uniform7"
) -> pd.DataFrame:
    """Score fitted baselines on test images, on the same noisy images that the networks are given.

    test_images: uint8 (n, channels, height, width); noisy_test: float32 of the same shape, None for reconstruction.
    Returns one row per restorer and image: baseline, variant, latent, image, psnr, ssim, mse, bce.
    """
    clean = _unit(test_images)
    inputs = clean if noisy_test is None else noisy_test
    tables = []
    for name, restorers in fitted.items():
        for restorer in restorers:
            table = score_images(clean, restorer.restore(inputs), ssim_variant).rename_axis("image").reset_index()
            table.insert(0, "baseline", name)
            table.insert(1, "variant", restorer.variant)
            table.insert(2, "latent", restorer.latent)
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _unit(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / np.float32(255)


def _chosen(task: str, baselines: Sequence[str] | None) -> list[str]:
    known = registry.kinds("baselines")
    allowed = [name for name in known if task in registry.load("baselines", name).TASKS]
    for name in baselines or ():
        if name not in allowed:
            problem = f"has no part in {task}" if name in known else "does not exist"
            raise UserError(f"Baseline {name!r} {problem}; choose among {', '.join(allowed)}.")
    return allowed if baselines is None else list(baselines)
