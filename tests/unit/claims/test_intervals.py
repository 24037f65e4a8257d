"""Student's intervals, simultaneous ones and Holm's correction against scipy and against numbers worked out by hand.

How often they hold the true value is in test_coverage.
"""

import math

import numpy as np
import pytest
import scipy.stats

from aestudy.claims.intervals import Part, holm, largest, least, p_above

VALUES = (20.1, 20.4, 19.8, 20.0)


def part(*values: float) -> Part:
    return Part(np.array(values, float))


@pytest.mark.parametrize("level", [0.90, 0.95, 0.995])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_interval_is_students(count, level):
    values = VALUES[:count]
    reference = scipy.stats.ttest_1samp(values, 0).confidence_interval(level)
    assert part(*values).interval(level) == pytest.approx((reference.low, reference.high))


def test_interval_of_three_values_by_hand():
    """1, 2, 3: mean 2, deviation 1; Student's 0.975 quantile at 2 degrees of freedom is 4.3027 in every table."""
    found = part(1, 2, 3)
    assert (found.mean, found.deviation, found.replicates) == (2, 1, 3)
    assert found.interval() == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-4)


def test_a_single_value_has_no_interval():
    alone = part(20)
    assert alone.interval() is None and alone.ends() == (20, 20)
    assert math.isnan(alone.deviation) and math.isnan(p_above(alone, 0))
    assert least([alone]) is None and largest([part(1, 2), alone]) is None


def test_values_that_do_not_vary_have_an_interval_without_width():
    assert part(5, 5, 5).interval() == (5, 5)


def test_the_mirrored_part_has_the_mirrored_interval():
    found = Part(np.array(VALUES), "mnist")
    low, high = found.interval()
    assert found.mirrored().interval() == pytest.approx((-high, -low))
    assert found.mirrored().name == "mnist"


class TestLeast:
    """The interval for the least of several means."""

    def test_of_one_part_is_its_own(self):
        assert least([part(*VALUES)]) == pytest.approx(part(*VALUES).interval())
        assert largest([part(*VALUES)]) == pytest.approx(part(*VALUES).interval())

    def test_goes_from_the_lowest_low_end_to_the_lowest_simultaneous_high_end(self):
        parts = [part(1, 2, 3), part(10, 10.1, 9.9), part(1.5, 2.5, 3.5)]
        found = least(parts)
        # three parts: each high end is that of an interval at 1 - 0.05 / 3
        quantile = scipy.stats.t.ppf(1 - 0.05 / 3 / 2, 2)
        assert found == pytest.approx((2 - 4.302653 / 3**0.5, 2 + quantile / 3**0.5), abs=1e-5)

    def test_the_largest_is_its_mirror_image(self):
        parts = [part(1, 2, 3), part(4, 4.5, 4.2)]
        low, high = least([each.mirrored() for each in parts])
        assert largest(parts) == (-high, -low)

    def test_holds_the_observed_least(self):
        rng = np.random.default_rng(1)
        for _ in range(100):
            parts = [Part(rng.normal(size=4)) for _ in range(6)]
            low, high = least(parts)
            assert low <= min(each.mean for each in parts) <= high


@pytest.mark.parametrize("bound", [19.5, 20.0, 20.5])
def test_one_sided_p_is_that_of_scipy(bound):
    expected = scipy.stats.ttest_1samp(VALUES, bound, alternative="greater").pvalue
    assert p_above(part(*VALUES), bound) == pytest.approx(expected)


def test_one_sided_p_by_hand():
    """One degree of freedom: Student's distribution is Cauchy's, 1/2 - arctan(t) / pi. Here t = 2 / 1 = 2."""
    assert p_above(part(1, 3), 0) == pytest.approx(0.5 - math.atan(2) / math.pi)


class TestHolm:
    """The correction for the number of claims."""

    def test_by_hand(self):
        # sorted 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1 = 0.02, 0.03, 0.06, 0.04; never falling: 0.06 for the last
        np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
        np.testing.assert_allclose(holm([0.5, 0.9]), [1.0, 1.0])
        assert holm([]).size == 0

    def test_leaves_out_what_was_not_tested(self):
        np.testing.assert_allclose(holm([math.nan, 0.01, math.nan, 0.04]), [math.nan, 0.02, math.nan, 0.04])
        assert np.isnan(holm([math.nan])).all()
