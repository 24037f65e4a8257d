"""From a study to its runs: the union of the experiments' grids, each run once, with a path that says what it is."""

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from aestudy.config import Experiment, Study

SMALLEST_POSITIONAL = 1e-9


def canonical(number: float) -> str:
    """Shortest text that reads back as the same number: 1e-2, 0.01 and 0.010 are all `0.01`.

    Positional but for numbers so small that a path would grow beyond what file systems take: 5e-324 stays `5e-324`.
    """
    number = float(number)
    return repr(number) if 0 < number < SMALLEST_POSITIONAL else np.format_float_positional(number, trim="-")


@dataclass(frozen=True)
class Run:
    """What defines a trained model, apart from the parameters that its model and noise have in the configuration.

    latent is None for models whose code size follows from the image; variance is 0 for noise `none`.
    """

    dataset: str
    model: str
    latent: int | None
    l1: float
    noise: str
    variance: float

    @property
    def path(self) -> str:
        """Readable path: data set, model, then what differs from plain reconstruction without penalty."""
        parts = []
        if self.latent is not None:
            parts.append(f"latent-{self.latent}")
        if self.l1:
            parts.append(f"l1-{canonical(self.l1)}")
        if self.noise != "none":
            parts.append(self.condition)
        return f"{self.dataset}/{self.model}/{'_'.join(parts) or 'plain'}"

    @property
    def condition(self) -> str:
        """The input that the run is tested on: `clean`, or the noise and its variance."""
        return condition(self.noise, self.variance)


def condition(noise: str, variance: float) -> str:
    """`clean`, or the noise and its variance."""
    return "clean" if noise == "none" else f"{noise}-{canonical(variance)}"


@dataclass(frozen=True)
class Plan:
    """All runs by path, and the runs of each experiment."""

    runs: dict[str, Run]
    experiments: dict[str, list[Run]]

    @staticmethod
    def of(study: Study) -> "Plan":
        """The plan of a study."""
        experiments = {experiment.name: _grid(experiment) for experiment in study.experiments}
        runs = {run.path: run for grid in experiments.values() for run in grid}
        return Plan(runs, experiments)

    def conditions(self) -> dict[tuple[str, str], list[Run]]:
        """Runs by (data set, condition): those that are scored on the same test input."""
        groups: dict[tuple[str, str], list[Run]] = {}
        for run in self.runs.values():
            groups.setdefault((run.dataset, run.condition), []).append(run)
        return groups


def size(experiment: Experiment) -> int:
    """Runs in an experiment's grid, counted without making them."""
    axes = (experiment.dataset, experiment.model, experiment.latent or [None], experiment.l1)
    inputs = sum(1 if noise == "none" else len(experiment.variance or [0.0]) for noise in experiment.noise)
    return math.prod(map(len, axes)) * inputs


def _grid(experiment: Experiment) -> list[Run]:
    axes = (
        experiment.dataset,
        experiment.model,
        experiment.latent or [None],
        [weight or 0.0 for weight in experiment.l1],  # -0.0 is 0.0
        experiment.noise,
        experiment.variance or [0.0],
    )
    runs = [Run(*values) for values in itertools.product(*axes)]
    # `none` beside other noises in one grid has no variance: its points fall together.
    runs = [replace(run, variance=0.0) if run.noise == "none" else run for run in runs]
    return list(dict.fromkeys(runs))


def training_of(study: Study, model: str) -> dict:
    """The training keys of a model: the study's, with those that the model itself sets in their place."""
    own = study.models[model].training.model_dump(exclude_unset=True, exclude_none=True)
    return _merged(study.training.model_dump(), own)


def _merged(common: dict, own: dict) -> dict:
    """`common` with the keys of `own` in their place, mapping by mapping."""
    nested = {key: _merged(common[key], value) for key, value in own.items() if isinstance(value, dict)}
    return common | own | nested


def identity(study: Study, run: Run) -> dict:
    """Everything in the configuration that defines the trained weights of a run (its data are inputs of the job).

    A plain, sorted dictionary: Snakemake compares its text to decide whether to train again, and labels are not in it.
    """
    parts = {
        "dataset": run.dataset,
        "l1": run.l1,
        "latent": run.latent,
        "network": study.models[run.model].network.model_dump(),
        "noise": None if run.noise == "none" else study.noises[run.noise].model_dump(),
        "seed": study.seed,
        "training": training_of(study, run.model),
        "variance": run.variance,
    }
    # What changes nothing is left out: the reduction of a penalty that is not there, the share of a split not made.
    if run.l1 == 0:
        parts["training"].pop("l1_reduction")
    if parts["training"]["validation"]["source"] == "test":
        parts["training"]["validation"].pop("share")
    return _sorted(parts)


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value
