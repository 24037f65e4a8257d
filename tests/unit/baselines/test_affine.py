"""The affine map, against numpy's least squares."""

import numpy as np
import pytest

from aestudy.scoring import scores
from unit.baselines.made_up import clipped_noise, digits, only, unit


def test_affine_recovers_a_known_affine_map():
    generator = np.random.default_rng(0)
    train, test = (generator.integers(0, 256, (n, 1, 4, 5), dtype=np.uint8) for n in (300, 50))
    mixing = np.eye(20) + 0.1 * generator.standard_normal((20, 20))

    def mix(images, seed):
        return (images.reshape(len(images), -1) @ mixing + 0.3).astype(np.float32).reshape(images.shape)

    (restorer,) = only("affine", train, mix)
    assert restorer.restore(mix(unit(test), 0)) == pytest.approx(unit(test), abs=1e-4)


def test_affine_equals_least_squares_even_with_a_pixel_that_never_changes():
    generator = np.random.default_rng(0)
    train, test = (generator.integers(0, 256, (n, 2, 3, 4), dtype=np.uint8) for n in (400, 50))
    train[:, :, 0, 0] = test[:, :, 0, 0] = 0

    def shrink(images, seed):  # the same for each seed, so that repeated draws change nothing
        return (images * np.random.default_rng(5).uniform(0.2, 1, images.shape)).astype(np.float32)

    def design(images):
        return np.column_stack([shrink(unit(images), 0).reshape(len(images), -1), np.ones(len(images))]).astype(float)

    weights = np.linalg.lstsq(design(train), unit(train).reshape(len(train), -1), rcond=None)[0]
    (restorer,) = only("affine", train, shrink)
    restored = restorer.restore(shrink(unit(test), 0))
    assert restored.reshape(len(test), -1) == pytest.approx(np.clip(design(test) @ weights, 0, 1), abs=1e-6)


def test_affine_does_not_learn_the_noise_of_a_small_training_set_by_heart():
    train, test = digits()
    train, noisy = train[:200], clipped_noise(unit(test), 3)

    def design(images):
        return np.column_stack([images.reshape(len(images), -1), np.ones(len(images))])

    drawn_once = clipped_noise(unit(train), 4)
    weights = np.linalg.lstsq(design(drawn_once), unit(train).reshape(len(train), -1), rcond=None)[0]
    overfitted = np.clip(design(noisy) @ weights, 0, 1).reshape(test.shape)
    (restorer,) = only("affine", train, clipped_noise)
    assert scores.mse(unit(test), restorer.restore(noisy)).mean() < scores.mse(unit(test), overfitted).mean()
