"""Losses: against torch's own functions."""

import pytest
import torch
from torch.nn import functional

from aestudy.training import losses

TORCH = {
    "bce": functional.binary_cross_entropy_with_logits,
    "mse": lambda logits, target: functional.mse_loss(torch.sigmoid(logits), target),
    "l1": lambda logits, target: functional.l1_loss(torch.sigmoid(logits), target),
}


def example(replicates=2, scale=3.0):
    generator = torch.Generator().manual_seed(1)
    logits = scale * torch.randn(replicates, 5, 2, 4, 3, generator=generator)
    target = torch.rand(logits.shape, generator=generator)
    target[target < 0.5] = 0
    return logits.requires_grad_(), target


@pytest.mark.parametrize("name", TORCH)
def test_value_and_gradient_are_torchs_in_double_precision(name):
    logits, target = example()
    exact = logits.detach().double().requires_grad_()
    expected = torch.stack([TORCH[name](x, t) for x, t in zip(exact, target.double(), strict=True)])
    found = losses.select(name, "logits")(logits, target)
    assert torch.allclose(found.double(), expected, rtol=0, atol=1e-7)
    weights = torch.tensor([1.0, 3.0])  # each replicate's gradient follows its own loss
    (found * weights).sum().backward()
    (expected * weights).sum().backward()
    # gradients are of the order of 1 / (pixels of a batch)
    assert torch.allclose(logits.grad.double(), exact.grad, rtol=0, atol=1e-7 * 3 / target[0].numel() * 10)


@pytest.mark.parametrize("scale", [1e-3, 30.0, 300.0])
def test_cross_entropy_of_extreme_logits_is_finite_and_right(scale):
    logits, target = example(scale=scale)
    exact = TORCH["bce"](logits.detach().double(), target.double()).item()
    found = losses.bce(logits, target)
    found.sum().backward()
    assert found.mean().item() == pytest.approx(exact, rel=1e-6, abs=1e-7)
    assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("name", ["mse", "l1"])
def test_losses_of_an_image_take_it_as_it_is(name):
    image, target = example()
    expected = {"mse": functional.mse_loss, "l1": functional.l1_loss}[name](image[1], target[1])
    assert losses.select(name, "image")(image, target)[1].item() == pytest.approx(expected.item(), rel=1e-6)
