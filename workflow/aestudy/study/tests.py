"""Which trained networks are tested on what, beyond the test set that each run is scored on anyway."""

import itertools
from dataclasses import dataclass, replace

from aestudy.base.run import Run
from aestudy.study.config import Study, Transfer
from aestudy.study.plan import Plan


@dataclass(frozen=True)
class Test:
    """A trained run on the test images of a data set, with or without noise."""

    trained: Run
    dataset: str
    noise: str
    variance: float

    @property
    def tested(self) -> Run:
        """The run as if it had been trained on what it is tested on: it names the test condition."""
        return replace(self.trained, dataset=self.dataset, noise=self.noise, variance=self.variance)


def transfers(study: Study, plan: Plan) -> list[Test]:
    """The tests that the experiments of a study ask for, each once, in its order."""
    found = [
        Test(run, dataset, noise, variance)
        for experiment in study.experiments
        for transfer in experiment.transfer
        for run in plan.experiments[experiment.name]
        for dataset, (noise, variance) in itertools.product(transfer.dataset or [run.dataset], _inputs(transfer, run))
    ]
    return list(dict.fromkeys(found))


def _inputs(transfer: Transfer, run: Run) -> list[tuple[str, float]]:
    """Noises and variances that a run is tested under."""
    if transfer.noise is None:
        return [(run.noise, run.variance)]
    return [
        (noise, variance)
        for noise in transfer.noise
        for variance in ([0.0] if noise == "none" else transfer.variance or [])
    ]
