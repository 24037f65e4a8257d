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
    tied: int
    """Readings that come equally near in the first experiment, as they differ in answers of which it says nothing."""
    nearest: float
    """Least distance in the other experiment among those."""
    as_near: float
    """What choosing by the first experiment is worth: of all groups of readings that are alike in it, the share that
    has a reading as near in the other one."""
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
    groups, group = np.unique(distances[:, own].round(9), axis=0, return_inverse=True)
    for other in dict.fromkeys(name for name in experiments if name != experiment):
        columns = names == other
        fit = fits(distances[:, columns], numbers[columns])
        away = distances[:, columns].max(axis=1)
        least = np.full(len(groups), np.inf)
        np.minimum.at(least, group.ravel(), away)
        found.append(
            Chosen(
                experiment=other,
                chosen=int(chosen.sum()),
                fitting=int((chosen & fit).sum()),
                share_of_all=float(fit.mean()),
                tied=int(nearest.sum()),
                nearest=float(away[nearest].min()),
                as_near=float((least <= away[nearest].min() + 1e-9).mean()),
                median_of_all=float(np.median(away)),
            )
        )
    return found


@dataclass(frozen=True, eq=False)
class AgainstRandom:
    """How the readings meet what a report might have said by accident, by draw."""

    fitting: np.ndarray
    """(DRAWS,): the number of readings that fit."""
    nearest: np.ndarray
    """(DRAWS,): the worst distance of the nearest reading, in tolerances."""


def against_random_reports(
    observed: np.ndarray, tolerances: np.ndarray, numbers: np.ndarray, beyond: np.ndarray, seed: int
) -> AgainstRandom:
    """The readings held against DRAWS reports whose statements are random.

    Each number is drawn by itself from a normal distribution with the mean and standard deviation that it has over the
    readings; each sign is as claimed or the opposite with equal probability.

    observed: (readings, targets). tolerances: (targets,). beyond: (readings, targets), how far a sign is on the wrong
    side of what is claimed, negative where it holds (see decisions.beyond).
    """
    generator = np.random.default_rng(seed)
    mean, deviation, scale = observed.mean(axis=0), observed.std(axis=0), np.where(numbers, tolerances, 1.0)
    fitting, nearest = np.empty(DRAWS, int), np.empty(DRAWS)
    for i in range(DRAWS):
        drawn = generator.normal(mean, deviation)
        as_claimed = generator.random(len(numbers)) < 0.5
        signs = np.maximum(0.0, np.where(as_claimed, beyond, -beyond))
        distances = np.where(numbers, np.abs(observed - drawn) / scale, signs)
        fitting[i], nearest[i] = fits(distances, numbers).sum(), distances.max(axis=1).min()
    return AgainstRandom(fitting, nearest)
