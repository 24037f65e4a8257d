"""Salt-and-pepper noise, against scipy's distribution and scikit-image."""

import pytest
import torch
from scipy import stats
from skimage.util import random_noise

from aestudy.noise import salt_and_pepper
from unit.noise.made_up import generator, grey, parameters, same_generator_same_noise

PARAMETERS = parameters("salt_and_pepper")


def counts(images) -> tuple[int, int]:
    """Values of 0 and of 1."""
    return int((images == 0).sum()), int((images == 1).sum())


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_shares_are_binomial(share):
    noisy = salt_and_pepper.add(grey(0.5), share, PARAMETERS, generator())
    pepper, salt = counts(noisy)
    for count in (pepper, salt):
        assert stats.binomtest(count, noisy.numel(), share / 2).pvalue > 1e-6
    assert noisy.unique().tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_replaces_as_many_as_scikit_image(share):
    images = grey(0.5)
    ours = counts(salt_and_pepper.add(images, share, PARAMETERS, generator()))
    theirs = counts(torch.from_numpy(random_noise(images.double().numpy(), "s&p", amount=share, rng=1)))
    for one, two in zip(ours, theirs, strict=True):
        table = [[one, images.numel() - one], [two, images.numel() - two]]
        assert stats.chi2_contingency(table).pvalue > 1e-6


def test_channels_are_replaced_independently():
    replaced = salt_and_pepper.add(torch.full((500, 3, 20, 20), 0.5), 0.4, PARAMETERS, generator()) != 0.5
    both = int((replaced[:, 0] & replaced[:, 1]).sum())
    assert stats.binomtest(both, replaced[:, 0].numel(), 0.4**2).pvalue > 1e-6


def test_extremes():
    images = grey(0.5)
    all_replaced = salt_and_pepper.add(images, salt_and_pepper.LEVEL.highest, PARAMETERS, generator())
    assert all_replaced.unique().tolist() == [0.0, 1.0]
    assert torch.equal(salt_and_pepper.add(images, 1e-12, PARAMETERS, generator()), images)


def test_deviation_is_that_on_middle_grey():
    noise = salt_and_pepper.add(grey(0.5), 0.2, PARAMETERS, generator()) - 0.5
    assert salt_and_pepper.deviation(torch.tensor(0.2)).item() == pytest.approx(noise.std().item(), rel=0.02)


def test_follows_from_its_generator():
    same_generator_same_noise("salt_and_pepper", 0.3)
