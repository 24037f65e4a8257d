"""What fits by accident, with numbers that are known."""

import numpy as np
import pytest
import scipy.stats

from aestudy.readings.chance import DRAWS, against_random_reports, chosen_by, fits

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


@pytest.mark.parametrize(
    ("second", "nearest", "as_near"),
    [
        ([1.0, 2.0, 5.0, 0.0, 9.0], 1.0, 1.0),
        ([1.0, 0.0, 5.0, 0.0, 9.0], 0.0, 1.0),
        ([1.0, 2.0, 5.0, 4.0, 9.0], 1.0, 0.5),
    ],
)
def test_readings_that_one_experiment_cannot_tell_apart_are_one_choice(second, nearest, as_near):
    """Three and two are alike in the first experiment; of either group the best one in the second experiment counts."""
    distances = np.column_stack([[0.0, 0.0, 0.0, 3.0, 3.0], second])
    (other,) = chosen_by("a", ["a", "b"], distances, np.array([True, True]))
    assert (other.tied, other.nearest, other.as_near) == (3, nearest, as_near)


class TestRandomReports:
    """Against probabilities of the normal distribution and of a coin."""

    def found(self, observed, tolerances, numbers, beyond, seed=1):
        found = against_random_reports(*map(np.array, (observed, tolerances, numbers, beyond)), seed)
        assert len(found.fitting) == len(found.nearest) == DRAWS
        return found

    def share(self, observed, tolerances, numbers, beyond) -> float:
        return self.found(observed, tolerances, numbers, beyond).fitting.mean() / len(observed)

    def test_a_number_is_fitted_as_often_as_a_normal_one_falls_within_the_tolerance(self):
        """Two readings at -1 and 1: mean 0, deviation 1; P(|N(0, 1) - 1| <= 0.5)."""
        right = scipy.stats.norm.cdf(1.5) - scipy.stats.norm.cdf(0.5)
        found = self.share([[-1.0], [1.0]], [0.5], [True], [[0.0], [0.0]])
        assert found == pytest.approx(right, abs=4 * (right * (1 - right) / DRAWS) ** 0.5)

    def test_a_sign_is_as_claimed_half_of_the_time(self):
        found = self.share([[-1.0]], [0.0], [False], [[-0.5]])
        assert found == pytest.approx(0.5, abs=4 * 0.5 / DRAWS**0.5)

    def test_targets_are_drawn_by_themselves(self):
        """Three signs that all hold: an eighth."""
        found = self.share([[1.0, 1.0, 1.0]], [0.0] * 3, [False] * 3, [[-1.0] * 3])
        assert found == pytest.approx(1 / 8, abs=4 * (7 / 64 / DRAWS) ** 0.5)

    def test_the_nearest_reading_is_as_far_as_its_worst_target(self):
        """A sign that holds by 2 of its scale is that far off once it is turned; one that fails by 3, until it is."""
        assert set(self.found([[1.0]], [0.0], [False], [[-2.0]]).nearest) == {0.0, 2.0}
        assert set(self.found([[1.0, 1.0]], [0.0] * 2, [False] * 2, [[-2.0, 3.0]]).nearest) == {0.0, 2.0, 3.0}
        assert set(self.found([[1.0], [1.0]], [0.0], [False], [[-2.0], [-1.0]]).nearest) == {0.0, 1.0}

    def test_the_distance_from_a_random_number_is_in_tolerances(self):
        """One reading at 0 of two: the number is normal, and the median of |N(0, 1) - 1| / 0.5 is known."""
        found = self.found([[-1.0], [1.0]], [0.5], [True], [[0.0], [0.0]]).nearest
        expected = np.abs(np.abs(np.random.default_rng(5).normal(size=200_000)) - 1) / 0.5
        assert np.median(found) == pytest.approx(np.median(expected), rel=0.08)

    def test_the_seed_decides(self):
        given = [[-1.0], [1.0]], [0.5], [True], [[0.0], [0.0]]
        one, same, other = (self.found(*given, seed=seed) for seed in (1, 1, 2))
        assert np.array_equal(one.nearest, same.nearest) and not np.array_equal(one.nearest, other.nearest)
