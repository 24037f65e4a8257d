"""Statistics of latent values, by hand and by known properties."""

import numpy as np
import pytest

from aestudy.scoring.latents import hoyer, statistics

LATENT = np.array([[0.0, 0.005, -0.005, 1.0], [-1.0, 2.0, 0.009, 0.02]], np.float32)


def test_by_hand():
    found = statistics(LATENT, 0.01)
    mean = (0.005 + 0.005 + 1 + 1 + 2 + 0.009 + 0.02) / 8
    assert found["sparsity"] == 4 / 8
    assert found["latent_mean"] == pytest.approx(mean)
    assert found["latent_average"] == pytest.approx((1 - 1 + 2 + 0.009 + 0.02) / 8, abs=1e-7)
    assert found["sparsity_relative"] == 5 / 8  # a tenth of the mean is 0.05
    sums, lengths = (1.01, 3.029), (np.sqrt(1 + 2 * 0.005**2), np.sqrt(1 + 4 + 0.009**2 + 0.02**2))
    expected = np.mean([(2 - total / length) / (2 - 1) for total, length in zip(sums, lengths, strict=True)])
    assert found["hoyer"] == pytest.approx(expected)


def test_a_latent_that_shrinks_is_sparser_below_a_fixed_number_alone():
    values = np.random.default_rng(0).normal(size=(200, 50)).astype(np.float32)
    before, after = statistics(values, 0.01), statistics(values / 100, 0.01)
    assert after["sparsity"] > 10 * before["sparsity"]
    for name in ("sparsity_relative", "hoyer"):
        assert after[name] == pytest.approx(before[name], abs=1e-4)


def test_share_below_a_tenth_of_the_mean_for_normal_values():
    """The mean magnitude is sqrt(2 / pi); P(|x| < 0.1 sqrt(2 / pi)) = 0.0636 from the normal distribution."""
    values = np.random.default_rng(0).normal(size=(2_000, 100))
    assert statistics(values, 0.01)["sparsity_relative"] == pytest.approx(0.0636, abs=0.002)


def test_ends_of_hoyers_sparseness():
    assert hoyer(np.full((1, 9), 3.0)) == pytest.approx([0])
    assert hoyer(np.eye(4)) == pytest.approx([1] * 4)
    assert hoyer(np.zeros((1, 4))) == pytest.approx([1])
    assert hoyer(np.array([[5.0], [0.0]])) == pytest.approx([1, 1])


def test_a_latent_of_zeros_is_sparse():
    found = statistics(np.zeros((3, 4), np.float32), 0.01)
    assert (found["sparsity"], found["sparsity_relative"], found["hoyer"], found["latent_mean"]) == (1, 1, 1, 0)
