"""What is expected of each job of a run: its work, if it is a training, and how long it takes."""

from collections.abc import Iterable, Mapping

from aestudy.base.run import Run
from aestudy.driver.costs import Costs, Expected
from aestudy.driver.jobs import Step
from aestudy.driver.trainings import Work
from aestudy.study.plan import training_of

PREPARE = "prepare"


class Outlook:
    """What is expected of the jobs `steps` of a study, before the first of them starts.

    runs: all runs by path. replicates: by rule that trains, the replicates that its jobs make. continued: paths of the
    runs that continue others, with the path of the other (study.plan.continued).
    """

    def __init__(
        self,
        costs: Costs,
        steps: Iterable[Step],
        runs: Mapping[str, Run],
        replicates: Mapping[str, range],
        continued: Mapping[str, str],
    ):
        self._costs = costs
        self.trainings: dict[Step, tuple[Run, Work]] = {}
        """The run and the work of each step that is a training."""
        self._expected: dict[Step, Expected] = {}
        self._news = costs.news
        for step in steps:
            rule, wildcards = step[0], dict(step[1])
            run = runs.get("{dataset}/{model}/{variant}".format_map(_Missing(wildcards)))
            numbers = next((numbers for name, numbers in replicates.items() if f"_{rule}".endswith(f"_{name}")), None)
            if run is not None and numbers is not None:
                self.trainings[step] = run, self._work(run, numbers, runs.get(continued.get(run.path, "")))

    def _work(self, run: Run, replicates: range, shorter: Run | None) -> Work:
        """Replicates that are there are kept; one that continues another run has its epochs already."""
        study = self._costs.study
        folder = self._costs.results / study.study / "runs" / run.path
        epochs = training_of(study, run.model).epochs
        before = training_of(study, shorter.model).epochs if shorter else 0
        done = sum(epochs if (folder / f"replicate-{r}" / "manifest.json").exists() else before for r in replicates)
        return Work(run.path, len(replicates), epochs, done)

    def expected(self, step: Step) -> Expected:
        """Of one job, by what is known now."""
        if self._news != self._costs.news:
            self._news = self._costs.news
            self._expected.clear()
        if step not in self._expected:
            if step in self.trainings:
                self._expected[step] = self._costs.training(*self.trainings[step], step[0])
            else:
                wildcards = dict(step[1])
                of = wildcards.get("dataset", ""), wildcards.get("model", "")
                self._expected[step] = self._costs.other(step[0], *of)
        return self._expected[step]

    def finished(self, step: Step) -> None:
        """Of a data set that has just been prepared more is known."""
        if step[0].endswith(PREPARE):
            self._expected.clear()


class _Missing(dict):
    """Wildcards of a rule that has no such wildcard are empty."""

    def __missing__(self, key: str) -> str:
        return ""
