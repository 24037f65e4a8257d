"""Gaussian blur."""

import numpy as np
from scipy import ndimage

from aestudy.baselines.classical import tuned
from aestudy.baselines.interface import Restorer, Training

TASKS = ("denoising",)
SIGMAS = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)  # pixels


def denoise(images: np.ndarray, sigma: float) -> np.ndarray:
    """skimage.filters.gaussian of each image, in one call for the whole stack."""
    return ndimage.gaussian_filter(images, sigma, axes=(2, 3), mode="nearest", truncate=4)


def fit(training: Training) -> list[Restorer]:
    """Choose the width of the blur."""
    return tuned(training, denoise, [{"sigma": sigma} for sigma in SIGMAS])
