"""Adam on one vector, against torch's own."""

import pytest
import torch

from aestudy.training import adam
from aestudy.training.adam import Adam


def vectors(size: int, steps: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """A start, and the gradient of each step."""
    generator = torch.Generator().manual_seed(0)
    return torch.randn(size, generator=generator), torch.randn(steps, size, generator=generator)


def expected(start: torch.Tensor, gradients: torch.Tensor, rate: float, epsilon: float) -> torch.Tensor:
    parameter = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([parameter], lr=rate, eps=epsilon, fused=False, foreach=False)
    for gradient in gradients:
        parameter.grad = gradient
        optimizer.step()
    return parameter.detach()


@pytest.mark.parametrize("epsilon", [1e-8, 1e-3])
@pytest.mark.parametrize("piece", [7, 100, 1 << 19])
def test_equals_torchs_adam_in_any_pieces(piece, epsilon, monkeypatch):
    monkeypatch.setattr(adam, "_PIECE", piece)
    values, gradients = vectors(100)
    right = expected(values, gradients, 0.01, epsilon)
    gradient = torch.empty(100)
    ours = Adam(values, gradient, None, 0.01, epsilon)
    for step in gradients:
        gradient.copy_(step)
        ours.step()
    assert torch.allclose(values, right, atol=1e-6)
    assert ours.steps.item() == 5


def test_a_rounded_copy_follows_the_values(monkeypatch):
    monkeypatch.setattr(adam, "_PIECE", 7)
    values, gradients = vectors(100)
    gradients = gradients.bfloat16()
    right = expected(values, gradients.float(), 0.01, 1e-8)
    gradient, rounded = torch.empty(100, dtype=torch.bfloat16), torch.empty(100, dtype=torch.bfloat16)
    ours = Adam(values, gradient, rounded, 0.01, 1e-8)
    for step in gradients:
        gradient.copy_(step)
        ours.step()
        assert torch.equal(rounded, values.bfloat16())
    assert torch.allclose(values, right, atol=1e-6)
    values.zero_()
    ours.round()
    assert not rounded.any()
