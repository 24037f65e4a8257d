"""Whether trainings converge as they did: the loss curves of new replicates against those of reference replicates.

Curves are compared as logarithms: replicates differ by a share of the loss, and a difference of logarithms times 100 is
a per cent. The epochs of a curve are strongly correlated, and single epochs have outliers where a network leaves its
first plateau, earlier in one replicate than in another. So each curve is reduced to means over three phases: the first
epoch, the first half of the others, and the second half.

What is compared are all phases of both losses of all runs together, with Student's t as the measure of each
(its error enlarged a little, see TOLERANCE), and the
error rate is that of the whole: the chance that anything is reported where nothing has changed. The t are not looked up
in a table (with 20 replicates, outliers made p-values of 0.001 occur ten times too often) and not corrected by
Bonferroni or Holm, which would take the correlated phases and runs for independent ones. They are compared with the
largest t of all when the replicates exchange their roles, the single-step maxT method of Westfall and Young
(Resampling-Based Multiple Testing, Wiley, 1993; Ge, Dudoit and Speed, Test 12, 1-77, 2003):

- replicates of another seed than the reference's: which of all replicates are the new ones is drawn anew. A replicate
  keeps all of its curves together, since those of different runs share their seed, and so their order of images;
- replicates of the same seed: replicate r has the same initial weights, order and, on the same kind of device, noise as
  replicate r of the reference, so only their difference is looked at, and its sign is drawn anew. This finds much
  smaller deviations. With too few replicates for that they count as replicates of another seed, which is cautious:
  what is shared makes the difference smaller than it is taken to be.

The largest t of few replicates can be reached by exchange alone, so that a number of replicates is needed before
anything can be reported at all (`can_decide`). The idea to guard convergence by reference runs is that of MLPerf's
reference convergence points (Mattson et al., MLPerf Training Benchmark, MLSys 2020).
"""

import itertools
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

LOSSES = ("train_loss", "validation_loss")
TOLERANCE = 1e-4
"""Difference of mean logarithms that rounding may make: networks trained in bf16 and fp32 differ by up to 8e-5 on the
first plateau of dense networks, where replicates are nearly alike. A smaller difference counts as none, and every
standard error is enlarged by it: or else the largest t would be that of a phase in which all differences are tiny and
happen to be equal (as in Tusher, Tibshirani and Chu, PNAS 98, 5116-5121, 2001)."""
DRAWS = 20_000
"""Exchanges that are drawn where there are more than so many; fewer are tried one and all."""
SEED = 1993
"""Of the generator that draws them, so that the same curves give the same answer."""


class Phase(NamedTuple):
    """Epochs of a loss of a run, from `first` to `last`, both from 1 and included."""

    run: tuple
    loss: str
    first: int
    last: int


@dataclass(frozen=True)
class Comparison:
    """New replicates beside reference ones, for each phase (f,)."""

    phases: list[Phase]
    shift: np.ndarray
    """Mean logarithm of the new replicates minus that of the reference."""
    error: np.ndarray
    """Standard error of the shift, plus TOLERANCE."""
    p: np.ndarray
    """Chance of a t as large in any phase where nothing has changed: a share of all exchanges."""
    critical: float
    """The t beyond which a phase is reported, at the error rate that was asked for."""
    paired: bool
    """Whether replicate r was compared with replicate r."""


Curves = dict[tuple, dict[str, np.ndarray]]
"""Logarithms of losses (replicates, epochs), by run and by the name of the loss."""


def phase_bounds(epochs: int) -> list[tuple[int, int]]:
    """First and last epoch of each phase: the first epoch, the first half of the others, the second half."""
    middle = 1 + epochs // 2
    return [bounds for bounds in ((1, 1), (2, middle), (middle + 1, epochs)) if bounds[0] <= bounds[1]]


def phases(curves: Curves, epochs: dict[tuple, int]) -> tuple[np.ndarray, list[Phase]]:
    """Means over phases (replicates, f) and what each column is. epochs: how many of a run are looked at."""
    columns, labels = [], []
    for run, losses in curves.items():
        for loss, (first, last) in itertools.product(LOSSES, phase_bounds(epochs[run])):
            columns.append(losses[loss][:, first - 1 : last].mean(axis=1))
            labels.append(Phase(run, loss, first, last))
    return np.stack(columns, axis=1), labels


def exchanges(reference: int, new: int, paired: bool) -> int:
    """In how many ways the roles can be exchanged: signs of `new` pairs, or which of all replicates are new.

    A common sign changes no t.
    """
    return 2 ** (new - 1) if paired else math.comb(reference + new, new)


def can_decide(reference: int, new: int, paired: bool, rate: float) -> bool:
    """Whether so many replicates are enough to report anything at an error rate."""
    smallest = 2 if paired else 1  # a t needs a standard deviation
    return new >= smallest and 1 / exchanges(reference, new, paired) <= rate


def compare(reference: np.ndarray, new: np.ndarray, labels: list[Phase], rate: float, paired: bool) -> Comparison:
    """Compare the phases of new replicates (m, f) with those of the reference (n, f).

    rate: the chance that is accepted to report something though nothing has changed, in (0, 1). paired: whether row r
    of both is the same replicate (then m and n are equal).
    """
    shift = new.mean(axis=0) - reference.mean(axis=0)
    statistics, error = _paired(new - reference) if paired else _two_samples(reference, new)
    largest = statistics.max(axis=1)
    # Equal sums in another order differ in their last digit.
    p = (largest[:, None] >= statistics[0] * (1 - 1e-9)).mean(axis=0)
    return Comparison(labels, shift, error, p, _critical(largest, rate), paired)


def _critical(largest: np.ndarray, rate: float) -> float:
    """The smallest of these values that no more than a share `rate` of them reaches; infinite where there is none."""
    ordered = np.sort(largest)[::-1]
    allowed = math.floor(rate * len(ordered) + 1e-9)
    fitting = [value for value in ordered[:allowed] if (ordered >= value).sum() <= allowed]
    return float(fitting[-1]) if fitting else math.inf


def _two_samples(reference: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """|t| of each exchange and phase, the real roles first, and the standard error with the real roles."""
    together = np.concatenate([new, reference])
    together = together - together.mean(axis=0)  # keeps the sums of squares exact
    m, total = len(new), len(together)
    chosen = _subsets(total, m)
    n = total - m
    sums, squares = chosen @ together, np.square(together).sum(axis=0)
    # Sums of squares within both groups: the whole less what lies between the groups, whose sums are opposite.
    within = squares - np.square(sums) * (1 / m + 1 / n)
    error = np.sqrt(np.maximum(within, 0) / (total - 2) * (1 / m + 1 / n))
    return _ratio(sums / m + sums / n, error), error[0] + TOLERANCE


def _paired(differences: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """|t| of each exchange of signs and phase, the real signs first, and the standard error with these."""
    count = len(differences)
    means = _signs(count) @ differences / count
    variance = (np.square(differences).mean(axis=0) - np.square(means)) * count / (count - 1)
    error = np.sqrt(np.maximum(variance, 0) / count)
    return _ratio(means, error), error[0] + TOLERANCE


def _ratio(shift: np.ndarray, error: np.ndarray) -> np.ndarray:
    """|shift| over the enlarged error; zero where the shift is within the tolerance."""
    shift = np.abs(shift)
    return np.where(shift < TOLERANCE, 0.0, shift / (error + TOLERANCE))


def _subsets(total: int, size: int) -> np.ndarray:
    """Rows of zeros and ones (exchanges, total), `size` ones in each; the first row has them in front."""
    if math.comb(total, size) <= DRAWS:
        chosen = np.array(list(itertools.combinations(range(total), size)))
    else:
        generator = np.random.default_rng(SEED)
        drawn = generator.random((DRAWS, total)).argpartition(size, axis=1)[:, :size]
        chosen = np.concatenate([np.arange(size)[None], drawn])
    rows = np.zeros((len(chosen), total))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows


def _signs(count: int) -> np.ndarray:
    """Rows of signs (exchanges, count), of which the first are all positive; one of each pair of opposite rows."""
    if 2 ** (count - 1) <= DRAWS:
        rows = np.array(list(itertools.product([1.0, -1.0], repeat=count - 1)))
    else:
        rows = np.random.default_rng(SEED).choice([1.0, -1.0], (DRAWS, count - 1))
        rows = np.concatenate([np.ones((1, count - 1)), rows])
    return np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
