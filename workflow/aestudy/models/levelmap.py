"""The convolutional network with a further input: a map of the strength of the noise, one network for all strengths.

Zhang, Zuo and Zhang, "FFDNet: toward a fast and flexible solution for CNN-based image denoising", IEEE Trans. Image
Process. 27 (2018): a channel that holds the standard deviation of the noise is put beside those of the image. It is
trained on noise of many strengths, such as `gaussian_random`.
"""

from typing import ClassVar, Literal

from aestudy.models import conv


class Parameters(conv.Parameters):
    """Keys of a convolutional model that is told the strength of the noise: those of `conv`."""

    architecture: Literal["levelmap"]
    """The kind of network: `levelmap`."""

    takes_level: ClassVar[bool] = True


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: as for `conv`."""
    return conv.misfit(parameters, shape)


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """The network for images of `shape` (channels, height, width); the size of the latent follows from both."""
    import torch

    from aestudy.network.autoencoder import Autoencoder

    class LevelMap(Autoencoder):
        takes_level = True

        def forward(self, images, level=None):
            """level: standard deviation of the noise on each image (n,), in units of the range [0, 1]."""
            level_map = level.view(-1, 1, 1, 1).expand(-1, 1, *images.shape[2:])
            return super().forward(torch.cat([images, level_map], 1))

    channels, *size = shape
    encoder, _ = conv.build(parameters, (channels + 1, *size))
    _, decoder = conv.build(parameters, shape)
    return LevelMap(encoder, decoder)
