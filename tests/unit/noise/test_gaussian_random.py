"""Gaussian noise of a random deviation, against scipy's distributions and the noise of one level."""

import pytest
import torch
from scipy import stats

from aestudy.base.identity import Noise
from aestudy.network.inputs import add_noise_with_levels, deviations
from aestudy.noise import gaussian, gaussian_random
from unit.noise.made_up import clipped_stays_in_range, generator, parameters, same_generator_same_noise


@pytest.mark.parametrize("lowest_share", [0.0, 0.5, 1.0])
def test_deviations_are_drawn_evenly(lowest_share):
    keys = parameters("gaussian_random", lowest_share=lowest_share)
    largest = torch.full((20_000, 1, 1, 1), 0.4)
    drawn = gaussian_random.draw_levels(largest, keys, generator()).flatten().double()
    assert drawn.min() >= 0.4 * lowest_share - 1e-7 and drawn.max() <= 0.4 + 1e-7
    if lowest_share < 1:
        low = 0.4 * lowest_share
        assert stats.kstest(drawn, stats.uniform(low, 0.4 - low).cdf).pvalue > 1e-6
    assert torch.equal(largest, torch.full((20_000, 1, 1, 1), 0.4))


def test_each_image_has_noise_of_its_own_deviation():
    levels = torch.tensor([0.0, 0.05, 0.3, 2.0]).view(4, 1, 1, 1)
    images = torch.full((4, 1, 100, 100), 0.5)
    noise = gaussian_random.add(images, levels, parameters("gaussian_random"), generator()) - images
    assert noise[0].abs().max() == 0
    for own, level in zip(noise[1:], levels[1:].flatten(), strict=True):
        assert stats.kstest(own.double().flatten(), stats.norm(0, level.item()).cdf).pvalue > 1e-6


def test_equal_deviations_are_the_noise_of_one_level():
    images = torch.rand(5, 3, 6, 6, generator=generator(3))
    ours = gaussian_random.add(images, torch.full((5, 1, 1, 1), 0.3), parameters("gaussian_random"), generator(1))
    assert torch.allclose(ours, gaussian.add(images, 0.3**2, parameters("gaussian"), generator(1)), atol=1e-6)


def test_levels_come_with_the_noise():
    """A network that is told the strength of the noise is told that of each image."""
    noise = Noise(parameters=parameters("gaussian_random"), level=0.5)
    clean = torch.full((200, 1, 40, 40), 0.5)
    noisy, levels = add_noise_with_levels(clean, noise, seed=3)
    told = deviations(noise, levels, clean)
    measured = (noisy - clean).flatten(1).std(1)
    assert told.shape == (200,)
    assert torch.allclose(told, measured, rtol=0.12, atol=1e-3)
    again, _ = add_noise_with_levels(clean, noise, seed=3)
    assert torch.equal(noisy, again)


def test_follows_from_its_generator_and_can_be_clipped():
    same_generator_same_noise("gaussian_random", 0.3)
    clipped_stays_in_range("gaussian_random", 0.5)
