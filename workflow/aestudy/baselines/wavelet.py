"""Soft thresholding of wavelet coefficients with the BayesShrink thresholds.

Chang, Yu and Vetterli, "Adaptive wavelet thresholding for image denoising and compression", IEEE Trans. Image Process.
9 (2000). Equal to skimage.restoration.denoise_wavelet of each channel, in one call for the whole stack.
"""

import numpy as np
import pywt

from aestudy.baselines.classical import tuned
from aestudy.baselines.interface import Restorer, Training

TASKS = ("denoising",)
WAVELET = "db2"
LEVELS = (1, 2, 3)
SIGMAS = (0.5, 0.75, 1.0, 1.25, 1.5)  # in units of the noise level


def denoise(images: np.ndarray, levels: int, sigma: float) -> np.ndarray:
    """Shrink the details of `levels` decompositions, for noise of standard deviation `sigma`."""
    height, width = images.shape[2:]
    approximation, *details = pywt.wavedecn(images, WAVELET, level=levels, axes=(2, 3))
    shrunk = [{band: _shrink(values, sigma) for band, values in level.items()} for level in details]
    # odd sizes come back one pixel larger
    return pywt.waverecn([approximation, *shrunk], WAVELET, axes=(2, 3))[:, :, :height, :width]


def _shrink(details: np.ndarray, sigma: float) -> np.ndarray:
    """Soft threshold sigma² / (standard deviation of the signal), for each image, channel and band by itself."""
    power = np.mean(np.square(details), axis=(2, 3), keepdims=True)
    signal = np.sqrt(np.maximum(power - sigma**2, np.finfo(details.dtype).eps))
    return np.sign(details) * np.maximum(np.abs(details) - sigma**2 / signal, 0)


def fit(training: Training) -> list[Restorer]:
    """Choose the depth of the decomposition, as far as the size of the images allows, and the assumed noise."""
    deepest = pywt.dwtn_max_level(training.clean.shape[2:], WAVELET)
    grid = [
        {"levels": levels, "sigma": factor * training.noise_level}
        for levels in LEVELS
        if levels <= deepest
        for factor in SIGMAS
    ]
    return tuned(training, denoise, grid)
