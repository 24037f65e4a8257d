"""Poisson noise, against scipy's distribution and scikit-image."""

import numpy as np
import pytest
import torch
from scipy import stats
from skimage.util import random_noise

from aestudy.noise import poisson
from unit.noise.made_up import clipped_stays_in_range, close, generator, grey, parameters, same_generator_same_noise


@pytest.mark.parametrize(("peak", "value"), [(1, 0.5), (10, 0.2), (30, 1.0), (300, 0.7)])
def test_has_scipys_distribution(peak, value):
    counts = (poisson.add(grey(value), peak, parameters("poisson"), generator()) * peak).round().long().flatten()
    expected = stats.poisson(peak * value)
    low, high = int(expected.ppf(0.001)), int(expected.ppf(0.999))
    cells = np.clip(counts.numpy(), low, high)  # the rare counts at both ends go into the outermost cells
    found = np.bincount(cells - low, minlength=high - low + 1)
    shares = np.diff([0, *expected.cdf(np.arange(low, high)), 1])
    assert stats.chisquare(found, shares * len(cells)).pvalue > 1e-6


def test_has_the_moments_of_scikit_image():
    """Its peak is the number of grey levels, rounded up to a power of two: 256 for images of 8 bits."""
    images = (torch.arange(256) / 255).repeat(1, 1, 400, 1)
    ours = poisson.add(images, 256, parameters("poisson"), generator())
    theirs = torch.from_numpy(random_noise(images.double().numpy(), "poisson", clip=False, rng=1))
    for noisy in (ours.double(), theirs):
        spread = (noisy - images).square() / images.clamp(min=1 / 255)
        assert close(noisy - images, 0)
        assert close(spread[..., 1:], 1 / 256)
    assert stats.ks_2samp(ours[..., 200].flatten(), theirs[..., 200].flatten()).pvalue > 1e-6


def test_mean_and_deviation_at_white():
    noise = poisson.add(grey(1.0), 20, parameters("poisson"), generator()) - 1
    assert close(noise, 0)
    assert close(noise.square(), 1 / 20)
    assert poisson.deviation(torch.tensor(20.0)).item() == pytest.approx(20**-0.5)


def test_extremes():
    images = torch.rand(20, 1, 8, 8, generator=generator())
    strongest = poisson.add(images, 1e-6, parameters("poisson", clip=True), generator())
    assert strongest.unique().tolist() in ([0.0], [0.0, 1.0])  # not a photon, or more than white
    weakest = poisson.add(images, poisson.LEVEL.highest, parameters("poisson"), generator())
    assert (weakest - images).abs().max() < 0.01
    assert poisson.add(torch.zeros(2, 1, 4, 4), 10, parameters("poisson"), generator()).unique().tolist() == [0.0]
    assert poisson.LEVEL.strength(10) > poisson.LEVEL.strength(30)


def test_follows_from_its_generator_and_can_be_clipped():
    same_generator_same_noise("poisson", 10)
    clipped_stays_in_range("poisson", 3)
