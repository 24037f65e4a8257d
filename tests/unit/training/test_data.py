"""What replicates are trained on: images, noise and order of each."""

import numpy as np
import pytest
import torch

from aestudy.base import seeds
from aestudy.base.identity import Validation
from aestudy.network.inputs import add_noise, split
from aestudy.training.data import TrainingData
from unit.conftest import gaussian

CPU = torch.device("cpu")


def data(identity, images, replicates=(0, 2), test_images=None) -> TrainingData:
    return TrainingData(identity, replicates, images, images[:7] if test_images is None else test_images, CPU)


def test_without_noise_the_networks_see_the_images_themselves(make_identity, make_bars):
    found = data(make_identity(), make_bars(30))
    assert found.inputs is found.images
    assert len(found.images) == 30 and found.chosen.shape == (2, 24)


def test_order_is_a_permutation_of_the_chosen_images_keyed_by_replicate_and_epoch(make_identity, make_bars):
    identity = make_identity()
    found = data(identity, make_bars(30))
    _, targets = found.order(1)
    for row, replicate in zip(targets, (0, 2), strict=True):
        assert sorted(row.tolist()) == split(identity, replicate, 30)[0].tolist()
    assert not torch.equal(targets[0], targets[1])
    assert not torch.equal(targets, found.order(2)[1])
    assert torch.equal(targets, data(identity, make_bars(30)).order(1)[1])
    assert torch.equal(targets[1:], data(identity, make_bars(30), replicates=[2]).order(1)[1])


def test_inputs_at_the_order_are_the_noisy_images_at_it(make_identity, make_bars):
    noise = gaussian(1e-4, clip=False, draw="each_epoch")
    found = data(make_identity(noise=noise), make_bars(30))
    found.draw_noise(1)
    inputs, targets = found.order(1)
    for r in range(2):
        assert 0 < (found.inputs[inputs[r]] - found.images[targets[r]]).abs().max() < 0.06


@pytest.mark.parametrize(("draw", "epoch"), [("once", 0), ("each_epoch", 3)])
def test_noise_has_the_key_of_replicate_and_epoch(make_identity, make_bars, draw, epoch):
    identity = make_identity(noise=gaussian(0.1, draw=draw))
    found = data(identity, make_bars(30))
    found.draw_noise(3)
    clean = found.images[found.chosen[1]]
    expected = add_noise(clean, identity.noise, seeds.key(7, 2, "training-noise", epoch))
    assert torch.equal(found.inputs[24:], expected)


def test_validation_images_are_those_held_out_under_noise_of_their_own(make_identity, make_bars):
    images = make_bars(30)
    identity = make_identity(noise=gaussian(0.1))
    found = data(identity, images)
    noisy, clean, levels = found.validation[1]
    assert levels is None  # this network is not told
    held_out = split(identity, 2, 30)[1]
    assert np.array_equal(clean.numpy(), images[held_out] / np.float32(255))
    assert torch.equal(noisy, add_noise(clean, identity.noise, seeds.key(7, 2, "validation-noise")))


def test_validation_may_be_the_test_set(make_identity, make_bars):
    tests = make_bars(9, seed=5)
    found = data(make_identity(validation=Validation(source="test")), make_bars(30), test_images=tests)
    for inputs, clean, _ in found.validation:
        assert inputs is clean
        assert np.array_equal(clean.numpy(), tests / np.float32(255))
    assert found.chosen.shape == (2, 30)
