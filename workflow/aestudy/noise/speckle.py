"""Speckle: noise that is multiplied with the image, as in coherent imaging (radar, ultrasound, laser)."""

from typing import Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Settings

LEVEL = Level(
    name="deviation",
    label="Standard deviation of the factor",
    symbol="σ",
    meaning=(
        "Standard deviations of the factor that speckle multiplies each value with (its mean is 1): the noise on a "
        "white pixel has this deviation, in units of the range [0, 1], and on a black pixel none."
    ),
    highest=10,
)


class Parameters(Settings):
    """Keys of speckle. Its level is the `deviation` of the factor."""

    kind: Literal["speckle"]
    """The kind of noise: `speckle`."""
    clip: bool
    """Whether noisy pixels are clipped to [0, 1]."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def add(images, sigma: float, parameters: Parameters, generator):
    """Images times 1 + sigma * g with g normally distributed, drawn from `generator`.

    images: float tensor of any shape on the generator's device; returns a new tensor of its shape and type. Equal to
    scikit-image's `random_noise` with mode "speckle" and `var` sigma squared.
    """
    import torch

    factor = torch.randn(images.shape, generator=generator, dtype=images.dtype, device=images.device)
    noisy = factor.mul_(sigma).add_(1).mul_(images)
    return noisy.clamp_(0, 1) if parameters.clip else noisy


def deviation(deviations):
    """Standard deviation of the noise on a white pixel, the largest there is."""
    return deviations
