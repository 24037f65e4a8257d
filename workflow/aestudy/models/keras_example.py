"""The network of Keras's example "Convolutional autoencoder for image denoising" (S. L. Valdarrama, 2021).

Two convolutions with max-pooling, two transposed convolutions of stride 2, and a last convolution; all with padding
`same`, as Keras understands it.
"""

from typing import Annotated, ClassVar, Literal

from aestudy.base.settings import Field, Settings


class Parameters(Settings):
    """Keys of the network of Keras's example."""

    architecture: Literal["keras_example"]
    """The kind of network: `keras_example`."""
    filters: Annotated[int, Field(ge=1, le=4_096)] = 32
    """Filters of every convolution but the last one."""

    has_free_latent: ClassVar[bool] = False


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: it gives sizes that 4 divides."""
    if shape[1] % 4 == 0 and shape[2] % 4 == 0:
        return None
    return f"two pooling stages need a height and width that 4 divides, and the images are {shape[1]} x {shape[2]}"


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """Encoder and decoder for images of `shape` (channels, height, width); the size of the latent follows from both."""
    from torch import nn

    from aestudy.network.layers import DoublingConvTranspose2d

    channels, filters = shape[0], parameters.filters
    encoder = nn.Sequential(
        *(nn.Conv2d(channels, filters, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(filters, filters, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
    )
    decoder = nn.Sequential(
        *(DoublingConvTranspose2d(filters, filters), nn.ReLU()),
        *(DoublingConvTranspose2d(filters, filters), nn.ReLU()),
        nn.Conv2d(filters, channels, 3, padding=1),
    )
    return encoder, decoder
