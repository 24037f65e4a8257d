"""U-Net: an encoder and a decoder with connections between stages of equal size, past the bottleneck.

Ronneberger, Fischer and Brox, "U-Net: convolutional networks for biomedical image segmentation", MICCAI (2015), with
convolutions that keep the size of the image.
"""

import itertools
from typing import Annotated, ClassVar, Literal

from aestudy.base.settings import Field, Settings, WholeNumber


class Parameters(Settings):
    """Keys of a U-Net."""

    architecture: Literal["unet"]
    """The kind of network: `unet`."""
    filters: Annotated[list[Annotated[int, Field(ge=1, le=4_096)]], Field(min_length=2, max_length=8)]
    """Filters of each stage; from each to the next, height and width are halved. The last one is the bottleneck."""
    kernel: Annotated[Literal[1, 3, 5, 7, 9, 11], WholeNumber] = 3
    """Edge of the square kernels in pixels (odd, so that padding keeps the image's size)."""
    convolutions: Annotated[int, Field(ge=1, le=8)] = 2
    """Convolutions of each stage, each followed by ReLU."""

    has_free_latent: ClassVar[bool] = False


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: they are halved evenly between stages."""
    factor = 2 ** (len(parameters.filters) - 1)
    if shape[1] % factor == 0 and shape[2] % factor == 0:
        return None
    return (
        f"{len(parameters.filters)} stages need a height and width that {factor} divides, "
        f"and the images are {shape[1]} x {shape[2]}"
    )


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """The network for images of `shape` (channels, height, width); its latent is what the bottleneck gives."""
    import torch
    from torch import nn

    from aestudy.network.autoencoder import Network
    from aestudy.network.layers import UpsampleConv2d

    kernel = parameters.kernel

    def stage(inputs: int, outputs: int) -> list[nn.Module]:
        layers = []
        for incoming in (inputs, *[outputs] * (parameters.convolutions - 1)):
            layers += [nn.Conv2d(incoming, outputs, kernel, padding=kernel // 2), nn.ReLU()]
        return layers

    class Down(nn.Sequential):
        """A stage of the encoder; the first one works on the image, the others on the stage before at half its size."""

    class Up(nn.Module):
        """A stage of the decoder: the one below at twice its size, beside what the encoder had there."""

        def __init__(self, inputs: int, outputs: int):
            super().__init__()
            self.enlarge = UpsampleConv2d(inputs, outputs, kernel)
            self.convolve = nn.Sequential(*stage(2 * outputs, outputs))

        def forward(self, below, beside):
            return self.convolve(torch.cat([self.enlarge(below), beside], 1))

    class UNet(Network):
        def __init__(self):
            super().__init__()
            first, *others = itertools.pairwise([shape[0], *parameters.filters])
            self.encoder = nn.Sequential(Down(*stage(*first)), *(Down(nn.MaxPool2d(2), *stage(*o)) for o in others))
            ups = [Up(*pair) for pair in itertools.pairwise(reversed(parameters.filters))]
            self.decoder = nn.Sequential(*ups, nn.Conv2d(parameters.filters[0], shape[0], kernel, padding=kernel // 2))

        def forward(self, images, level=None):
            passed = [images]
            for down in self.encoder:
                passed.append(down(passed[-1]))
            _, *beside, latent = passed
            *ups, last = self.decoder
            x = latent
            for up, skipped in zip(ups, reversed(beside), strict=True):
                x = up(x, skipped)
            return last(x), latent

    return UNet()
