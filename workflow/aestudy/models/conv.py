"""Convolutional autoencoder: convolution, ReLU, max-pooling and dropout per stage, mirrored with upsampling."""

import itertools
from typing import Annotated, ClassVar, Literal

from aestudy.base.settings import Field, Rate, Settings, WholeNumber


class Parameters(Settings):
    """Keys of a convolutional model."""

    architecture: Literal["conv"]
    """The kind of network: `conv`."""
    filters: Annotated[list[Annotated[int, Field(ge=1, le=4_096)]], Field(min_length=1, max_length=8)]
    """Filters of each stage; every stage halves height and width."""
    kernel: Annotated[Literal[1, 3, 5, 7, 9, 11], WholeNumber] = 3
    """Edge of the square kernels in pixels (odd, so that padding keeps the image's size)."""
    dropout: Rate = 0.0
    """Share of activations dropped while training."""
    dropout_after: Literal["encoder", "encoder+decoder"] = "encoder"
    """Where dropout stands: after each pooling, or after each upsampling too."""

    has_free_latent: ClassVar[bool] = False


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: each stage must halve them evenly."""
    factor = 2 ** len(parameters.filters)
    if shape[1] % factor == 0 and shape[2] % factor == 0:
        return None
    return (
        f"{len(parameters.filters)} pooling stages need a height and width that {factor} divides, "
        f"and the images are {shape[1]} x {shape[2]}"
    )


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """Encoder and decoder for images of `shape` (channels, height, width); the size of the latent follows from both."""
    from torch import nn

    from aestudy.network.layers import Dropout, UpsampleConv2d

    kernel, rate = parameters.kernel, parameters.dropout

    def convolution(inputs: int, outputs: int) -> nn.Module:
        return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)

    def upsampled_convolution(inputs: int, outputs: int) -> list[nn.Module]:
        if parameters.dropout_after == "encoder":
            return [UpsampleConv2d(inputs, outputs, kernel)]
        return [nn.Upsample(scale_factor=2), Dropout(rate), convolution(inputs, outputs)]

    filters = parameters.filters
    encoder = []
    for inputs, outputs in itertools.pairwise([shape[0], *filters]):
        # Pooling before ReLU gives the same numbers as after it, at a quarter of the work.
        encoder += [convolution(inputs, outputs), nn.MaxPool2d(2), nn.ReLU(), Dropout(rate)]
    first, *others = itertools.pairwise([*reversed(filters), filters[0], shape[0]])
    decoder = [convolution(*first)]
    for inputs, outputs in others:
        decoder += [nn.ReLU(), *upsampled_convolution(inputs, outputs)]
    return nn.Sequential(*encoder), nn.Sequential(*decoder)
