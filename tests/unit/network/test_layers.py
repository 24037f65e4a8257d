"""Layers of our own, against what torch has."""

import pytest
import torch
from torch.nn import functional

from aestudy.network.layers import Dropout, UpsampleConv2d


@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_upsampled_convolution_equals_upsampling_and_then_convolution(kernel):
    layer = UpsampleConv2d(3, 4, kernel).double()
    x = torch.rand(2, 3, 5, 6, dtype=torch.float64, requires_grad=True)
    expected = functional.conv2d(functional.interpolate(x, scale_factor=2), layer.weight, layer.bias, padding="same")
    assert torch.allclose(layer(x), expected, atol=1e-12)
    upstream = torch.rand_like(expected)
    inputs = (x, layer.weight, layer.bias)
    for ours, theirs in zip(
        torch.autograd.grad(layer(x), inputs, upstream), torch.autograd.grad(expected, inputs, upstream), strict=True
    ):
        assert torch.allclose(ours, theirs, atol=1e-11)


def test_dropout_does_nothing_when_not_training_or_at_rate_zero():
    x = torch.rand(100)
    dropping, keeping = Dropout(0.5), Dropout(0.0)
    dropping.mask = keeping.mask = torch.zeros(100)
    assert torch.equal(dropping.eval()(x), x)
    assert torch.equal(keeping.train()(x), x)
    assert not dropping.train()(x).any()


def test_a_mask_is_not_among_the_weights():
    assert not Dropout(0.5).state_dict()
