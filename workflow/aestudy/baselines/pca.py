"""Principal components: no linear autoencoder with the same code size has a lower mean squared error in training.

Baldi and Hornik, "Neural networks and principal component analysis: learning from examples without local minima",
Neural Networks 2 (1989). Clipping to [0, 1] comes on top and can only help.
"""

import numpy as np
from scipy import linalg

from aestudy.baselines.interface import Restorer, Training

TASKS = ("reconstruction",)
CHUNK_IMAGES = 2048


def fit(training: Training) -> list[Restorer]:
    """One restorer per latent size, from the eigenvectors of the exact covariance of all training images.

    A code as large as the image would copy it and tell nothing: such sizes are left out.
    """
    pixels = training.clean[0].size
    latents = sorted({latent for latent in training.latents if latent < pixels})
    if not latents:
        return []
    vectors = training.clean.reshape(len(training.clean), pixels)
    mean = vectors.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((pixels, pixels))
    for start in range(0, len(vectors), CHUNK_IMAGES):
        centred = vectors[start : start + CHUNK_IMAGES] - mean
        covariance += centred.T @ centred / len(vectors)
    _, ascending = linalg.eigh(covariance, subset_by_index=[pixels - latents[-1], pixels - 1])
    components = ascending[:, ::-1]
    return [_restorer(mean, components[:, :latent]) for latent in latents]


def _restorer(mean: np.ndarray, components: np.ndarray) -> Restorer:
    def restore(inputs: np.ndarray) -> np.ndarray:
        code = (inputs.reshape(len(inputs), -1) - mean) @ components
        return np.clip(code @ components.T + mean, 0, 1).reshape(inputs.shape)

    return Restorer(restore, latent=components.shape[1])
