"""Which trained networks are tested on what, beyond the test set that each run is scored on anyway."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aestudy.base.run import VARIANCE, Run
from aestudy.study.config import Study, Transfer
from aestudy.study.plan import Plan, inputs, level_names


@dataclass(frozen=True)
class Test:
    """A trained run on the test images of a data set, with or without noise."""

    trained: Run
    dataset: str
    noise: str
    level: float
    level_name: str = VARIANCE

    @property
    def tested(self) -> Run:
        """The run as if it had been trained on what it is tested on: it names the test condition."""
        return replace(
            self.trained, dataset=self.dataset, noise=self.noise, level=self.level, level_name=self.level_name
        )


def transfers(study: Study, plan: Plan) -> list[Test]:
    """The tests that the experiments of a study ask for, each once, in its order."""
    names = level_names(study.noises)
    found = [
        Test(run, dataset, *noise)
        for experiment in study.experiments
        for transfer in experiment.transfer
        for run in plan.experiments[experiment.name]
        for dataset, noise in itertools.product(transfer.dataset or [run.dataset], _inputs(transfer, run, names))
    ]
    return list(dict.fromkeys(found))


def _inputs(transfer: Transfer, run: Run, names: Mapping[str, str]) -> list[tuple[str, float, str]]:
    """Noises, levels and names of the levels that a run is tested under."""
    return [(run.noise, run.level, run.level_name)] if transfer.noise is None else list(inputs(transfer, names))
