"""What the fit of the best readings is worth: readings chosen by one experiment, and readings held against chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2_000


def fits(distances: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Which readings fit (readings,): numbers within their tolerance, and signs as claimed.

    distances: (readings, targets) in tolerances. numbers: (targets,), whether a target is a number.
    """
    return (distances <= np.where(numbers, 1.0, 0.0)).all(axis=1)


@dataclass(frozen=True)
class Chosen:
    """The readings that come nearest in one experiment, and how they do in another."""

    experiment: str
    """The other one."""
    chosen: int
    """Number of readings that fit the first experiment."""
    fitting: int
    """Those among them that fit the other one too."""
    share_of_all: float
    """Share of all readings that fit the other one."""
    nearest: float
    """Distance there of the reading that comes nearest in the first experiment: median, where several are equal."""
    median_of_all: float
    """Median distance there of all readings."""


def chosen_by(experiment: str, experiments: Sequence[str], distances: np.ndarray, numbers: np.ndarray) -> list[Chosen]:
    """What readings that were chosen by one experiment alone say of each other one.

    experiments: (targets,), which experiment each target is about.
    """
    names = np.array(experiments)
    own, found = names == experiment, []
    chosen = fits(distances[:, own], numbers[own])
    worst = distances[:, own].max(axis=1)
    nearest = worst <= worst.min() + 1e-9
    for other in dict.fromkeys(name for name in experiments if name != experiment):
        columns = names == other
        fit = fits(distances[:, columns], numbers[columns])
        away = distances[:, columns].max(axis=1)
        counts = int(chosen.sum()), int((chosen & fit).sum())
        found.append(Chosen(other, *counts, float(fit.mean()), float(np.median(away[nearest])), float(np.median(away))))
    return found


def fitting_random_numbers(
    observed: np.ndarray, tolerances: np.ndarray, numbers: np.ndarray, holds: np.ndarray, seed: int
) -> np.ndarray:
    """How many readings fit what a report might have said by accident, in each of DRAWS draws.

    Each number is drawn by itself from a normal distribution with the mean and standard deviation that it has over the
    readings; each sign is as claimed or the opposite with equal probability.

    observed: (readings, targets). tolerances: (targets,). holds: (readings, targets), whether a sign is as claimed.
    """
    generator = np.random.default_rng(seed)
    found = np.empty(DRAWS, int)
    for i in range(DRAWS):
        drawn = generator.normal(observed.mean(axis=0), observed.std(axis=0))
        as_claimed = generator.random(observed.shape[1]) < 0.5
        within = np.abs(observed - drawn) <= tolerances
        found[i] = np.where(numbers, within, holds == as_claimed).all(axis=1).sum()
    return found
