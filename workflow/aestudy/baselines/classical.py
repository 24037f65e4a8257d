"""What the classical denoisers share: the choice of their parameters, and the affine correction."""

from collections.abc import Callable, Iterable

import numpy as np

from aestudy.baselines.interface import Restorer, Training
from aestudy.scoring.scores import psnr

Denoise = Callable[..., np.ndarray]
"""(noisy images, **parameters) -> denoised images; both of shape (n, channels, height, width)."""


def tuned(training: Training, denoise: Denoise, grid: Iterable[dict[str, float]]) -> list[Restorer]:
    """The two restorers with the highest mean PSNR on training images: raw, and with an affine correction a x + b.

    The correction is the least-squares fit to the clean images. It is needed for a fair comparison: noise that was cut
    off at 0 and 1 no longer has zero mean and pulls every smoother towards grey. All outputs are clipped to [0, 1].
    """
    clean, noisy = training.tuning
    candidates = []
    for parameters in grid:
        denoised = denoise(noisy, **parameters)
        for variant, a, b in (("raw", 1.0, 0.0), ("affine", *affine_fit(denoised, clean))):
            candidate = _restorer(denoise, variant, parameters, a, b)
            candidates.append((psnr(clean, _corrected(denoised, a, b)).mean(), candidate))
    candidates.sort(key=lambda scored: scored[0])
    best = {restorer.variant: restorer for _, restorer in candidates}
    return [best["raw"], best["affine"]]


def affine_fit(images: np.ndarray, clean: np.ndarray) -> tuple[float, float]:
    """(a, b) that bring a x + b nearest to `clean` in mean squared error over all pixels; a = 0 for constant images."""
    x, y = images.astype(np.float64).ravel(), clean.astype(np.float64).ravel()
    variance = x.var()
    a = np.mean((x - x.mean()) * (y - y.mean())) / variance if variance > 0 else 0.0
    return float(a), float(y.mean() - a * x.mean())


def _restorer(denoise: Denoise, variant: str, parameters: dict[str, float], a: float, b: float) -> Restorer:
    def restore(inputs: np.ndarray) -> np.ndarray:
        return _corrected(denoise(inputs, **parameters), a, b)

    return Restorer(restore, variant, parameters=parameters, a=a, b=b)


def _corrected(images: np.ndarray, a: float, b: float) -> np.ndarray:
    return np.clip(a * images + b, 0, 1)
