"""Speckle, against scipy's distribution and scikit-image."""

import pytest
import torch
from scipy import stats
from skimage.util import random_noise

from aestudy.noise import speckle
from unit.noise.made_up import clipped_stays_in_range, close, generator, grey, parameters, same_generator_same_noise


@pytest.mark.parametrize(("sigma", "value"), [(0.1, 1.0), (0.5, 0.5), (2.0, 0.1)])
def test_has_scipys_distribution(sigma, value):
    noisy = speckle.add(grey(value, 20_000), sigma, parameters("speckle"), generator()).double().flatten()
    assert stats.kstest(noisy, stats.norm(value, value * sigma).cdf).pvalue > 1e-6


@pytest.mark.parametrize("clip", [True, False])
def test_has_the_distribution_of_scikit_image(clip):
    images = torch.rand(40, 1, 25, 25, generator=generator(3))
    ours = speckle.add(images, 0.3, parameters("speckle", clip=clip), generator()).double()
    theirs = random_noise(images.double().numpy(), "speckle", clip=clip, var=0.3**2, rng=1)
    assert stats.ks_2samp(ours.flatten(), theirs.flatten()).pvalue > 1e-6


def test_is_multiplied_with_the_image():
    images = torch.rand(2000, 1, 10, 10, generator=generator(3))
    noise = speckle.add(images, 0.4, parameters("speckle"), generator()) - images
    assert close(noise, 0)
    assert close((noise / images.clamp(min=1e-6))[images > 0.01].square(), 0.4**2)
    assert speckle.add(torch.zeros(2, 1, 4, 4), 0.4, parameters("speckle"), generator()).abs().max() == 0


def test_extremes():
    images = torch.rand(20, 1, 8, 8, generator=generator())
    assert (speckle.add(images, 1e-9, parameters("speckle"), generator()) - images).abs().max() < 1e-6
    strongest = speckle.add(images, speckle.LEVEL.highest, parameters("speckle", clip=True), generator())
    assert strongest.min() == 0 and strongest.max() == 1
    assert speckle.deviation(torch.tensor(0.3)).item() == pytest.approx(0.3)


def test_follows_from_its_generator_and_can_be_clipped():
    same_generator_same_noise("speckle", 0.3)
    clipped_stays_in_range("speckle", 0.5)
