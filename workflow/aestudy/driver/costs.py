"""How long jobs are expected to take before any of their kind has run in this study.

A training: as long per epoch as earlier ones here (driver.estimate), or else as a few steps of its network have just
taken (training.pace). Any other job: as long as earlier ones of its rule on its data set, or else as on the reference
machine, times how much slower this machine started Python with torch.
"""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aestudy.base import files
from aestudy.base.run import Run
from aestudy.driver import estimate
from aestudy.driver.trainings import Work
from aestudy.study.config import Study
from aestudy.study.plan import identity

START = 4.5
"""Seconds that a training takes before its first epoch on the reference machine, one idle core of an AMD EPYC."""
PARSE = 0.0165
"""Seconds in which that machine parses training.pace.PARSED."""
REFERENCE = {
    "download": (3.0, 0.5),
    "download_members": (60.0, 0.0),
    "prepare": (6.0, 0.5),
    "noisify": (4.0, 0.1),
    "evaluate": (4.9, 0.5),
    "tested": (4.9, 0.5),
    "baselines": (9.5, 1.0),
    "metrics": (2.0, 0.0),
    "baseline_table": (1.2, 0.0),
    "history": (1.2, 0.0),
    "transfer": (1.2, 0.0),
    "claims": (3.0, 0.0),
    "readings": (10.0, 0.0),
    "figure": (2.9, 0.0),
    "summary": (2.9, 0.0),
    "page": (1.5, 0.0),
    "explore": (3.0, 0.0),
    "portable": (5.0, 0.0),
    "playground": (3.0, 0.0),
    "opening": (2.5, 0.0),
    "configuration": (1.0, 0.0),
    "checksums": (1.0, 0.0),
    "all": (0.0, 0.0),
}
"""Seconds of a job there by its rule, and seconds for every 1,000 test images (of each replicate, in `evaluate`)."""
REPORT = 8.0
"""Seconds of the report there."""
OTHER = 3.0
"""Seconds of a job of a rule that is not among them."""
TRAIN_IMAGES, TEST_IMAGES = 2_000, 500
"""Of a data set that is not prepared yet and does not say how many it has."""


@dataclass(frozen=True)
class Expected:
    """What is expected of a job."""

    rule: str
    like: tuple
    """Equal for jobs that are expected wrongly by the same factor: of one rule on one data set, of one network."""
    seconds: float | None
    """None where nothing is known."""
    start: float = 0.0
    """Of these, seconds before a training begins with its first epoch."""


@dataclass
class Costs:
    """What jobs of a study are expected to take; `results` is the folder of all studies' results."""

    study: Study
    results: Path
    measured: dict[tuple, float] = field(default_factory=dict)
    """Seconds per training image by network and batch size (`network_key`)."""
    slowness: float = 1.0
    """How many times longer this machine takes than the reference machine."""
    news: int = 0
    """How often something has been measured."""

    def __post_init__(self):
        self._paces = estimate.paces(self.results)
        self._start_up = estimate.start_up(self.results)
        self._earlier: dict[tuple[str, str], float] = {}
        self._images: dict[str, tuple[int, int]] = {}

    def take_pace(self, key: tuple, seconds_per_image: float) -> None:
        """What was measured of a network, by `network_key`."""
        self.measured[key] = seconds_per_image
        self.news += 1

    def take_parse(self, seconds: float) -> None:
        """In how many seconds this machine parses training.pace.PARSED."""
        self.slowness = seconds / PARSE
        self.news += 1

    def training(self, run: Run, work: Work, rule: str) -> Expected:
        """Of a training job."""
        start = self._start_up or START * self.slowness
        pace = self.pace(run)
        seconds = None if pace is None else start + (work.all_epochs - work.done) * pace
        return Expected(rule, ("train", run.dataset, *network_key(self.study, run)), seconds, start)

    def other(self, rule: str, dataset: str = "", model: str = "") -> Expected:
        """Of any other job; dataset and model: empty where it is about several."""
        stage = _stage(rule)
        seconds = self._of_earlier(stage, dataset)
        if seconds is None:
            fixed, per_thousand = REFERENCE.get(stage, (OTHER, 0.0))
            thousands = self.images(dataset)[1] / 1_000 if dataset else 0.0
            replicates = self.study.replicates if stage == "evaluate" else 1
            seconds = (fixed + per_thousand * thousands * replicates) * self.slowness
        return Expected(rule, (rule, dataset, model), seconds)

    def report(self) -> float:
        """Of the report, which Snakemake writes after the last job."""
        return REPORT * self.slowness

    def pace(self, run: Run) -> float | None:
        """Seconds per epoch and replicate of a run."""
        wanted = identity(self.study, run)
        for key in estimate.keys(wanted):
            if key in self._paces:
                return self._paces[key]
        if not self.measured:
            return None
        per_image = self.measured.get(network_key(self.study, run), statistics.median(self.measured.values()))
        validation = wanted.training.validation
        share = 1.0 - (validation.share if validation.source == "train" else 0.0)
        return per_image * share * self.images(run.dataset)[0]

    def known(self, run: Run) -> bool:
        """Whether a training of its kind was made here before."""
        return any(key in self._paces for key in estimate.keys(identity(self.study, run)))

    def images(self, dataset: str) -> tuple[int, int]:
        """Training and test images of a data set, as far as it can be told by now."""
        if dataset not in self._images:
            about = Path("resources/data", dataset, "dataset.json")
            found = files.read_json_or_none(about) if about.exists() else None
            if isinstance(found, Mapping) and {"train", "test"} <= found.keys():
                self._images[dataset] = found["train"], found["test"]
            else:
                return _stated_images(self.study, dataset)
        return self._images[dataset]

    def _of_earlier(self, stage: str, dataset: str) -> float | None:
        if (stage, dataset) not in self._earlier:
            self._earlier[stage, dataset] = estimate.benchmark(self.results, stage, dataset) if dataset else 0.0
        return self._earlier[stage, dataset] or None


def _stage(rule: str) -> str:
    """The name of a rule in REFERENCE: its own, or the end of it in a workflow that has taken over the rules."""
    return max((stage for stage in REFERENCE if f"_{rule}".endswith(f"_{stage}")), key=len, default=rule)


def _stated_images(study: Study, dataset: str) -> tuple[int, int]:
    """As the configuration says, of data sets whose files it describes."""
    described = getattr(study.datasets[dataset], "files", None)
    if described is None:
        return TRAIN_IMAGES, TEST_IMAGES
    return described.train_images.shape[0], described.test_images.shape[0]


def network_key(study: Study, run: Run) -> tuple:
    """What decides how long a training image takes, as far as it decides much."""
    wanted = identity(study, run)
    return repr(wanted.network), wanted.training.batch_size
