"""Poisson noise: light is counted in photons, the fewer the noisier."""

from typing import Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Settings

LEVEL = Level(
    name="peak",
    label="Peak (mean photons of a white pixel)",
    symbol="peak",
    meaning="Peaks of Poisson noise: how many photons a white pixel counts on average. A higher peak is weaker noise.",
    highest=1e6,
    falling=True,
)


class Parameters(Settings):
    """Keys of a Poisson noise. Its level is the `peak`."""

    kind: Literal["poisson"]
    """The kind of noise: `poisson`."""
    clip: bool
    """Whether noisy pixels are clipped to [0, 1]."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def add(images, peak: float, parameters: Parameters, generator):
    """Counts of photons divided by the peak: Poisson numbers of mean `images * peak`, drawn from `generator`.

    images: float tensor in [0, 1] of any shape on the generator's device; returns a new tensor of its shape and type,
    of mean `images` and variance `images / peak` before it is clipped. Black pixels stay black.
    """
    import torch

    noisy = torch.poisson(images * peak, generator=generator).div_(peak)
    return noisy.clamp_(0, 1) if parameters.clip else noisy


def deviation(peak):
    """Standard deviation of the noise on a white pixel, the largest there is: a tensor of peaks, element by element."""
    return peak.rsqrt()
