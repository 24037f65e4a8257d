"""DnCNN: convolutions at full resolution with batch normalisation, which predict the noise.

Zhang et al., "Beyond a Gaussian denoiser: residual learning of deep CNN for image denoising", IEEE Trans. Image
Process. 26 (2017), section III: a convolution with ReLU, then convolutions with batch normalisation and ReLU, then one
convolution that gives the noise. The paper has 17 layers for noise of one strength, 20 for a range of strengths. It has
no bottleneck: its latent, for tables, is the noise that it predicts.

Batch normalisation keeps running means while training, which are no parameters: replicates are trained one by one.
"""

from typing import Annotated, ClassVar, Literal

from aestudy.base.settings import Field, Settings, WholeNumber


class Parameters(Settings):
    """Keys of a DnCNN."""

    architecture: Literal["dncnn"]
    """The kind of network: `dncnn`."""
    depth: Annotated[int, Field(ge=3, le=100)] = 17
    """Convolutions, the first and the last one included."""
    width: Annotated[int, Field(ge=1, le=4_096)] = 64
    """Filters of every convolution but the last one."""
    kernel: Annotated[Literal[1, 3, 5, 7, 9, 11], WholeNumber] = 3
    """Edge of the square kernels in pixels (odd, so that padding keeps the image's size)."""

    has_free_latent: ClassVar[bool] = False
    gives: ClassVar[str] = "image"
    stackable: ClassVar[bool] = False


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Convolutions at full resolution take images (channels, height, width) of any size."""
    return None


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """The network for images of `shape` (channels, height, width)."""
    from torch import nn

    from aestudy.network.autoencoder import Network
    from aestudy.network.layers import BatchNorm2d

    width, kernel = parameters.width, parameters.kernel

    def convolution(inputs: int, outputs: int, bias: bool = True) -> nn.Module:
        return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=bias)

    class DnCNN(Network):
        gives = "image"

        def __init__(self):
            super().__init__()
            layers = [convolution(shape[0], width), nn.ReLU()]
            for _ in range(parameters.depth - 2):
                # The normalisation adds an offset of its own.
                layers += [convolution(width, width, bias=False), BatchNorm2d(width), nn.ReLU()]
            self.body = nn.Sequential(*layers, convolution(width, shape[0]))

        def forward(self, images, level=None):
            noise = self.body(images)
            return images - noise, noise

    return DnCNN()
