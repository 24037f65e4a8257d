"""Images and noise that tests of baselines share."""

import numpy as np
from sklearn.datasets import load_digits

from aestudy.baselines.fitting import fit_all

CLASSICAL = ["gaussian", "median", "nlm", "tv", "wavelet"]


def digits():
    images = (load_digits().images * 255 / 16).round().astype(np.uint8)[:, None]
    return images[:700], images[700:900]


def clipped_noise(images, seed):
    noise = np.random.default_rng(seed).normal(0, 0.4, images.shape)
    return np.clip(images + noise, 0, 1).astype(np.float32)


def unit(images):
    return images.astype(np.float32) / np.float32(255)


def only(baseline, train, add_noise=None, latents=()):
    fitted, _ = fit_all(train, add_noise, latents, seed=0, baselines=[baseline])
    return fitted[baseline]
