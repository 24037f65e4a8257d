"""The limit (d): the time that the matrix products or the convolutions of a training step take by themselves.

Forward, and backward to inputs and weights (the first layer has no inputs to go back to), at the shapes, the layout and
the precision of contender (a), with nothing in between: no loss, no activation, no optimiser, no data.
"""

import itertools
import json
import sys

import torch
from protocol import answer

from aestudy.network import hardware

BATCH = 128


def products(latent: int, dtype: torch.dtype, device) -> list:
    """The matrix products of one step of the dense model, as functions."""
    calls = []
    widths = [784, 512, 256, latent, 256, 512, 784]
    for index, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
        x, weight, gradient = (
            torch.rand(shape, device=device).to(dtype)
            for shape in ((BATCH, inputs), (outputs, inputs), (BATCH, outputs))
        )
        calls.append(lambda x=x, weight=weight: x @ weight.T)
        calls.append(lambda x=x, gradient=gradient: gradient.T @ x)
        if index:
            calls.append(lambda gradient=gradient, weight=weight: gradient @ weight)
    return calls


def convolutions(dtype: torch.dtype, device) -> list:
    """The convolutions of one step of the convolutional model, as functions; the last two of them upsample.

    These are transposed convolutions, as in the study's model: see aestudy.network.layers.UpsampleConv2d.
    """
    calls = []
    stages = ((1, 64, 28, False), (64, 64, 14, False), (64, 64, 7, False), (64, 64, 7, True), (64, 1, 14, True))
    for index, (channels, filters, size, upsampled) in enumerate(stages):
        edge, stride = (4, 2) if upsampled else (3, 1)
        x, weight, gradient = (
            torch.rand(shape, device=device).to(dtype).to(memory_format=torch.channels_last)
            for shape in (
                (BATCH, channels, size, size),
                (channels, filters, edge, edge) if upsampled else (filters, channels, edge, edge),
                (BATCH, filters, stride * size, stride * size),
            )
        )
        bias = torch.zeros(filters, device=device, dtype=dtype)
        geometry = ([stride, stride], [1, 1], [1, 1], upsampled, [0, 0], 1)  # padding, dilation, output padding, groups
        needed = [index > 0, True, True]  # gradients of input, weight and bias
        calls.append(lambda x=x, w=weight, b=bias, g=geometry: torch.ops.aten.convolution(x, w, b, *g))
        calls.append(
            lambda x=x, w=weight, y=gradient, f=filters, g=geometry, n=needed: torch.ops.aten.convolution_backward(
                y, x, w, [f], *g, n
            )
        )
    return calls


def contender(model: str, images: int, threads: int, precision: str = "fp32", latent: int = 100):
    """A function that does the arithmetic of an epoch of `images` images and returns their number."""
    hardware.prepare(threads)
    device = hardware.select_device("auto")
    dtype = torch.bfloat16 if hardware.select_precision(precision, device) == "bf16" else torch.float32
    calls = products(latent, dtype, device) if model == "dense" else convolutions(dtype, device)

    def train() -> int:
        with torch.inference_mode():
            for _ in range(images // BATCH):
                for call in calls:
                    call()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return images // BATCH * BATCH

    return train


if __name__ == "__main__":
    answer(contender(**json.loads(sys.argv[1])))
