"""The least-squares affine map from noisy to clean pixel vectors: a Wiener filter learnt from examples."""

import numpy as np
from scipy import linalg

from aestudy.baselines.interface import Restorer, Training

TASKS = ("denoising",)
CHUNK_IMAGES = 2048

EXAMPLES = 50_000
"""Noisy images to fit on, at least. A smaller training set is drawn with new noise until there are as many: the map has
a weight for every pair of pixels and would learn a single draw by heart."""

RIDGE = 1e-9
"""Share of the mean diagonal that is added to the diagonal of the normal equations. Pixels that never change, such as a
border that the noise leaves alone, make them singular; this settles such weights and is too small to show in others."""


def fit(training: Training) -> list[Restorer]:
    """Solve the normal equations of all training images; outputs are clipped to [0, 1]."""
    clean = training.clean.reshape(len(training.clean), -1)
    pixels = clean.shape[1]
    gram = np.zeros((pixels + 1, pixels + 1))
    moment = np.zeros((pixels + 1, pixels))
    draws = -(-EXAMPLES // len(clean))
    for draw in range(draws):
        noisy = training.noisy(draw).reshape(clean.shape)
        for start in range(0, len(clean), CHUNK_IMAGES):
            rows = slice(start, start + CHUNK_IMAGES)
            design = _design(noisy[rows])
            gram += design.T @ design
            moment += design.T @ clean[rows]
    gram[np.diag_indices_from(gram)] += RIDGE * np.trace(gram) / len(gram)
    weights = linalg.solve(gram, moment, assume_a="pos")

    def restore(inputs: np.ndarray) -> np.ndarray:
        return np.clip(_design(inputs.reshape(len(inputs), -1)) @ weights, 0, 1).reshape(inputs.shape)

    return [Restorer(restore)]


def _design(vectors: np.ndarray) -> np.ndarray:
    """Pixel vectors in float64 with a constant 1 appended, which carries the offset."""
    return np.hstack([vectors, np.ones((len(vectors), 1))])
