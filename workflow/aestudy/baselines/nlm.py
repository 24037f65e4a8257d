"""Non-local means: each pixel becomes the mean of those whose neighbourhoods look alike (scikit-image)."""

import numpy as np
from skimage.restoration import denoise_nl_means

from aestudy.baselines.classical import tuned
from aestudy.baselines.interface import Restorer, Training

TASKS = ("denoising",)
PATCH_SIZE = 5  # pixels
PATCH_DISTANCE = 4  # pixels
CUT_OFFS = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8)  # in units of the noise level


def denoise(images: np.ndarray, h: float, sigma: float) -> np.ndarray:
    """skimage.restoration.denoise_nl_means of each image, channels together, for noise of deviation `sigma`.

    Channels go last, for scikit-image transposes images whose single channel comes first.
    """
    channels_last = np.moveaxis(images, 1, -1)
    options = dict(h=h, sigma=sigma, fast_mode=True, channel_axis=-1)
    denoised = [denoise_nl_means(image, PATCH_SIZE, PATCH_DISTANCE, **options) for image in channels_last]
    return np.moveaxis(np.reshape(denoised, channels_last.shape), -1, 1)


def fit(training: Training) -> list[Restorer]:
    """Choose the cut-off distance between patches; the noise is taken as measured."""
    sigma = training.noise_level
    return tuned(training, denoise, [{"h": factor * sigma, "sigma": sigma} for factor in CUT_OFFS])
