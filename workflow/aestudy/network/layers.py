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
