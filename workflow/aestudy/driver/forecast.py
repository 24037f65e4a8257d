"""How long the rest of a run will take, from what its jobs are expected to take and what they have taken so far.

Expectations (driver.costs) are corrected by the jobs that have finished: by those alike, or else by those of the same
rule, or else by all. A running training counts with the share of its epochs that is done. All of what is left is
shared out evenly among the cores, and the trainings among what limits them; but it never takes less than the longest
job of every rule in turn, since the rules follow on each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from aestudy.driver.costs import Expected

DOUBT = 10.0
"""Expected seconds that speak for the expectations, against what jobs of all rules together have taken."""
ONCE = ("download", "prepare")
"""Rules whose jobs tell nothing about others: the network decides, or what the very first job has to set up."""
MEMORY = 0.7
"""What a finished job counts once another one has finished after it: a machine may get busier, or less busy."""
RELIABLE = 0.1
"""Share of a training from which on it tells how long the whole takes."""
LAST_PART = 0.1
"""Of its expected time, what a job is taken to need still once that is over."""


@dataclass(frozen=True)
class Running:
    """A job that runs."""

    expected: Expected
    elapsed: float
    """Seconds since it began."""
    share: float = 0.0
    """Of a training: of the epochs that it had to do, those that are done."""

    @property
    def projected(self) -> float | None:
        """Seconds of the whole training, by how fast it has been; None where that is not known yet."""
        if self.share < RELIABLE:
            return None
        start = min(self.expected.start, self.elapsed / 2)
        return start + (self.elapsed - start) / self.share


class Forecast:
    """cores: jobs at once. trainings: trainings at once, where fewer of them may run."""

    def __init__(self, cores: int, trainings: int | None = None):
        self._cores = max(1, cores)
        self._trainings = max(1, min(self._cores, trainings or self._cores))
        self._taken: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def finished(self, expected: Expected, seconds: float) -> None:
        """Learn from a job that took so many seconds."""
        if expected.seconds:
            for key in _keys(expected):
                self._taken[key] = [sums * MEMORY for sums in self._taken[key]]
            _add(self._taken, expected, seconds, expected.seconds)

    def left(self, waiting: Iterable[Expected], running: Iterable[Running] = ()) -> float | None:
        """Seconds until all of these jobs are done; None as long as too little is known of one of them."""
        taken = defaultdict(lambda: [0.0, 0.0], {key: list(sums) for key, sums in self._taken.items()})
        rest: list[tuple[Expected, float]] = []
        running = list(running)
        for job in running:
            if job.projected is not None and job.expected.seconds:
                _add(taken, job.expected, job.projected * job.share, job.expected.seconds * job.share)
        for job in running:
            whole = job.projected or _corrected(taken, job.expected)
            if whole is None:
                return None
            rest.append((job.expected, max(whole - job.elapsed, LAST_PART * whole * (1 - job.share))))
        for expected in waiting:
            whole = _corrected(taken, expected)
            if whole is None:
                return None
            rest.append((expected, whole))
        return self._shared_out(rest)

    def _shared_out(self, rest: list[tuple[Expected, float]]) -> float:
        training = sum(seconds for expected, seconds in rest if expected.start)
        longest: dict[str, float] = {}
        for expected, seconds in rest:
            longest[expected.rule] = max(seconds, longest.get(expected.rule, 0.0))
        everything = sum(seconds for _, seconds in rest)
        return max(everything / self._cores, training / self._trainings, sum(longest.values()))


def _keys(expected: Expected) -> list[tuple]:
    """Under which a job counts: with those alike, its rule, and all."""
    return [expected.like, (expected.rule,), *([] if expected.rule.endswith(ONCE) else [()])]


def _add(taken: dict[tuple, list[float]], expected: Expected, seconds: float, expectation: float) -> None:
    for key in _keys(expected):
        taken[key][0] += seconds
        taken[key][1] += expectation


def _corrected(taken: dict[tuple, list[float]], expected: Expected) -> float | None:
    if expected.seconds is None:
        return None
    for key in (expected.like, (expected.rule,)):
        if key in taken:
            seconds, expectation = taken[key]
            return expected.seconds * seconds / expectation
    seconds, expectation = taken.get((), (0.0, 0.0))
    return expected.seconds * (seconds + DOUBT) / (expectation + DOUBT)
