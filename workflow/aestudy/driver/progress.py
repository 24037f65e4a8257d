"""Progress of the trainings while Snakemake runs, read from their logs, and which jobs failed.

All of it happens in Snakemake's own process: the jobs write their logs as always (a line per epoch), so the display is
no part of what trains, works the same for jobs on a cluster with a shared file system, and never causes a rerun.
"""

import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from aestudy.driver.private_snakemake import job_event

INTERVAL = 0.5
"""Seconds between two readings of the logs."""
PLAIN_INTERVAL = 30.0
"""Seconds between two lines about one training where there is no terminal."""
_EPOCH = re.compile(r"replicate (\d+) (?:epoch (\d+): (.*)|is there)")
_TERMINAL_BAR = "{desc}: {percentage:3.0f}%|{bar:20}| epoch {n_fmt}/{total_fmt} [{elapsed}<{remaining}]{postfix}"


@dataclass(frozen=True)
class Work:
    """What a training job has to do."""

    name: str
    replicates: int
    epochs: int
    """Of each replicate."""


@dataclass
class _Training:
    work: Work
    log: Path
    bar: tqdm | None
    done: int = 0
    """Epochs over all replicates."""
    news: str = ""
    told: float = 0.0


def position(log: str, epochs: int) -> tuple[int, str]:
    """Epochs done over all replicates, by the log of a training, and what its last line about an epoch says.

    Replicates may be trained one after another or together; of each its last epoch counts, or all if it was kept.
    """
    done, news = {}, ""
    for replicate, epoch, losses in _EPOCH.findall(log):
        done[replicate] = int(epoch or epochs)
        news = losses or "kept"
    return sum(done.values()), news


class Monitor(logging.Handler):
    """Listens to what Snakemake logs about its jobs: shows the running trainings and remembers the failed jobs.

    work: from the wildcards of a job of rule `train` to what it has to do; None for jobs of other studies.
    """

    def __init__(self, work: Callable[[Mapping[str, str]], Work | None], stream: TextIO | None = None):
        super().__init__()
        self._work = work
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._running: dict[int, _Training] = {}
        self._failed: dict[int, tuple[str, list[str]]] = {}
        self._guard = threading.RLock()
        self._ended = threading.Event()

    @property
    def failed(self) -> list[tuple[str, list[str]]]:
        """Rule and log files of each job that failed and did not succeed at a later attempt."""
        return list(self._failed.values())

    def watch(self, logger: logging.Logger) -> None:
        """Begin to listen to `logger`, and to read the logs of running trainings in a thread."""
        if self._terminal:
            for handler in logger.handlers:
                if getattr(handler, "stream", None) is self._stream:
                    handler.emit = _beside_bars(handler.emit, self._stream)
        logger.addHandler(self)
        threading.Thread(target=self._loop, name="progress", daemon=True).start()

    def stop(self) -> None:
        """No more display."""
        self._ended.set()
        for number in list(self._running):
            self._finish(number)

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a job that starts, ends or fails."""
        event = job_event(record)
        if event is None:
            return
        if event.kind == "started":
            work = self._work(event.wildcards) if event.rule.endswith("train") and event.logs else None
            if work is not None:
                self._start(event.number, work, Path(event.logs[0]))
            return
        if event.kind == "finished":
            self._failed.pop(event.number, None)
        else:
            self._failed[event.number] = (event.rule, list(event.logs))
        self._finish(event.number)

    def _start(self, number: int, work: Work, log: Path) -> None:
        self._finish(number)
        total = work.replicates * work.epochs
        with self._guard:
            bar = None
            if self._terminal:
                bar = tqdm(desc=work.name, total=total, file=self._stream, leave=False, bar_format=_TERMINAL_BAR)
            self._running[number] = _Training(work, log, bar, told=time.monotonic())

    def _finish(self, number: int) -> None:
        with self._guard:
            training = self._running.pop(number, None)
            if training and training.bar is not None:
                training.bar.close()

    def _loop(self) -> None:
        while not self._ended.wait(INTERVAL):
            self.look()

    def look(self) -> None:
        """Read the logs of the running trainings and show what is new in them."""
        with self._guard:
            for training in self._running.values():
                try:
                    log = training.log.read_text(encoding="utf-8", errors="replace")
                except OSError:  # not there yet, or taken away for another attempt
                    continue
                done, news = position(log, training.work.epochs)
                if done != training.done:
                    training.done, training.news = done, news
                    self._show(training)

    def _show(self, training: _Training) -> None:
        if training.bar is not None:
            training.bar.n = training.done
            training.bar.set_postfix_str(training.news.replace("validation", "val."), refresh=True)
        elif time.monotonic() - training.told >= PLAIN_INTERVAL:
            training.told = time.monotonic()
            work = training.work
            print(
                f"{work.name}: {training.done} of {work.replicates * work.epochs} epochs, {training.news}",
                file=self._stream,
                flush=True,
            )


def _beside_bars(emit: Callable, stream: TextIO) -> Callable:
    """A log handler's `emit` that moves the bars out of the way first."""

    def emit_beside_bars(record: logging.LogRecord) -> None:
        with tqdm.external_write_mode(file=stream):
            emit(record)

    return emit_beside_bars
