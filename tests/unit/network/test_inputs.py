"""Images as a network is given them: split, on the device, with noise."""

import numpy as np
import pytest
import torch

from aestudy.base.identity import Validation
from aestudy.network.inputs import add_noise, split, to_device
from unit.conftest import gaussian

CPU = torch.device("cpu")


def test_split_takes_its_share_from_the_training_set(make_identity):
    chosen, held_out = split(make_identity(), 0, 1_000)
    assert len(held_out) == 200
    assert sorted([*chosen, *held_out]) == list(range(1_000))


def test_split_is_a_replicates_own(make_identity):
    first, again, other = (split(make_identity(), replicate, 1_000)[1] for replicate in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, split(make_identity(seed=8), 0, 1_000)[1])


def test_at_least_one_image_is_held_out(make_identity):
    assert [len(part) for part in split(make_identity(), 0, 2)] == [1, 1]


def test_with_the_test_set_for_validation_all_images_are_trained_on(make_identity):
    chosen, held_out = split(make_identity(validation=Validation(source="test")), 0, 40)
    assert chosen.tolist() == list(range(40)) and len(held_out) == 0


def test_pixels_are_brought_to_one():
    images = to_device(np.array([[[[0, 51, 255]]]], np.uint8), CPU)
    assert images.dtype == torch.float32
    assert images.flatten().tolist() == pytest.approx([0, 0.2, 1])


def test_without_noise_the_images_are_the_same_tensor():
    clean = torch.rand(2, 1, 3, 3)
    assert add_noise(clean, None, 1) is clean


def test_noise_has_the_level_asked_for_and_follows_from_the_seed():
    clean = torch.full((500, 1, 20, 20), 0.5)
    noisy = add_noise(clean, gaussian(0.2, clip=False), 1)
    assert (noisy - clean).var().item() == pytest.approx(0.2, rel=0.02)
    assert torch.equal(noisy, add_noise(clean, gaussian(0.2, clip=False), 1))
    assert not torch.equal(noisy, add_noise(clean, gaussian(0.2, clip=False), 2))
    assert add_noise(clean, gaussian(0.2, clip=True), 1).max() <= 1
