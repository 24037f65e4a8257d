"""Noise and the keyed generators behind it."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from aestudy.base import seeds
from aestudy.noise import gaussian


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("variance", [0.01, 0.25])
def test_equals_torchvision(variance, clip):
    images = torch.rand(20, 1, 8, 8)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        expected = v2.GaussianNoise(sigma=variance**0.5, clip=clip)(images)
    ours = gaussian.add(images, variance, {"clip": clip}, torch.Generator().manual_seed(5))
    assert torch.allclose(ours, expected, atol=1e-6)


def test_unclipped_noise_has_the_variance_asked_for():
    images = torch.full((200, 1, 50, 50), 0.5)
    noise = gaussian.add(images, 0.2, {"clip": False}, torch.Generator().manual_seed(0)) - images
    assert noise.mean().item() == pytest.approx(0, abs=5 * (0.2 / noise.numel()) ** 0.5)
    assert noise.var().item() == pytest.approx(0.2, rel=0.01)


def test_clipped_noise_stays_in_range_and_leaves_the_input_alone():
    images = torch.rand(10, 1, 8, 8)
    before = images.clone()
    noisy = gaussian.add(images, 0.5, {"clip": True}, torch.Generator().manual_seed(0))
    assert noisy.min() >= 0 and noisy.max() <= 1
    assert torch.equal(images, before)


class TestSeeds:
    def test_every_part_of_the_key_counts(self):
        keys = {
            seeds.key(*parts)
            for parts in [(1, 0, "order"), (2, 0, "order"), (1, 1, "order"), (1, 0, "noise"), (1, 0, "order", 1)]
        }
        assert len(keys) == 5

    def test_keys_fit_a_generator_and_are_fixed(self):
        # Fixed for good: a change would change every result of every study.
        assert (
            seeds.key(2025, 0, "order", 1) == 2255628944500987983
        )  # first 8 bytes of sha256("2025/0/order/1"), halved
        assert all(0 <= seeds.key(s, 0, "x") < 2**63 for s in range(100))

    def test_generators_repeat(self):
        draws = [torch.rand(3, generator=seeds.torch_generator(1, 2, "x", 3)) for _ in range(2)]
        assert torch.equal(*draws)
        assert np.array_equal(*(seeds.numpy_generator(1, 2, "x", 3).random(3) for _ in range(2)))
