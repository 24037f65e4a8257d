"""Salt-and-pepper noise: some values become white or black, each as likely."""

from typing import Literal

from aestudy.base.levels import Level
from aestudy.base.settings import Settings

LEVEL = Level(
    name="share",
    label="Share of replaced values",
    symbol="share",
    meaning="Shares of the values that salt-and-pepper noise makes white or black, from 0 (none) to 1 (all).",
    highest=1,
)


class Parameters(Settings):
    """Keys of salt-and-pepper noise. Its level is the `share`."""

    kind: Literal["salt_and_pepper"]
    """The kind of noise: `salt_and_pepper`."""
    draw: Literal["once", "each_epoch"]
    """Whether a training image keeps its noise or gets a new one in each epoch."""


def add(images, share: float, parameters: Parameters, generator):
    """Images of which a share of the values is 0 or 1, each half of the time, drawn from `generator`.

    images: float tensor of any shape on the generator's device; returns a new tensor of its shape and type. As in
    scikit-image, each channel of a pixel is replaced or kept by itself.
    """
    import torch

    draw = torch.rand(images.shape, generator=generator, dtype=images.dtype, device=images.device)
    return images.masked_fill(draw < share, 1.0).masked_fill_(draw < share / 2, 0.0)


def deviation(share):
    """Standard deviation of the noise on a pixel of middle grey: a tensor of shares, element by element."""
    return share.sqrt() / 2
