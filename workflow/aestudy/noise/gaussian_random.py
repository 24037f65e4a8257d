"""Additive white Gaussian noise of another deviation on each image, for networks that are to cope with many levels.

The deviation is drawn evenly from a range, as for the blind network of Zhang et al., "Beyond a Gaussian denoiser:
residual learning of deep CNN for image denoising", IEEE Trans. Image Process. 26 (2017). The level in a grid is the
upper end of that range.
"""

from typing import Annotated, Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Field, Settings

LEVEL = Level(
    name="largest_deviation",
    label="Largest standard deviation of the noise",
    symbol="largest σ",
    meaning=(
        "Largest standard deviations of Gaussian noise that is of another deviation on each image, in units of the "
        "range [0, 1]."
    ),
    highest=10,
)


class Parameters(Settings):
    """Keys of a Gaussian noise of random deviation. Its level is the `largest_deviation`."""

    kind: Literal["gaussian_random"]
    """The kind of noise: `gaussian_random`."""
    lowest_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The smallest deviation, as a share of the largest one: 0 for noise from none upwards."""
    clip: bool
    """Whether noisy pixels are clipped to [0, 1]."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def draw_levels(largest, parameters: Parameters, generator):
    """The deviation of the noise on each image, drawn evenly from [lowest_share * largest, largest) by `generator`.

    largest: tensor (n, 1, 1, 1) on the generator's device; returns a new one of its shape and type.
    """
    import torch

    draw = torch.rand(largest.shape, generator=generator, dtype=largest.dtype, device=largest.device)
    return draw.mul_(1 - parameters.lowest_share).add_(parameters.lowest_share).mul_(largest)


def add(images, deviations, parameters: Parameters, generator):
    """Images plus zero-mean normally distributed noise, drawn from `generator`.

    images: float tensor (n, c, h, w) on the generator's device; deviations: tensor (n, 1, 1, 1), one for each image, in
    units of the range [0, 1]. Returns a new tensor of the shape and type of the images.
    """
    import torch

    noise = torch.randn(images.shape, generator=generator, dtype=images.dtype, device=images.device)
    noisy = noise.mul_(deviations).add_(images)
    return noisy.clamp_(0, 1) if parameters.clip else noisy


def deviation(deviations):
    """Standard deviation of the noise: the levels that were drawn are deviations already."""
    return deviations
