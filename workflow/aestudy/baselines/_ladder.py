"""All rungs of a task, fitted on training images and then scored on test images.

The two halves are two functions, so that nothing can be tuned on what it is scored on: fitting ends before a test image
is handed in, a restorer sees the input of a test and never the clean image behind it, and no network has a way in.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aestudy import registry
from aestudy.baselines._rung import AddNoise, Restorer, Training
from aestudy.errors import UserError
from aestudy.scores import psnr, score_images

Fitted = dict[str, list[Restorer]]
"""The restorers of each rung."""


def fit_rungs(
    train_images: np.ndarray,
    add_noise: AddNoise | None,
    latents: Sequence[int],
    seed: int,
    rungs: Sequence[str] | None = None,
) -> tuple[Fitted, pd.DataFrame]:
    """Fit rungs on training images: for denoising if there is a noise to add, else for reconstruction.

    train_images: uint8 (n, channels, height, width). add_noise: (float32 images in [0, 1], seed) -> noisy images.
    latents: code sizes for PCA. rungs: names; all rungs of the task unless given.
    Returns the restorers of each rung and a table of what was chosen: one row per restorer with rung, variant, latent,
    parameters (as text, "h=0.13 sigma=0.33"), a, b and train_psnr (mean per image, dB, on the training images that
    parameters are chosen on). Raises UserError for a rung that does not exist or has no part in the task.
    """
    task = "reconstruction" if add_noise is None else "denoising"
    training = Training(_unit(train_images), add_noise, tuple(latents), seed)
    fitted = {name: registry.load("baselines", name).fit(training) for name in _chosen(task, rungs)}
    clean, inputs = training.tuning
    table = [
        {
            "rung": name,
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


def score_rungs(
    fitted: Fitted, test_images: np.ndarray, noisy_test: np.ndarray | None, ssim_variant: str = "uniform7"
) -> pd.DataFrame:
    """Score fitted rungs on test images, on the same noisy images that the networks are given.

    test_images: uint8 (n, channels, height, width); noisy_test: float32 of the same shape, None for reconstruction.
    Returns one row per restorer and image: rung, variant, latent, image, psnr, ssim, mse, bce.
    """
    clean = _unit(test_images)
    inputs = clean if noisy_test is None else noisy_test
    tables = []
    for name, restorers in fitted.items():
        for restorer in restorers:
            table = score_images(clean, restorer.restore(inputs), ssim_variant).rename_axis("image").reset_index()
            table.insert(0, "rung", name)
            table.insert(1, "variant", restorer.variant)
            table.insert(2, "latent", restorer.latent)
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _unit(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / np.float32(255)


def _chosen(task: str, rungs: Sequence[str] | None) -> list[str]:
    known = registry.kinds("baselines")
    allowed = [name for name in known if task in registry.load("baselines", name).TASKS]
    for name in rungs or ():
        if name not in allowed:
            problem = f"has no part in {task}" if name in known else "does not exist"
            raise UserError(f"Baseline rung {name!r} {problem}; choose among {', '.join(allowed)}.")
    return allowed if rungs is None else list(rungs)
