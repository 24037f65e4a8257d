"""The statistics that guard convergence, with made-up curves: the error rate is held, and changes are found."""

import itertools

import numpy as np
import pytest
from scipy import stats

from aestudy.scoring import convergence

EPOCHS = {"short": 4, "long": 15, "longer": 25}
RUNS = {("digits", name, 10, 0.0, "none", 0.0): epochs for name, epochs in EPOCHS.items()}


def curves(replicates: int, generator: np.random.Generator, faster: float = 1.0, delay: float = 1.0):
    """Logarithms of losses of some replicates: a plateau that each leaves at its own epoch, then a fall.

    Skewed, correlated from epoch to epoch, and from run to run, since replicates share a speed, as real ones do.
    """
    speed = faster * np.exp(0.1 * generator.standard_normal((replicates, 1)))
    found = {}
    for run, epochs in RUNS.items():
        leaving = delay * (2 + generator.gamma(1.0, 1.0, (replicates, 1))) / speed
        time = np.arange(epochs) * speed
        fall = -0.5 * (1 - np.exp(-0.2 * np.maximum(time - leaving, 0)))
        level = 0.01 * generator.standard_normal((replicates, 1))
        train = fall + level + 0.001 * generator.standard_normal((replicates, epochs))
        found[run] = {"train_loss": train, "validation_loss": train + 0.01 * generator.standard_normal((replicates, 1))}
    return found


def compared(reference, new, rate=0.01, paired=False):
    matrices = [convergence.phases(each, RUNS) for each in (reference, new)]
    return convergence.compare(matrices[0][0], matrices[1][0], matrices[0][1], rate, paired)


@pytest.mark.parametrize(
    ("epochs", "bounds"),
    [
        (1, [(1, 1)]),
        (2, [(1, 1), (2, 2)]),
        (3, [(1, 1), (2, 2), (3, 3)]),
        (6, [(1, 1), (2, 4), (5, 6)]),
        (25, [(1, 1), (2, 13), (14, 25)]),
    ],
)
def test_phases_take_every_epoch_once(epochs, bounds):
    assert convergence.phase_bounds(epochs) == bounds


def test_phases_are_means_over_their_epochs():
    both = curves(3, np.random.default_rng(1))
    matrix, labels = convergence.phases(both, RUNS)
    assert matrix.shape == (3, len(labels)) == (3, 18)
    for column, phase in zip(matrix.T, labels, strict=True):
        assert column == pytest.approx(both[phase.run][phase.loss][:, phase.first - 1 : phase.last].mean(axis=1))


def test_only_so_many_epochs_are_looked_at():
    both = curves(2, np.random.default_rng(1))
    matrix, labels = convergence.phases(both, dict.fromkeys(RUNS, 2))
    assert {(phase.first, phase.last) for phase in labels} == {(1, 1), (2, 2)}
    assert matrix.shape == (2, 12)


def test_two_samples_are_compared_by_students_t(monkeypatch):
    monkeypatch.setattr(convergence, "TOLERANCE", 1e-12)
    generator = np.random.default_rng(2)
    reference, new = generator.standard_normal((12, 4)), 0.3 + generator.standard_normal((4, 4))
    found = convergence.compare(reference, new, list("abcd"), 0.01, False)
    assert np.abs(found.shift / found.error) == pytest.approx(np.abs(stats.ttest_ind(new, reference).statistic))
    assert np.sign(found.shift) == pytest.approx(np.sign(stats.ttest_ind(new, reference).statistic))


def test_pairs_are_compared_by_students_t_of_their_differences(monkeypatch):
    monkeypatch.setattr(convergence, "TOLERANCE", 1e-12)
    generator = np.random.default_rng(2)
    reference = generator.standard_normal((9, 4))
    new = reference + 0.1 + 0.3 * generator.standard_normal((9, 4))
    found = convergence.compare(reference, new, list("abcd"), 0.01, True)
    assert found.shift / found.error == pytest.approx(stats.ttest_rel(new, reference).statistic)


def test_one_phase_has_the_p_value_of_an_exact_permutation_test(monkeypatch):
    monkeypatch.setattr(convergence, "TOLERANCE", 1e-12)
    generator = np.random.default_rng(5)
    reference, new = generator.standard_normal((8, 1)), 1 + generator.standard_normal((3, 1))
    together = np.concatenate([new, reference]).ravel()
    gaps = [
        abs(together[list(chosen)].mean() - np.delete(together, chosen).mean())
        for chosen in itertools.combinations(range(11), 3)
    ]
    expected = np.mean(np.array(gaps) >= gaps[0] - 1e-12)
    assert convergence.compare(reference, new, ["a"], 0.01, False).p == pytest.approx(expected)


@pytest.mark.parametrize(("paired", "new"), [(False, 3), (False, 8), (True, 9)])
def test_the_error_rate_of_a_study_is_held(paired, new, monkeypatch):
    """Where nothing has changed, as many studies are reported as the rate says, give or take what chance gives."""
    monkeypatch.setattr(convergence, "DRAWS", 2_000)
    generator, rate, studies = np.random.default_rng(7), 0.05, 400
    reported = 0
    for _ in range(studies):
        reference = curves(20 if not paired else new, generator)
        found = compared(reference, curves(new, generator), rate, paired)
        reported += bool((found.p <= rate).any())
    assert abs(reported / studies - rate) < 3.3 * np.sqrt(rate * (1 - rate) / studies)


@pytest.mark.parametrize("change", [{"faster": 1.6}, {"delay": 3.0}])
def test_a_change_is_found_in_other_seeds(change):
    generator = np.random.default_rng(3)
    found = sum(
        bool((compared(curves(20, generator), curves(3, generator, **change)).p <= 0.01).any()) for _ in range(20)
    )
    assert found >= 19


def test_a_small_change_is_found_in_pairs_and_in_the_run_that_has_it():
    generator = np.random.default_rng(3)
    reference = curves(10, generator)
    new = {run: {loss: curve.copy() for loss, curve in losses.items()} for run, losses in reference.items()}
    changed = list(RUNS)[1]
    new[changed]["train_loss"][:, 0] += 0.004 + 0.001 * generator.standard_normal(10)
    assert not (compared(reference, new).p <= 0.01).any()
    found = compared(reference, new, paired=True)
    (index,) = np.flatnonzero(found.p <= 0.01)
    assert found.phases[index] == (changed, "train_loss", 1, 1)
    assert found.shift[index] == pytest.approx(0.004, abs=0.001)


def test_equal_curves_and_what_is_within_the_tolerance_do_not_deviate():
    reference = curves(10, np.random.default_rng(3))
    generator = np.random.default_rng(3)
    for offset in (0.0, 0.9 * convergence.TOLERANCE, -0.9 * convergence.TOLERANCE):
        new = {
            # As far apart as losses that are kept with seven digits.
            run: {
                loss: curve + offset + 1e-7 * generator.standard_normal(curve.shape) for loss, curve in losses.items()
            }
            for run, losses in reference.items()
        }
        assert compared(reference, new, paired=True).p == pytest.approx(1.0)
        assert not (compared(reference, new).p <= 0.01).any()
    new = {run: {loss: curve + 0.01 for loss, curve in losses.items()} for run, losses in reference.items()}
    assert (compared(reference, new, paired=True).p <= 0.01).all()


def test_what_is_reported_is_beyond_the_critical_value():
    generator = np.random.default_rng(4)
    for faster in (1.0, 1.05, 1.2, 1.5):
        found = compared(curves(20, generator), curves(3, generator, faster=faster))
        beyond = np.abs(found.shift) >= found.critical * found.error * (1 - 1e-9)
        assert (beyond == (found.p <= 0.01)).all()


def test_runs_that_are_the_same_do_not_hide_one_that_deviates():
    """Rounding leaves tiny differences in them, whose t would be as large as any."""
    generator = np.random.default_rng(8)
    reference = curves(10, generator)
    new = {
        run: {loss: curve + 1e-7 * generator.standard_normal(curve.shape) for loss, curve in losses.items()}
        for run, losses in reference.items()
    }
    changed = list(RUNS)[2]
    new[changed]["validation_loss"] += 0.02 + 0.01 * generator.standard_normal((10, 1))
    found = compared(reference, new, paired=True)
    assert {phase.run for phase, p in zip(found.phases, found.p, strict=True) if p <= 0.01} == {changed}


@pytest.mark.parametrize(
    ("reference", "new", "paired", "rate", "enough"),
    [
        (20, 1, False, 0.01, False),
        (20, 2, False, 0.01, True),  # 231 ways
        (10, 2, False, 0.01, False),  # 66 ways
        (10, 2, False, 0.02, True),
        (7, 7, True, 0.01, False),  # 64 ways
        (8, 8, True, 0.01, True),  # 128 ways
        (1, 1, True, 0.99, False),
    ],
)
def test_how_many_replicates_can_decide(reference, new, paired, rate, enough):
    assert convergence.can_decide(reference, new, paired, rate) == enough


@pytest.mark.parametrize(("paired", "count"), [(False, 12), (True, 20)])
def test_many_exchanges_are_drawn_and_give_the_same_answer_each_time(paired, count):
    generator = np.random.default_rng(4)
    reference, new = generator.standard_normal((20, 3)), 3 + generator.standard_normal((count, 3))
    assert convergence.exchanges(20, count, paired) > convergence.DRAWS
    first, second = (convergence.compare(reference, new, list("abc"), 0.01, paired) for _ in range(2))
    assert (first.p == second.p).all()
    assert first.p == pytest.approx(1 / (convergence.DRAWS + 1))
