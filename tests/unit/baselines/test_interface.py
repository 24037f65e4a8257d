"""What a baseline may learn from: training images, and the noise to add to them."""

import numpy as np
import pytest

from aestudy.baselines.interface import Training
from unit.baselines.made_up import clipped_noise, digits, unit


def test_tuning_images_are_training_images():
    train, _ = digits()
    clean, noisy = Training(unit(train), clipped_noise, (), seed=0).tuning
    assert {image.tobytes() for image in clean} <= {image.tobytes() for image in unit(train)}
    assert len(clean) == 500
    assert noisy.shape == clean.shape


def test_tuning_images_of_reconstruction_are_their_own_inputs():
    train, _ = digits()
    clean, inputs = Training(unit(train), None, (), seed=0).tuning
    assert inputs is clean


def test_noise_level_is_the_root_mean_square_of_the_change():
    training = Training(unit(digits()[0]), lambda images, seed: images + np.float32(0.25), (), seed=0)
    assert training.noise_level == pytest.approx(0.25, rel=1e-6)


def test_each_draw_has_noise_of_its_own_and_the_same_every_time():
    train = unit(digits()[0])
    first, second = Training(train, clipped_noise, (), seed=0), Training(train, clipped_noise, (), seed=0)
    assert np.array_equal(first.noisy(0), second.noisy(0))
    assert not np.array_equal(first.noisy(0), first.noisy(1))
    assert not np.array_equal(first.noisy(0), Training(train, clipped_noise, (), seed=1).noisy(0))
