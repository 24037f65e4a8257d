"""Dense autoencoder: fully connected layers down to the latent, and the mirror image back up."""

import itertools
from typing import Annotated, ClassVar, Literal

from aestudy.base.settings import Field, Settings

Width = Annotated[int, Field(ge=1, le=65_536)]


class Parameters(Settings):
    """Keys of a dense model."""

    architecture: Literal["dense"]
    """The kind of network: `dense`."""
    hidden: Annotated[list[Width], Field(max_length=20)]
    """Widths of the encoder's hidden layers, from the image inwards; the decoder mirrors them."""
    latent_activation: Literal["linear", "relu"] = "linear"
    """What is applied to the encoder's output."""

    has_free_latent: ClassVar[bool] = True


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Dense layers take images (channels, height, width) of any shape."""
    return None


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int):
    """Encoder and decoder for images of `shape` (channels, height, width) and a latent of `latent` numbers."""
    from torch import nn

    pixels = shape[0] * shape[1] * shape[2]
    widths = [pixels, *parameters.hidden, latent]

    def stack(widths: list[int]) -> list[nn.Module]:
        layers = []
        for inputs, outputs in itertools.pairwise(widths):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return layers[:-1]  # the last layer stays linear

    encoder = [nn.Flatten(), *stack(widths)]
    if parameters.latent_activation == "relu":
        encoder.append(nn.ReLU())
    return nn.Sequential(*encoder), nn.Sequential(*stack(widths[::-1]), nn.Unflatten(1, shape))
