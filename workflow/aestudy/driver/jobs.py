"""What Snakemake has said about its jobs: which wait, run, have finished or failed."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aestudy.driver.private_snakemake import end_run, is_beginning, job_event

Step = tuple[str, frozenset[tuple[str, str]]]
"""A job: its rule, and its wildcards by name."""


def step(rule: str, wildcards: Mapping[str, str]) -> Step:
    """A job by its rule and wildcards."""
    return rule, frozenset(wildcards.items())


@dataclass(frozen=True)
class Running:
    """A job that runs."""

    step: Step
    log: Path | None
    began: float
    """By the clock of `Jobs`."""


@dataclass(frozen=True)
class State:
    """All jobs at one moment."""

    waiting: Counter[Step]
    """Empty unless the jobs were planned."""
    running: list[Running]
    finished: list[tuple[Step, float]]
    """In order, with the seconds that they took."""
    now: float


class Jobs(logging.Handler):
    """Listens to Snakemake's log, in Snakemake's own process. May be asked by other threads.

    begin: called when Snakemake begins to plan and run jobs, before it locks any file; if it gives a reason not to, the
    run ends with it. clock: seconds that never go back.
    """

    def __init__(self, begin: Callable[[], str | None] = lambda: None, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self._begin = begin
        self._clock = clock
        self._waiting: Counter[Step] = Counter()
        self._running: dict[int, Running] = {}
        self._finished: list[tuple[Step, float]] = []
        self._failed: dict[int, tuple[str, list[str]]] = {}
        self._guard = threading.Lock()

    def plan(self, steps: Iterable[Step]) -> None:
        """The jobs that are going to run; to be told before the first of them starts."""
        self._waiting = Counter(steps)

    def state(self) -> State:
        """All jobs now."""
        with self._guard:
            return State(+self._waiting, list(self._running.values()), list(self._finished), self._clock())

    @property
    def failed(self) -> list[tuple[str, list[str]]]:
        """Rule and log files of each job that failed and did not succeed at a later attempt."""
        with self._guard:
            return list(self._failed.values())

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a job that starts, ends or fails."""
        if is_beginning(record) and (reason := self._begin()):
            end_run(reason)
        event = job_event(record)
        if event is None:
            return
        with self._guard:
            if event.kind == "started":
                job = Running(
                    step(event.rule, event.wildcards), Path(event.logs[0]) if event.logs else None, self._clock()
                )
                self._running[event.number] = job
                self._waiting[job.step] -= 1
                return
            job = self._running.pop(event.number, None)
            if event.kind == "failed":
                self._failed[event.number] = (event.rule, list(event.logs))
                if job is not None:  # it is tried again, or left
                    self._waiting[job.step] += 1
            else:
                self._failed.pop(event.number, None)
                if job is not None:
                    self._finished.append((job.step, self._clock() - job.began))
