"""Layers that torch does not have, or not in a form that trains fast or repeatably."""

import torch
from torch import nn
from torch.nn import functional


class Dropout(nn.Module):
    """Inverted dropout (Srivastava et al., 2014) by the mask that stands in `mask`: 1 / (1 - rate) where a value is
    kept, and 0 where it is dropped.

    The training engine draws the masks (see training.masks). torch's own dropout draws from the global generator,
    which would tie a result to whatever ran before it, and a captured GPU graph would repeat one mask for ever.
    """

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate
        self.register_buffer("mask", torch.ones(()), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        return x * self.mask

    def extra_repr(self) -> str:
        return f"rate={self.rate}"


class UpsampleConv2d(nn.Conv2d):
    """Nearest-neighbour upsampling by two, then a convolution with an odd kernel, as one transposed convolution.

    After upsampling, each pixel stands four times in the input, so that the convolution multiplies the same number by
    several weights and adds. Adding these weights first takes (k + 1)^2 / 4 products per output instead of k^2: for
    k = 3 less than half, and the upsampled images are never written to memory.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__(inputs, outputs, kernel, padding=kernel // 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (n, inputs, h, w) become (n, outputs, 2 h, 2 w)."""
        # A transposed convolution counts its kernel from the other end, and has inputs before outputs.
        weight = self.weight.flip(2, 3).transpose(0, 1)
        # Both pixels of a pair, in height and in width: the kernel and itself moved by one, (k + 1) x (k + 1).
        weight = functional.pad(weight, (1, 0)) + functional.pad(weight, (0, 1))
        weight = functional.pad(weight, (0, 0, 1, 0)) + functional.pad(weight, (0, 0, 0, 1))
        return functional.conv_transpose2d(x, weight, self.bias, stride=2, padding=self.padding)


class DoublingConvTranspose2d(nn.ConvTranspose2d):
    """A transposed convolution of stride 2 that doubles height and width as Keras's does with padding `same`.

    It is the gradient of a 3 x 3 convolution of stride 2 whose input of even size is padded by one pixel below and to
    the right. torch pads on both sides alike, which puts every output one pixel off.
    """

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, 3, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (n, inputs, h, w) become (n, outputs, 2 h, 2 w)."""
        return super().forward(x)[:, :, :-1, :-1]


class BatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation (Ioffe and Szegedy, 2015) in the precision of its running statistics, whatever comes in.

    They stay fp32 where a network computes in bf16: a mean that moves by a tenth of a difference would stand still.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wide = self.running_mean.dtype
        normalised = functional.batch_norm(
            x.to(wide),
            self.running_mean,
            self.running_var,
            self.weight.to(wide),
            self.bias.to(wide),
            self.training,
            self.momentum,
            self.eps,
        )
        return normalised.to(x.dtype)


class SelfAttention(nn.Module):
    """Self-attention of several heads (Vaswani et al., 2017) between the places of an image, with a normalisation of
    each place before it and a connection around it.

    While training it is written out, since torch cannot map its fused function over replicates. Elsewhere that one is
    used: its memory grows with the number of places, and not with the square of it, so that large pictures fit.
    """

    def __init__(self, channels: int, heads: int):
        """heads: they share the channels evenly."""
        super().__init__()
        self.heads = heads
        self.normalise = nn.LayerNorm(channels)
        self.project = nn.Linear(channels, 3 * channels)  # to queries, keys and values
        self.combine = nn.Linear(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (n, channels, h, w) become others of the same shape."""
        places = x.flatten(2).transpose(1, 2)  # (n, h w, channels)
        projected = self.project(self.normalise(places)).unflatten(2, (3, self.heads, -1))
        queries, keys, values = projected.permute(2, 0, 3, 1, 4)  # each (n, heads, h w, channels / heads)
        if self.training:
            scores = queries @ keys.transpose(2, 3) / queries.shape[3] ** 0.5
            attended = scores.softmax(3) @ values
        else:
            attended = functional.scaled_dot_product_attention(queries, keys, values)
        combined = self.combine(attended.transpose(1, 2).flatten(2))
        return x + combined.transpose(1, 2).unflatten(2, x.shape[2:])
