"""Additive white Gaussian noise of a given variance."""

from typing import Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Settings

LEVEL = Level(
    name="variance",
    label="Variance of the noise σ²",
    symbol="σ²",
    meaning="Variances of the noise, in units of the squared range [0, 1]: a standard deviation of 0.5 is 0.25.",
    highest=100,
)


class Parameters(Settings):
    """Keys of a Gaussian noise."""

    kind: Literal["gaussian"]
    """The kind of noise: `gaussian`."""
    clip: bool
    """Whether noisy pixels are clipped to [0, 1]."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def add(images, variance: float, parameters: Parameters, generator):
    """Images plus zero-mean noise of `variance` (in units of the squared range [0, 1]), drawn from `generator`.

    images: float tensor of any shape on the generator's device; returns a new tensor of its shape and type. Equal to
    torchvision's v2.GaussianNoise, which has no generator of its own and draws from the global one.
    """
    import torch

    noise = torch.randn(images.shape, generator=generator, dtype=images.dtype, device=images.device)
    noisy = noise.mul_(variance**0.5).add_(images)
    return noisy.clamp_(0, 1) if parameters.clip else noisy


def deviation(variance):
    """Standard deviation of the noise, for networks that take its level: a tensor of variances, element by element."""
    return variance.sqrt()
