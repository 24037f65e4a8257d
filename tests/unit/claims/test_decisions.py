"""What is decided about a part: against tests of scipy, worked-out cases at the edges, and simulation."""

import itertools
import math

import numpy as np
import pytest
import scipy.stats

from aestudy.claims.decisions import (
    FAILS,
    HOLDS,
    MOST_REPLICATES,
    OPEN,
    decided,
    distance,
    p_value,
    power,
    replicates_for,
    state,
)
from aestudy.claims.intervals import Part
from aestudy.claims.records import Expectation

SIMULATED = 40_000
"""Made-up studies per case: the standard error of a share is at most 0.0025."""


def part(*values: float) -> Part:
    return Part(np.array(values, float))


def standardised(mean: float, deviation: float, replicates: int) -> Part:
    """A part with exactly this mean and this standard deviation over replicates."""
    values = np.random.default_rng(replicates).normal(size=replicates)
    return Part(mean + deviation * (values - values.mean()) / values.std(ddof=1))


def expect(text: str) -> Expectation:
    """`> 0`, `~ 0` or `= 3` as an expectation."""
    relation, value = text.split()
    return Expectation(relation, float(value))


class TestState:
    """`holds`, `fails` or `open`."""

    @pytest.mark.parametrize(
        ("expected", "tolerance", "value", "right"),
        [
            ("= 20", 1, 20.5, HOLDS),
            ("= 20", 1, 21, HOLDS),
            ("= 20", 1, 21.001, FAILS),
            ("= 20", 1, 18.9, FAILS),
            ("= 20.38", 0.4, 20.78, HOLDS),  # 20.78 - 20.38 is a little more than 0.4 in binary
            ("= 20", 0, 20, HOLDS),
            ("~ 0", 0.5, -0.5, HOLDS),
            ("~ 0", 0.5, -0.51, FAILS),
            ("> 0", 0, 1e-6, HOLDS),
            ("> 0", 0, 0, FAILS),
            (">= 0", 0, 0, HOLDS),
            (">= 0", 0, -1e-6, FAILS),
            (">= 0", 0.5, -0.5, HOLDS),
            (">= 0", 0.5, -0.51, FAILS),
            ("> 0", 0.5, -0.4, HOLDS),
            ("> 0", 0.5, -0.5, FAILS),
            ("< 2", 0, 1.9, HOLDS),
            ("< 2", 0, 2, FAILS),
            ("<= 2", 0, 2, HOLDS),
            ("<= 2", 0.5, 2.5, HOLDS),
            ("<= 2", 0.5, 2.6, FAILS),
        ],
    )
    def test_of_a_single_value_is_that_of_the_value(self, expected, tolerance, value, right):
        assert state(part(value), expect(expected), tolerance) == right
        assert state(part(value, value, value), expect(expected), tolerance) == right, "as sure as can be"

    @pytest.mark.parametrize(("replicates", "margin"), [(3, 0.5), (10, 0.2)])
    def test_of_a_number_is_that_of_two_one_sided_tests(self, replicates, margin):
        """Schuirmann's two one-sided t-tests at 5 % each, from scipy; fails where the 95 % interval is outside."""
        seen = set()
        for mean in np.linspace(-1.5, 1.5, 61):
            values = standardised(mean, 0.3, replicates).values
            above = scipy.stats.ttest_1samp(values, -margin, alternative="greater").pvalue
            below = scipy.stats.ttest_1samp(values, margin, alternative="less").pvalue
            interval = scipy.stats.ttest_1samp(values, 0).confidence_interval(0.95)
            right = HOLDS if max(above, below) < 0.05 else OPEN
            if interval.high < -margin or interval.low > margin:
                right = FAILS
            seen.add(right)
            for expected in ("= 0", "~ 0"):
                assert state(Part(values), expect(expected), margin) == right
        assert seen == {OPEN, FAILS} if replicates == 3 else {HOLDS, OPEN, FAILS}

    @pytest.mark.parametrize("relation", [">", ">=", "<", "<="])
    def test_of_a_sign_is_that_of_a_two_sided_test(self, relation):
        """It holds or fails where a t-test at 5 % tells the mean from the bound, moved by the ties."""
        sign, seen = (1 if relation[0] == ">" else -1), set()
        for mean, tolerance in itertools.product(np.linspace(-1, 1, 41), (0.0, 0.25)):
            found = standardised(sign * mean, 0.3, 4)
            test = scipy.stats.ttest_1samp(found.values, -sign * tolerance)
            right = OPEN if test.pvalue > 0.05 else HOLDS if sign * test.statistic > 0 else FAILS
            seen.add(right)
            assert state(found, expect(f"{relation} 0"), tolerance) == right
        assert seen == {HOLDS, OPEN, FAILS}

    def test_what_holds_does_not_fail_when_mirrored(self):
        rng = np.random.default_rng(5)
        for relation, tolerance in itertools.product("=~<>", (0.0, 0.3)):
            for _ in range(50):
                found, expected = Part(rng.normal(0.3, 0.4, 3)), Expectation(relation, 0.2)
                assert state(found, expected, tolerance) == state(found.mirrored(), expected.mirrored(), tolerance)


class TestDistance:
    """Distances in tolerances."""

    @pytest.mark.parametrize(
        ("expected", "tolerance", "unit", "means", "right"),
        [
            ("= 20", 0.5, 0.5, [21], 2),
            ("= 20", 0.5, 0.5, [19, 20.5], 2),
            ("~ 0", 0.25, 0.25, [0.5, -0.75], 3),
            ("= 20", 0, 2, [23], 1.5),
            ("> 0", 0, 0.5, [0.1, 3], 0),
            ("> 0", 0, 0.5, [0.1, -1], 2),
            (">= 0", 0.25, 0.5, [-0.25], 0),
            (">= 0", 0.25, 0.5, [-0.75], 1),
            ("< 2", 0, 0.5, [3], 2),
            ("< 2", 0, 0.5, [1], 0),
        ],
    )
    def test_by_hand(self, expected, tolerance, unit, means, right):
        assert distance([part(mean) for mean in means], expect(expected), tolerance, unit) == pytest.approx(right)


class TestPValue:
    """The p-value of the hypothesis that a part does not hold."""

    def test_of_a_number_is_the_larger_of_two_one_sided_tests(self):
        values = (0.1, 0.2, -0.1, 0.15)
        above = scipy.stats.ttest_1samp(values, -0.5, alternative="greater").pvalue
        below = scipy.stats.ttest_1samp(values, 0.5, alternative="less").pvalue
        assert below > above
        assert p_value(part(*values), expect("~ 0"), 0.5) == pytest.approx(below)
        assert p_value(part(*(-v for v in values)), expect("= 0"), 0.5) == pytest.approx(below)

    @pytest.mark.parametrize(("expected", "bound"), [("> 0", -0.1), (">= 0", -0.1), ("< 0.5", 0.6), ("<= 0.5", 0.6)])
    def test_of_a_sign_is_two_sided(self, expected, bound):
        """That of scipy's two-sided test, where the mean is on the right side of the bound that ties have moved."""
        values = (0.1, 0.2, -0.1, 0.15)
        right = scipy.stats.ttest_1samp(values, bound).pvalue
        assert p_value(part(*values), expect(expected), 0.1) == pytest.approx(right)

    def test_of_a_sign_is_one_on_the_other_side(self):
        assert p_value(part(-0.1, -0.2, -0.3), expect("> 0"), 0) == 1
        assert p_value(part(1.1, 1.2, 0.9), expect("< 0.5"), 0.1) == 1

    @pytest.mark.parametrize("expected", ["> 5", ">= 5", "< 5", "<= 5", "~ 5", "= 5", "= 4", "> 4", "< 4"])
    def test_where_every_replicate_gave_the_same_follows_from_the_value(self, expected):
        same = part(5, 5, 5)
        assert p_value(same, expect(expected), 0) == float(state(same, expect(expected), 0) != HOLDS)
        assert {p_value(same, expect("> 4"), 0), p_value(same, expect(">= 5"), 0)} == {0}

    def test_is_below_the_level_where_the_part_holds(self):
        rng, seen = np.random.default_rng(3), set()
        for expected, tolerance in (("= 0", 0.8), ("~ 0", 0.8), ("> -0.5", 0.0), ("< 0.5", 0.1)):
            for mean in rng.normal(0, 0.6, 60):
                found = standardised(mean, 0.3, 3)
                p, held = p_value(found, expect(expected), tolerance), state(found, expect(expected), tolerance)
                seen.add(held)
                assert (p < 0.05) == (held == HOLDS)
        assert seen == {HOLDS, OPEN, FAILS}

    def test_is_not_there_without_replicates(self):
        for expected in ("= 0", "> 0", "< 0"):
            assert math.isnan(p_value(part(1), expect(expected), 0.5))


CASES = [
    # expected, tolerance, mean, deviation
    ("> 0", 0.0, 0.3, 0.25),
    ("> 0", 0.0, -0.3, 0.25),
    (">= 0", 0.1, -0.2, 0.15),
    ("< 2", 0.0, 1.8, 0.3),
    ("<= 2", 0.1, 2.2, 0.3),
    ("~ 0", 0.5, 0.1, 0.3),
    ("= 20", 1.0, 20.8, 0.4),
    ("= 20", 1.0, 21.5, 0.4),
    ("~ 0", 0.05, 0.0, 0.3),
]


class TestPower:
    """The probability that so many replicates decide."""

    @pytest.mark.parametrize("replicates", [2, 3, 10])
    @pytest.mark.parametrize(("expected", "tolerance", "mean", "deviation"), CASES)
    def test_is_the_share_of_made_up_studies_that_decide(self, expected, tolerance, mean, deviation, replicates):
        """Studies are drawn from a normal distribution, and decided as scipy's intervals say."""
        draws = np.random.default_rng(replicates).normal(mean, deviation, (SIMULATED, replicates))
        means, errors = draws.mean(axis=1), draws.std(axis=1, ddof=1) / np.sqrt(replicates)

        def ends(level):
            half = scipy.stats.t.ppf((1 + level) / 2, replicates - 1) * errors
            return means - half, means + half

        aim = expect(expected)
        (low, high), (inner_low, inner_high) = ends(0.95), ends(0.90)
        if aim.relation in "=~":
            bottom, top = aim.value - tolerance, aim.value + tolerance
            shares = ((inner_low >= bottom) & (inner_high <= top)).mean(), ((high < bottom) | (low > top)).mean()
        elif aim.relation[0] == ">":
            shares = (low > aim.value - tolerance).mean(), (high < aim.value - tolerance).mean()
        else:
            shares = (high < aim.value + tolerance).mean(), (low > aim.value + tolerance).mean()
        found = power(standardised(mean, deviation, 5), aim, tolerance, replicates)
        # four standard errors of a share of SIMULATED studies
        assert found == pytest.approx(shares, abs=4 * 0.5 / np.sqrt(SIMULATED))

    def test_of_a_sign_without_ties_is_that_of_the_t_test(self):
        """Known: the noncentral t distribution gives the power of a t-test."""
        effect, replicates = 0.4 / 0.5, 8
        critical = scipy.stats.t.ppf(0.975, replicates - 1)
        expected = scipy.stats.nct.sf(critical, replicates - 1, effect * np.sqrt(replicates))
        assert power(standardised(0.4, 0.5, 6), expect("> 0"), 0.0, replicates)[0] == pytest.approx(expected, abs=1e-5)

    def test_where_every_replicate_gave_the_same(self):
        same = part(0.2, 0.2, 0.2)
        assert power(same, expect("> 0"), 0, 3) == (1, 0)
        assert power(same, expect("< 0"), 0, 3) == (0, 1)
        assert power(same, expect("~ 0"), 0.5, 3) == (1, 0)

    def test_is_not_known_from_one_replicate(self):
        assert all(map(math.isnan, power(part(0.2), expect("> 0"), 0, 10)))


class TestDecided:
    """The probability that a whole claim is decided as the means lie."""

    def test_all_parts_must_be_found_to_hold(self):
        parts = [standardised(0.3, 0.2, 4), standardised(0.5, 0.2, 4)]
        powers = [power(each, expect("> 0"), 0, 5)[0] for each in parts]
        assert decided(parts, expect("> 0"), 0, 5) == pytest.approx(powers[0] * powers[1])

    def test_one_of_those_that_do_not_must_be_found_to_fail(self):
        parts = [standardised(0.3, 0.2, 4), standardised(-0.2, 0.2, 4), standardised(-0.3, 0.2, 4)]
        fails = [power(each, expect("> 0"), 0, 5)[1] for each in parts[1:]]
        assert decided(parts, expect("> 0"), 0, 5) == pytest.approx(1 - (1 - fails[0]) * (1 - fails[1]))

    def test_replicates_for_is_the_least_number(self):
        parts = [standardised(0.3, 0.3, 4)]
        count = replicates_for(parts, expect("> 0"), 0)
        assert decided(parts, expect("> 0"), 0, count) >= 0.8 > decided(parts, expect("> 0"), 0, count - 1)
        # Tables of the t-test: an effect of one deviation needs 10 observations for a power of 0.8 at 5 %, two-sided.
        assert count == 10

    def test_two_replicates_are_the_least_that_can_decide(self):
        assert replicates_for([standardised(5, 0.01, 4)], expect("> 0"), 0) == 2

    def test_a_mean_on_the_bound_is_never_decided(self):
        assert math.isnan(replicates_for([standardised(0.5, 0.3, 4)], expect("~ 0"), 0.5))
        assert math.isnan(replicates_for([part(1)], expect("> 0"), 0))
        assert decided([standardised(0.5, 0.3, 4)], expect("~ 0"), 0.5, MOST_REPLICATES) < 0.06
