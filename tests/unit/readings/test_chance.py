"""What fits by accident, with numbers that are known."""

import numpy as np
import pytest
import scipy.stats

from aestudy.readings.chance import DRAWS, chosen_by, fits, fitting_random_numbers

NUMBERS = np.array([True, True, False])
DISTANCES = np.array(
    [
        [0.5, 0.9, 0.0],
        [1.0, 3.0, 0.0],
        [0.2, 0.3, 0.1],
        [2.0, 0.1, 0.0],
    ]
)


def test_numbers_fit_within_their_tolerance_and_signs_as_claimed():
    assert fits(DISTANCES, NUMBERS).tolist() == [True, False, False, False]


def test_readings_that_one_experiment_chooses_in_another_one():
    """By the first target: three readings fit, and the third is nearest. Of all four, three fit the second target."""
    second, third = chosen_by("a", ["a", "b", "c"], DISTANCES, NUMBERS)
    assert (second.experiment, second.chosen, second.fitting, second.share_of_all) == ("b", 3, 2, 0.75)
    assert (second.nearest, second.median_of_all) == (0.3, pytest.approx(0.6))
    assert (third.experiment, third.chosen, third.fitting, third.share_of_all) == ("c", 3, 2, 0.75)
    assert (third.nearest, third.median_of_all) == (0.1, 0.0)


def test_an_experiment_may_have_several_targets():
    (other,) = chosen_by("a", ["a", "b", "b"], DISTANCES, NUMBERS)
    assert (other.chosen, other.fitting, other.share_of_all) == (3, 1, 0.5)
    assert other.nearest == 0.3


def test_of_equally_near_readings_the_median_counts():
    distances = np.array([[0.0, 1.0], [0.0, 2.0], [0.0, 5.0], [3.0, 0.0]])
    (other,) = chosen_by("a", ["a", "b"], distances, np.array([True, True]))
    assert (other.chosen, other.nearest) == (3, 2.0)


class TestRandomNumbers:
    """Against probabilities of the normal distribution and of a coin."""

    def share(self, observed, tolerances, numbers, holds) -> float:
        found = fitting_random_numbers(np.array(observed), np.array(tolerances), np.array(numbers), np.array(holds), 1)
        assert len(found) == DRAWS
        return found.mean() / len(observed)

    def test_a_number_is_fitted_as_often_as_a_normal_one_falls_within_the_tolerance(self):
        """Two readings at -1 and 1: mean 0, deviation 1; P(|N(0, 1) - 1| <= 0.5)."""
        right = scipy.stats.norm.cdf(1.5) - scipy.stats.norm.cdf(0.5)
        found = self.share([[-1.0], [1.0]], [0.5], [True], [[False], [False]])
        assert found == pytest.approx(right, abs=4 * (right * (1 - right) / DRAWS) ** 0.5)

    def test_a_sign_is_as_claimed_half_of_the_time(self):
        found = self.share([[-1.0]], [0.0], [False], [[True]])
        assert found == pytest.approx(0.5, abs=4 * 0.5 / DRAWS**0.5)

    def test_targets_are_drawn_by_themselves(self):
        """Three signs that all hold: an eighth."""
        found = self.share([[1.0, 1.0, 1.0]], [0.0] * 3, [False] * 3, [[True] * 3])
        assert found == pytest.approx(1 / 8, abs=4 * (7 / 64 / DRAWS) ** 0.5)

    def test_the_seed_decides(self):
        given = np.array([[-1.0], [1.0]]), np.array([0.5]), np.array([True]), np.array([[False], [False]])
        one, same, other = (fitting_random_numbers(*given, seed) for seed in (1, 1, 2))
        assert np.array_equal(one, same) and not np.array_equal(one, other)
