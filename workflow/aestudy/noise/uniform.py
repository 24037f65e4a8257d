"""Additive uniform noise, as of coarse quantisation: every deviation up to a bound is as likely."""

from typing import Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Settings

LEVEL = Level(
    name="half_width",
    label="Half-width of the uniform noise",
    symbol="half-width",
    meaning="Half-widths of uniform noise, in units of the range [0, 1]: no value changes by more than that.",
    highest=10,
)


class Parameters(Settings):
    """Keys of a uniform noise. Its level is the `half_width`."""

    kind: Literal["uniform"]
    """The kind of noise: `uniform`."""
    clip: bool
    """Whether noisy pixels are clipped to [0, 1]."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def add(images, half_width: float, parameters: Parameters, generator):
    """Images plus noise that is uniformly distributed in [-half_width, half_width), drawn from `generator`.

    images: float tensor of any shape on the generator's device; returns a new tensor of its shape and type.
    """
    import torch

    noise = torch.rand(images.shape, generator=generator, dtype=images.dtype, device=images.device)
    noisy = noise.mul_(2).sub_(1).mul_(half_width).add_(images)
    return noisy.clamp_(0, 1) if parameters.clip else noisy


def deviation(half_width):
    """Standard deviation of the noise: a tensor of half-widths, element by element."""
    return half_width / 3**0.5
