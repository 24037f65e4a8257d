"""How close a restored image is to the clean one: PSNR, SSIM, mean squared error and binary cross-entropy.

All functions take stacks of shape (n, channels, height, width) with the clean images in [0, 1] and return one number
per image. Of colour images, errors are means over pixels and channels alike, so that PSNR is over all channels, as
scikit-image's `peak_signal_noise_ratio` takes it; SSIM is computed in each channel and averaged, as its
`structural_similarity` does with a `channel_axis`. Sums are in float64 whatever the input, and stacks are worked
through in chunks, so that memory stays bounded by the chunk and not by the stack.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import ndimage

from aestudy.base.errors import UserError

EPSILON = 1e-7
"""Restored values are brought into [EPSILON, 1 - EPSILON] before the logarithm of `bce`, the bound that Keras uses."""

CHUNK_VALUES = 1 << 18  # 2 MiB for each float64 array that a score needs: small enough for the cache


@dataclass(frozen=True)
class Window:
    """The local window of an SSIM variant: how means are taken, and which part of the map is averaged."""

    smooth: Callable[[np.ndarray], np.ndarray]
    width: int
    covariance_factor: float  # N / (N - 1) for the sample covariance over N pixels, 1 for the weighted one
    cropped: bool  # leave out the border, where the window reaches beyond the image


def _uniform(images: np.ndarray) -> np.ndarray:
    return ndimage.uniform_filter(images, size=(1, 1, 7, 7), mode="reflect")


def _gaussian(images: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(images, sigma=1.5, radius=5, axes=(2, 3), mode="reflect")


WINDOWS = {
    "uniform7": Window(_uniform, 7, 49 / 48, cropped=True),
    "gaussian11": Window(_gaussian, 11, 1.0, cropped=True),
    "gaussian11_full": Window(_gaussian, 11, 1.0, cropped=False),
}


def mse(clean: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Mean squared error of each image over its channels and pixels, shape (n,)."""
    return _per_image(lambda x, y: np.square(x - y).mean(axis=(1, 2, 3)), clean, restored)


def psnr(clean: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio of each image in dB for a data range of 1, over all channels, shape (n,).

    inf where images are equal.
    """
    return decibel(mse(clean, restored))


def pooled_psnr(mse_per_image: np.ndarray) -> float:
    """PSNR in dB of the mean squared error over all images together.

    Never above the mean of the per-image PSNRs, because the logarithm is concave.
    """
    return float(decibel(np.mean(mse_per_image, dtype=np.float64)))


def bce(clean: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Binary cross-entropy of each image in nats per pixel and channel, the clean image being the target, shape (n,).

    Grey targets leave a floor above zero, their own entropy. See `EPSILON` for restored values of 0 and 1.
    """

    def cross_entropy(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        y = np.clip(y, EPSILON, 1 - EPSILON)
        return -(x * np.log(y) + (1 - x) * np.log1p(-y)).mean(axis=(1, 2, 3))

    return _per_image(cross_entropy, clean, restored)


def ssim(clean: np.ndarray, restored: np.ndarray, variant: str = "uniform7") -> np.ndarray:
    """Structural similarity of each image for a data range of 1, the mean over its channels, shape (n,).

    Variants, which differ by several hundredths on the same images:

    - `uniform7`: uniform 7 x 7 window, sample covariance, border cropped; the default of scikit-image.
    - `gaussian11`: Gaussian window (sigma 1.5, 11 x 11), border cropped, as in Wang, Bovik, Sheikh and Simoncelli,
      "Image quality assessment: from error visibility to structural similarity", IEEE Trans. Image Process. 13 (2004).
    - `gaussian11_full`: the same window, with the border, where the image is continued by reflection.

    Raises UserError for an unknown variant and for images smaller than the window.
    """
    if variant not in WINDOWS:
        raise UserError(f"Unknown SSIM variant {variant!r}; choose one of {', '.join(WINDOWS)}.")
    window = WINDOWS[variant]
    height, width = clean.shape[2:]
    if min(height, width) < window.width:
        raise UserError(
            f"SSIM variant {variant!r} needs images of at least {window.width} x {window.width} pixels, "
            f"but these have {height} x {width}; choose a variant with a smaller window or larger images."
        )
    return _per_image(lambda x, y: _ssim_map(x, y, window).mean(axis=(1, 2, 3)), clean, restored)


def _ssim_map(x: np.ndarray, y: np.ndarray, window: Window) -> np.ndarray:
    """SSIM at each pixel (Wang et al. 2004, equation 13, with K1 = 0.01 and K2 = 0.03)."""
    c1, c2 = 0.01**2, 0.03**2
    edge = window.width // 2 if window.cropped else 0

    def local_mean(images: np.ndarray) -> np.ndarray:
        height, width = images.shape[2:]
        return window.smooth(images)[:, :, edge : height - edge, edge : width - edge]

    mean_x, mean_y = local_mean(x), local_mean(y)
    square_x, square_y, product = mean_x * mean_x, mean_y * mean_y, mean_x * mean_y
    variances = window.covariance_factor * (local_mean(x * x + y * y) - square_x - square_y)
    covariance = window.covariance_factor * (local_mean(x * y) - product)
    return (2 * product + c1) * (2 * covariance + c2) / ((square_x + square_y + c1) * (variances + c2))


def detail(clean: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """How much of the fine detail of each image is left, shape (n,): below 1 the restored image is smoother.

    The sum of the squared differences of neighbouring pixels of the restored image, divided by that of the clean one;
    NaN for clean images of one grey.
    """

    def ratio(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(_roughness(x) > 0, _roughness(y) / _roughness(x), np.nan)

    return _per_image(ratio, clean, restored)


def _roughness(images: np.ndarray) -> np.ndarray:
    return sum(np.square(np.diff(images, axis=axis)).sum(axis=(1, 2, 3)) for axis in (2, 3))


def score_images(clean: np.ndarray, restored: np.ndarray, ssim_variant: str = "uniform7") -> pd.DataFrame:
    """All scores of a stack: columns psnr, ssim, mse, bce; row i belongs to image i. Raises what `ssim` raises."""
    errors = mse(clean, restored)
    return pd.DataFrame(
        {
            "psnr": decibel(errors),
            "ssim": ssim(clean, restored, ssim_variant),
            "mse": errors,
            "bce": bce(clean, restored),
        }
    )


def decibel(error: np.ndarray) -> np.ndarray:
    """PSNR in dB of mean squared errors, for a data range of 1; inf where there is no error."""
    with np.errstate(divide="ignore"):  # no error at all is inf dB
        return -10 * np.log10(error)


def _per_image(score: Callable[[np.ndarray, np.ndarray], np.ndarray], clean, restored) -> np.ndarray:
    """`score` of the two stacks, chunk by chunk in float64."""
    if clean.shape != restored.shape or clean.ndim != 4:
        raise ValueError(f"two stacks (n, channels, height, width) of equal shape, not {clean.shape}, {restored.shape}")
    count = max(1, CHUNK_VALUES // max(1, math.prod(clean.shape[1:])))
    scored = np.empty(len(clean))
    for start in range(0, len(clean), count):
        rows = slice(start, start + count)
        scored[rows] = score(clean[rows].astype(np.float64), restored[rows].astype(np.float64))
    return scored
