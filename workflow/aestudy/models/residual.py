"""The convolutional network with a residual connection from its input to its output: it predicts the noise.

What the layers give is taken off the noisy image, so that a clean image needs them to give nothing. Zhang et al.,
"Beyond a Gaussian denoiser: residual learning of deep CNN for image denoising", IEEE Trans. Image Process. 26 (2017),
section III.
"""

from typing import ClassVar, Literal

from aestudy.models import conv


class Parameters(conv.Parameters):
    """Keys of a convolutional model that predicts the noise: those of `conv`."""

    architecture: Literal["residual"]
    """The kind of network: `residual`."""

    gives: ClassVar[str] = "image"


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: as for `conv`."""
    return conv.misfit(parameters, shape)


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """The network for images of `shape` (channels, height, width); the size of the latent follows from both."""
    from aestudy.network.autoencoder import Autoencoder

    class Residual(Autoencoder):
        gives = "image"

        def forward(self, images, level=None):
            noise, latent = super().forward(images)
            return images - noise, latent

    return Residual(*conv.build(parameters, shape))
