"""Gaussian noise, against torchvision and its own variance."""

import pytest
import torch
from torchvision.transforms import v2

from aestudy.noise import gaussian


def parameters(clip: bool) -> gaussian.Parameters:
    return gaussian.Parameters(kind="gaussian", clip=clip, draw="once")


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("variance", [0.01, 0.25])
def test_equals_torchvision(variance, clip):
    images = torch.rand(20, 1, 8, 8)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        expected = v2.GaussianNoise(sigma=variance**0.5, clip=clip)(images)
    ours = gaussian.add(images, variance, parameters(clip), torch.Generator().manual_seed(5))
    assert torch.allclose(ours, expected, atol=1e-6)


def test_unclipped_noise_has_the_variance_asked_for():
    images = torch.full((200, 1, 50, 50), 0.5)
    noise = gaussian.add(images, 0.2, parameters(clip=False), torch.Generator().manual_seed(0)) - images
    assert noise.mean().item() == pytest.approx(0, abs=5 * (0.2 / noise.numel()) ** 0.5)
    assert noise.var().item() == pytest.approx(0.2, rel=0.01)


def test_clipped_noise_stays_in_range_and_leaves_the_input_alone():
    images = torch.rand(10, 1, 8, 8)
    before = images.clone()
    noisy = gaussian.add(images, 0.5, parameters(clip=True), torch.Generator().manual_seed(0))
    assert noisy.min() >= 0 and noisy.max() <= 1
    assert torch.equal(images, before)
