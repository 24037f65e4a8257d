"""From a study to its runs: the union of the experiments' grids, each run once, with a path that says what it is."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aestudy.base import levels
from aestudy.base.identity import Identity, Noise, Training
from aestudy.base.run import VARIANCE, Run
from aestudy.base.settings import Settings
from aestudy.study.config import Grid, Runs, Study


@dataclass(frozen=True)
class Plan:
    """All runs by path, and the runs of each experiment."""

    runs: dict[str, Run]
    experiments: dict[str, list[Run]]

    @staticmethod
    def of(study: Study) -> "Plan":
        """The plan of a study."""
        names = level_names(study.noises)
        experiments = {experiment.name: _grid(experiment, names) for experiment in study.experiments}
        runs = {run.path: run for grid in experiments.values() for run in grid}
        return Plan(runs, experiments)

    def conditions(self) -> dict[tuple[str, str], list[Run]]:
        """Runs by (data set, condition): those that are scored on the same test input."""
        groups: dict[tuple[str, str], list[Run]] = {}
        for run in self.runs.values():
            groups.setdefault((run.dataset, run.condition), []).append(run)
        return groups


def level_names(noises: Mapping[str, Settings]) -> dict[str, str]:
    """What the level of each noise of a study is called: a key of its experiments."""
    return {name: levels.of_kind(noise.kind).name for name, noise in noises.items()}


def size(experiment: Runs, names: Mapping[str, str]) -> int:
    """Runs in an experiment's grid, counted without making them. names: see `level_names`."""
    axes = (experiment.dataset, experiment.model, experiment.latent or [None], experiment.l1)
    return math.prod(map(len, axes)) * len(list(inputs(experiment, names)))


def _grid(experiment: Runs, names: Mapping[str, str]) -> list[Run]:
    axes = (
        experiment.dataset,
        experiment.model,
        experiment.latent or [None],
        [weight or 0.0 for weight in experiment.l1],  # -0.0 is 0.0
        list(inputs(experiment, names)),
    )
    runs = [Run(*values, *noise) for *values, noise in itertools.product(*axes)]
    return list(dict.fromkeys(runs))


def inputs(grid: Grid, names: Mapping[str, str]) -> Iterator[tuple[str, float, str]]:
    """Noise, level and name of the level of all inputs of a grid: every noise at each of its own levels."""
    for noise in grid.noise:
        if noise == "none":
            yield noise, 0.0, VARIANCE
        else:
            name = names.get(noise, VARIANCE)  # a noise with mistakes of its own is counted all the same
            yield from ((noise, level, name) for level in grid.levels(name))


def continued(study: Study, runs: Iterable[Run]) -> dict[str, str]:
    """Paths of the runs that continue others of `runs`: the same training but for fewer epochs, the longest of them.

    Random numbers are keyed by epoch, so the first epochs of both are the same to the last bit.
    """
    alike: dict[str, list[tuple[int, str]]] = {}
    for run in runs:
        params = identity(study, run).as_params()
        epochs = params["training"].pop("epochs")
        alike.setdefault(repr(params), []).append((epochs, run.path))
    found = {}
    for group in alike.values():
        for (fewer, shorter), (more, longer) in itertools.pairwise(sorted(group)):
            if fewer < more:
                found[longer] = shorter
    return found


def training_of(study: Study, model: str) -> Training:
    """How a model is trained: the study's keys, with those that the model itself sets in their place."""
    own = study.models[model].training.model_dump(exclude_unset=True, exclude_none=True)
    return Training.model_validate(_merged(study.training.model_dump(), own))


def _merged(common: dict, own: dict) -> dict:
    """`common` with the keys of `own` in their place, mapping by mapping."""
    nested = {key: _merged(common[key], value) for key, value in own.items() if isinstance(value, dict)}
    return common | own | nested


def noise_of(study: Study, noise: str, level: float) -> Noise | None:
    """A noise of the study at one level; None for `none`."""
    return None if noise == "none" else Noise(parameters=study.noises[noise], level=level)


def identity(study: Study, run: Run) -> Identity:
    """Everything in the configuration that defines the trained weights of a run (its data are inputs of the job)."""
    return Identity(
        dataset=run.dataset,
        seed=study.seed,
        latent=run.latent,
        l1=run.l1,
        network=study.models[run.model].network,
        noise=noise_of(study, run.noise, run.level),
        training=training_of(study, run.model),
    )
