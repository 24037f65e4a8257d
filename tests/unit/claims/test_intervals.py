"""Intervals, tests and corrections against known answers: scipy, full enumeration, simulation."""

import itertools

import numpy as np
import pytest
import scipy.stats

from aestudy.claims import intervals
from aestudy.claims.intervals import Sample, bootstrap, equivalent, holm, resample_images, sign_flip


def images(values, name="digits/100") -> Sample:
    """One replicate's values per image."""
    return Sample(np.asarray(values, float)[None, :], (0,), name)


def mean_of(key):
    return lambda means: means[key]


def difference(means):
    return means["a"] - means["b"]


def test_interval_of_a_mean_agrees_with_the_bca_interval_of_scipy():
    values = np.random.default_rng(1).exponential(2.0, 300)
    ours = bootstrap(mean_of("a"), {"a": images(values)}, seed=1, draws=100_000).interval()
    reference = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=100_000, method="BCa", rng=np.random.default_rng(2)
    ).confidence_interval
    # ours is wider by Student's quantile at 299 degrees of freedom and sqrt(300 / 299), together 0.6 %; the rest is
    # Monte Carlo error of the two, each about 1 % of the half-width at 100,000 draws, the bias correction included
    half = (reference.high - reference.low) / 2
    assert ours == pytest.approx(tuple(reference), abs=0.04 * half)
    assert ours[1] - values.mean() > values.mean() - ours[0], "the interval of a skewed mean is skewed"


def test_interval_from_two_replicates_is_students():
    values = np.array([20.0, 20.3])
    result = bootstrap(mean_of("a"), {"a": Sample(values[:, None], (0, 1))}, seed=1)
    reference = scipy.stats.t.interval(0.95, 1, loc=values.mean(), scale=scipy.stats.sem(values))
    assert result.interval() == pytest.approx(reference)


def test_differences_are_paired_by_image_and_replicate():
    """Two models that differ by exactly 1 on every image and replicate: there is no doubt about the difference."""
    rng = np.random.default_rng(3)
    a = rng.normal(20, 3, (4, 80))
    samples = {"a": Sample(a + 1, (0, 1, 2, 3), "mnist/80"), "b": Sample(a, (0, 1, 2, 3), "mnist/80")}
    assert bootstrap(difference, samples, seed=1).interval() == pytest.approx((1, 1), abs=1e-9)


def test_only_shared_replicates_count():
    samples = {"a": Sample(np.array([[1.0], [2.0], [60.0]]), (0, 1, 2)), "b": Sample(np.array([[1.5], [0.5]]), (1, 0))}
    result = bootstrap(difference, samples, seed=1)
    assert (result.observed, result.replicates) == (0.5, 2)
    np.testing.assert_allclose(result.by_replicate, [0.5, 0.5])
    with pytest.raises(intervals.NothingShared, match="no replicate in common"):
        bootstrap(difference, samples | {"b": Sample(np.ones((1, 1)), (7,))}, seed=1)


def test_a_baseline_has_no_replicates_but_shares_the_images():
    model = np.random.default_rng(4).normal(20, 2, (3, 50))
    samples = {"a": Sample(model, (0, 1, 2), "mnist/50"), "b": Sample(model[:1], None, "mnist/50")}
    result = bootstrap(lambda means: means["a"] - means["b"], samples, seed=1)
    assert result.replicates == 3
    assert result.observed == pytest.approx(model.mean() - model[0].mean())


def test_nothing_to_resample_gives_no_interval():
    result = bootstrap(mean_of("a"), {"a": Sample(np.array([[0.4]]), (0,))}, seed=1)
    assert (result.observed, result.interval()) == (0.4, None)
    assert equivalent(result, 0.3, 0.15) and not equivalent(result, 0.3, 0.05)


def test_values_that_do_not_vary_give_an_interval_without_width():
    assert bootstrap(mean_of("a"), {"a": images(np.full(20, 5.0))}, seed=1).interval() == pytest.approx((5, 5))


def test_the_interval_holds_the_observed_value_of_a_biased_statistic():
    """The larger of two equal means is biased upwards, the case where a bias correction can overshoot."""
    rng = np.random.default_rng(5)
    samples = {key: images(rng.normal(0, 1, 40)) for key in "abcdef"}
    result = bootstrap(lambda means: np.max([means[key] for key in "abcdef"], axis=0), samples, seed=1)
    low, high = result.interval()
    assert low <= result.observed <= high


def test_resampling_depends_on_seed_and_set_of_images_only():
    sample = images(np.random.default_rng(6).normal(size=30), "mnist/30")
    other = images(np.arange(30.0), "mnist/30")
    alone = resample_images({"a": sample}, seed=1)["a"]
    np.testing.assert_allclose(resample_images({"b": other, "a": sample}, seed=1)["a"], alone, rtol=1e-12)
    assert not np.allclose(resample_images({"a": sample}, seed=2)["a"], alone)
    elsewhere = images(sample.values[0], "fmnist/30")
    assert not np.allclose(resample_images({"a": elsewhere}, seed=1)["a"], alone)


def test_resampling_in_chunks_is_resampling_at_once(monkeypatch):
    """Every draw takes as many images as there are, and the mean over draws is the mean over images."""
    values = np.random.default_rng(7).normal(size=50)
    monkeypatch.setattr(intervals, "_CHUNK_CELLS", 50 * 7)
    means = resample_images({"a": images(values), "one": images(np.ones(50))}, seed=1, draws=4000)
    np.testing.assert_allclose(means["one"], 1)
    assert means["a"].shape == (4000, 1)
    error = values.std() / np.sqrt(50)
    assert means["a"].mean() == pytest.approx(values.mean(), abs=4 * error / np.sqrt(4000))
    assert means["a"].std() == pytest.approx(error, rel=4 / np.sqrt(2 * 4000))


@pytest.mark.parametrize(
    ("replicates", "n_images", "between_replicates", "between_images", "statistic", "truth"),
    [
        (1, 60, 0.0, 1.0, difference, 2.0),
        (2, 40, 0.3, 0.5, difference, 2.0),
        (3, 40, 0.3, 0.3, difference, 2.0),
        (5, 40, 0.3, 0.0, difference, 2.0),
        (5, 40, 0.1, 0.5, lambda means: means["a"] / means["b"], 1.5),
    ],
)
def test_coverage(replicates, n_images, between_replicates, between_images, statistic, truth):
    """The 95 % interval holds the truth often enough, whichever of replicates and images makes the doubt.

    The bound is the 0.1 % quantile of the hits of an interval whose true coverage is 92 %: with skewed images
    and few of them a bootstrap falls a little short of its 95 %, and is not let fall further.
    """
    simulations, hits = 300, 0
    for simulation in range(simulations):
        rng = np.random.default_rng([simulation, replicates, n_images])
        samples = {}
        for key, mean in (("a", 6.0), ("b", 4.0)):
            rows = rng.normal(0, between_replicates, (replicates, 1))
            columns = between_images * (rng.exponential(1, n_images) - 1)  # skewed, as PSNR over images is
            values = mean + rows + columns + rng.normal(0, 0.2, (replicates, n_images))
            samples[key] = Sample(values, tuple(range(replicates)), "mnist")
        low, high = bootstrap(statistic, samples, seed=simulation, draws=400).interval()
        hits += low <= truth <= high
    assert hits >= scipy.stats.binom.ppf(0.001, simulations, 0.92)


def test_the_interval_is_not_wide_without_need():
    """With many replicates its half-width is that of the normal interval from the true variance."""
    widths = []
    for simulation in range(40):
        rng = np.random.default_rng(simulation)
        values = rng.normal(0, 0.5, (20, 1)) + rng.normal(0, 1.0, 50)
        low, high = bootstrap(mean_of("a"), {"a": Sample(values, tuple(range(20)), "x")}, simulation, 400).interval()
        widths.append(high - low)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 20 + 1 / 50), rel=0.1)


@pytest.mark.parametrize(("mean", "margin"), [(0.0, 0.5), (0.3, 0.5), (0.6, 0.5), (-0.45, 0.5), (-0.2, 0.5)])
def test_equivalence_decides_as_two_one_sided_t_tests(mean, margin):
    values = np.random.default_rng(8).normal(size=200)
    values = (values - values.mean()) / values.std() + mean
    upper = scipy.stats.ttest_1samp(values, margin, alternative="less").pvalue
    lower = scipy.stats.ttest_1samp(values, -margin, alternative="greater").pvalue
    p = max(upper, lower)
    assert not 0.03 < p < 0.08, "too near the limit to compare a bootstrap with a t-test"
    assert equivalent(bootstrap(mean_of("a"), {"a": images(values)}, seed=1), 0.0, margin) == (p < 0.05)


def test_sign_flip_by_hand():
    assert sign_flip([3.0]) == 1.0
    assert sign_flip([1.0, 2.0, 3.0]) == 2 / 8  # only +++ and --- are as far from zero
    assert sign_flip([-1.0, 2.0, 3.0]) == 4 / 8  # sums of 4 or more: +-(1 + 2 + 3) and +-(-1 + 2 + 3)
    assert sign_flip([0.1, 0.2, -0.3]) == 1.0  # the sum is zero, but not in binary


def test_sign_flip_agrees_with_enumeration_and_with_scipy():
    differences = np.random.default_rng(9).normal(0.4, 1, 9)
    flipped = [abs(np.dot(signs, differences)) for signs in itertools.product([1, -1], repeat=9)]
    assert sign_flip(differences) == np.mean(np.array(flipped) >= abs(differences.sum()) - 1e-12)
    reference = scipy.stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    ).pvalue
    assert sign_flip(differences) == pytest.approx(reference)


def test_sign_flip_refuses_what_it_cannot_enumerate():
    for differences in ([], np.ones(intervals.EXACT_UP_TO + 1)):
        with pytest.raises(ValueError, match="1 to 20"):
            sign_flip(differences)


def test_holm_by_hand():
    # sorted 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1 = 0.02, 0.03, 0.06, 0.04; never falling: 0.06 for the last
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.5, 0.9]), [1.0, 1.0])
    assert holm([]).size == 0
