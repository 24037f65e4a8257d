"""Principal components, against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from unit.baselines.made_up import digits, only, unit


def test_pca_equals_scikit_learn():
    train, test = digits()
    rows = unit(train).astype(np.float64).reshape(len(train), -1)
    inputs = unit(test).astype(np.float64).reshape(len(test), -1)
    restorers = only("pca", train, latents=[20, 3, 20])
    assert [restorer.latent for restorer in restorers] == [3, 20]
    for restorer in restorers:
        trusted = PCA(restorer.latent, svd_solver="full").fit(rows)
        expected = np.clip(trusted.inverse_transform(trusted.transform(inputs)), 0, 1)
        assert restorer.restore(unit(test)).reshape(inputs.shape) == pytest.approx(expected, abs=1e-6)


def test_pca_leaves_out_codes_as_large_as_the_image():
    train, _ = digits()
    assert [restorer.latent for restorer in only("pca", train, latents=[10, 64, 3136])] == [10]
