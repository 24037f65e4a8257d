"""The convolutional network with self-attention at the bottleneck: each place of the latent may look at all others.

Vaswani et al., "Attention is all you need", NeurIPS (2017), with a normalisation before and a connection around it; in
image networks Wang et al., "Non-local neural networks", CVPR (2018). Places have no codes of their own: what is where
is in the values that the convolutions give.
"""

from typing import Annotated, Literal

from aestudy.base.settings import Field
from aestudy.models import conv


class Parameters(conv.Parameters):
    """Keys of a convolutional model with self-attention: those of `conv`, and its heads."""

    architecture: Literal["attention"]
    """The kind of network: `attention`."""
    heads: Annotated[int, Field(ge=1, le=64)] = 4
    """Heads of the attention; they share the filters of the last stage, which they must divide."""


def misfit(parameters: Parameters, shape: tuple[int, int, int]) -> str | None:
    """Why images of `shape` (channels, height, width) do not fit, or None: as for `conv`; heads must divide filters."""
    filters = parameters.filters[-1]
    if filters % parameters.heads:
        return f"{parameters.heads} heads cannot share the {filters} filters of the last stage evenly"
    return conv.misfit(parameters, shape)


def build(parameters: Parameters, shape: tuple[int, int, int], latent: int | None = None):
    """Encoder and decoder for images of `shape` (channels, height, width); the size of the latent follows from both."""
    from aestudy.network.layers import SelfAttention

    encoder, decoder = conv.build(parameters, shape)
    encoder.append(SelfAttention(parameters.filters[-1], parameters.heads))
    return encoder, decoder
