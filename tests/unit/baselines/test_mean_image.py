"""The mean of the training images."""

import numpy as np
import pytest

from unit.baselines.made_up import digits, only, unit


def test_mean_image_ignores_its_input():
    train, test = digits()
    (restorer,) = only("mean_image", train)
    expected = np.broadcast_to(train.mean(axis=0) / 255, test.shape)
    assert restorer.restore(unit(test)) == pytest.approx(expected, abs=1e-6)
