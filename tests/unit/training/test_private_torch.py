"""What is used of torch without being documented there: it must still be there, and do what the documented way does."""

import pytest
import torch

from aestudy.training import private_torch

SETTINGS = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "weight_decay": 0.0, "eps": 1e-8}
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def test_torch_has_the_functions():
    assert callable(torch._fused_adam_)
    assert callable(torch._foreach_copy_)


@pytest.mark.parametrize("device", DEVICES)
def test_fused_adam_is_the_step_of_torchs_fused_optimizer(device):
    """`torch._fused_adam_`, against torch.optim.Adam(fused=True) on the same gradients: to the same bits."""
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(1_000, generator=generator).to(device)
    documented = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([documented], lr=0.01, betas=(0.9, 0.999), eps=1e-8, fused=True)
    value, first, second = start.clone(), torch.zeros_like(start), torch.zeros_like(start)
    for step in range(1, 6):
        gradient = torch.randn(1_000, generator=generator).to(device)
        documented.grad = gradient.clone()
        optimizer.step()
        steps = torch.tensor(float(step), device=device)
        private_torch.fused_adam(value, gradient, first, second, steps, **SETTINGS, amsgrad=False, maximize=False)
        assert torch.equal(value, documented.detach())
        assert steps.item() == step  # it reads the count and leaves it to the caller
    state = optimizer.state[documented]
    assert torch.equal(first, state["exp_avg"]) and torch.equal(second, state["exp_avg_sq"])


@pytest.mark.parametrize("device", DEVICES)
def test_copy_all_is_a_copy_of_each(device):
    """`torch._foreach_copy_`, with other types and memory layouts among the sources."""
    sources = [
        torch.rand(3, 4, device=device),
        torch.rand(2, 3, 4, 5, device=device).to(memory_format=torch.channels_last),
        torch.rand(7, device=device, dtype=torch.float64),
    ]
    targets = [torch.zeros(source.shape, device=device) for source in sources]
    storage = [target.data_ptr() for target in targets]
    private_torch.copy_all(targets, sources)
    for target, source in zip(targets, sources, strict=True):
        assert torch.equal(target, source.float())
    assert [target.data_ptr() for target in targets] == storage
