"""Uniform noise, against scipy's distribution."""

import pytest
import torch
from scipy import stats

from aestudy.noise import uniform
from unit.noise.made_up import clipped_stays_in_range, close, generator, grey, parameters, same_generator_same_noise


@pytest.mark.parametrize("half_width", [0.05, 0.5, 3.0])
def test_has_scipys_distribution(half_width):
    noisy = uniform.add(grey(0.25, 20_000), half_width, parameters("uniform"), generator()).double().flatten()
    assert stats.kstest(noisy - 0.25, stats.uniform(-half_width, 2 * half_width).cdf).pvalue > 1e-6


def test_moments_and_deviation():
    noise = uniform.add(grey(0.5), 0.3, parameters("uniform"), generator()) - 0.5
    assert close(noise, 0)
    assert close(noise.square(), 0.3**2 / 3)
    assert noise.abs().max() <= 0.3 + 1e-6
    assert uniform.deviation(torch.tensor(0.3)).item() == pytest.approx(stats.uniform(-0.3, 0.6).std())


def test_clipped_has_what_is_cut_off_at_the_ends():
    noisy = uniform.add(grey(0.1), 0.3, parameters("uniform", clip=True), generator())
    black = int((noisy == 0).sum())
    assert stats.binomtest(black, noisy.numel(), 0.2 / 0.6).pvalue > 1e-6


def test_extremes():
    images = torch.rand(20, 1, 8, 8, generator=generator())
    assert (uniform.add(images, 1e-9, parameters("uniform"), generator()) - images).abs().max() < 1e-6
    strongest = uniform.add(images, uniform.LEVEL.highest, parameters("uniform", clip=True), generator())
    assert strongest.min() == 0 and strongest.max() == 1


def test_follows_from_its_generator_and_can_be_clipped():
    same_generator_same_noise("uniform", 0.3)
    clipped_stays_in_range("uniform", 0.5)
