"""Replicates side by side: each computes and learns as if it were alone."""

import pytest
import torch

from aestudy.network.autoencoder import create
from aestudy.training.stack import Stack


def models(identity, count):
    return [create(identity, (1, 8, 8), replicate) for replicate in range(count)]


@pytest.fixture
def images():
    return torch.rand(3, 5, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def test_outputs_are_those_of_each_model(make_identity, images):
    stack = Stack(models(make_identity(), 3), 1e-2, 1e-8)
    logits, latent = stack(images, {})
    assert logits.shape == images.shape and latent.shape == (3, 5, 6)
    for replicate, model in enumerate(models(make_identity(), 3)):
        expected = model(images[replicate])
        assert torch.allclose(logits[replicate], expected[0], atol=1e-6)
        assert torch.allclose(latent[replicate], expected[1], atol=1e-6)


@pytest.mark.parametrize("count", [1, 3])
def test_a_step_is_that_of_torchs_adam_on_each_model(make_identity, images, count):
    stack, alone = Stack(models(make_identity(), count), 1e-2, 1e-8), models(make_identity(), count)
    optimizers = [torch.optim.Adam(model.parameters(), lr=1e-2, eps=1e-8, fused=False) for model in alone]
    for _ in range(3):
        stack.step(stack(images[:count], {})[0].square().sum())
        for replicate, (model, optimizer) in enumerate(zip(alone, optimizers, strict=True)):
            optimizer.zero_grad()
            model(images[replicate])[0].square().sum().backward()
            optimizer.step()
    for ours, model in zip(stack.unstack(), alone, strict=True):
        for name, value in model.state_dict().items():
            assert torch.allclose(ours.state_dict()[name], value, atol=1e-5), name


def test_masks_are_a_replicates_own(make_identity, images):
    stack = Stack(models(make_identity("conv"), 2), 1e-2, 1e-8)
    names = [name for name, module in stack.template.named_modules() if type(module).__name__ == "Dropout"]
    kept, dropped = torch.ones(5, 4, 4, 4), torch.zeros(5, 4, 4, 4)
    masks = {names[0]: torch.stack([kept, dropped]), names[1]: torch.ones(2, 5, 6, 2, 2)}
    same = images[:1].expand(2, -1, -1, -1, -1)
    _, latent = stack(same, masks)
    expected = create(make_identity("conv"), (1, 8, 8), 0).eval()(images[0])[1]
    assert torch.allclose(latent[0], expected, atol=1e-6)
    assert latent[1].flatten(1).std(0).max() < 1e-6  # nothing of the image passes


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("count", [1, 2])
def test_state_that_is_taken_over_continues_to_the_same_bits(make_identity, images, count, precision):
    def step(stack):
        stack.step(stack(images[:count], {})[0].float().square().sum())

    first = Stack(models(make_identity(), count), 1e-2, 1e-8, precision)
    step(first)
    state = {name: tensor.clone() for name, tensor in first.state().items()}
    second = Stack(models(make_identity(seed=8), count), 1e-2, 1e-8, precision)
    second.load(state)
    step(first)
    step(second)
    assert first.state().keys() == second.state().keys()
    for name, tensor in first.state().items():
        assert torch.equal(second.state()[name], tensor), name


def test_state_of_other_networks_is_refused(make_identity):
    stack = Stack(models(make_identity(), 1), 1e-2, 1e-8)
    with pytest.raises(RuntimeError):
        stack.load(Stack(models(make_identity(latent=5), 1), 1e-2, 1e-8).state())
    with pytest.raises(KeyError):
        stack.load({})
