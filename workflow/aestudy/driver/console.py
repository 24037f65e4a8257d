"""What a user reads in the terminal: what is about to run, and how it ended.

All of it goes through Snakemake's logger, so that it is in the file of Snakemake's complete output too, and a logger
that shows less (snakemake_logger_plugin_aestudy) can tell it from the rest.
"""

import logging
import os
import re
import shlex
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from aestudy.base.wording import several
from aestudy.driver.estimate import Estimate, duration, estimate
from aestudy.study.config import Study
from aestudy.study.plan import Plan

FAILED_SHOWN, LINES_SHOWN = 3, 12
OURS = "aestudy"
"""An attribute of log records."""


def say(logger: logging.Logger, text: str | None) -> None:
    """Tell the user something, unless there is nothing to tell."""
    if text:
        logger.info(text, extra={OURS: True})


def is_ours(record: logging.LogRecord) -> bool:
    """Whether a log record was made by `say`."""
    return getattr(record, OURS, False)


def make_library_importable(folder: Path) -> None:
    """Let the jobs' own Python processes find the library in `folder`."""
    paths = [str(folder), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def banner(
    study: Study, plan: Plan, at_once: int, where: str = "", untestable: Collection[str] = (), measured: bool = False
) -> str:
    """What the study is: how many runs, how many are done, how long the rest may take, and where things go.

    at_once: trainings that may run beside each other. where: what they run on. untestable: ids of claims on runs that
    the study does not have. measured: whether the time that is left will be shown while it runs.
    """
    results = Path("results", study.study)
    left = estimate(study, plan, results.parent)
    names = ", ".join(f"{name} ({len(runs)})" for name, runs in plan.experiments.items())
    return (
        f"Study {study.study}: {len(plan.runs)} runs x {several(study.replicates, 'replicate')}, "
        f"{len(plan.runs) - left.runs} of the runs trained.\n"
        f"  experiments (runs): {names}\n"
        f"  time: {_time(left, at_once, measured)}\n"
        f"  trainings: {where}\n"
        f"  results: {results}/   logs: {results}/logs/{_untestable(untestable)}"
    )


def _untestable(claims: Collection[str]) -> str:
    if not claims:
        return ""
    return f"\n  claims on runs that this study does not have, which it will call not testable: {', '.join(claims)}"


def _time(left: Estimate, at_once: int, measured: bool) -> str:
    if not left.trainings:
        return "nothing left to train"
    if left.unknown == left.trainings:
        unknown = "measured when they begin" if measured else "not known"
        return (
            f"{several(left.trainings, 'training')} left; none like them was made here before, so how long is {unknown}"
        )
    beside = f", {at_once} at a time" if at_once > 1 else ""
    rest = f"; {left.unknown} more are of kinds not trained here before" if left.unknown else ""
    return (
        f"about {duration(left.seconds / max(1, min(at_once, left.trainings)))} for "
        f"{several(left.trainings - left.unknown, 'training')}{beside}, going by earlier ones here{rest}"
    )


def command(*options: str) -> str:
    """The command that this process was started with, to give again, with further options."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        name = "python -m snakemake"
    else:
        inside = program.is_absolute() and program.is_relative_to(Path.cwd())
        name = str(program.relative_to(Path.cwd())) if inside else program.name
    return f"{name} {shlex.join([*options, *sys.argv[1:]])}".strip()


def writes_report() -> bool:
    """Whether this process writes a report after its last job."""
    return "--report-after-run" in sys.argv


def end(study: Study, brief: bool = False) -> str:
    """After success: the verdicts, and where the report is or how to get it. brief: without them."""
    results = Path("results", study.study)
    if brief:
        return f"Study {study.study} is done: {results}/{', and now its report is written' if writes_report() else ''}."
    claims = results / "tables" / "claims.csv"
    verdicts = ""
    if claims.exists():
        from aestudy.claims.summary import table  # pandas is not needed before a study ends

        verdicts = f"\nVerdicts of study {study.study}:\n{table(claims, study.reports)}\n"
    report = command("--report", str(results / "report.html"))
    return f"{verdicts}Results are in {results}/. The report: {report}"


def failure(study: Study, failed: Sequence[tuple[str, list[str]]] = (), told: bool = False) -> str:
    """After a failure: the last lines of the failed jobs' logs, and the command that goes on from there.

    failed: rule and log files of each failed job. told: whether the lines were shown when the jobs failed.
    """
    shown = 0 if told else FAILED_SHOWN
    parts = [f"\nStudy {study.study} did not finish."]
    parts += [f"\nA job of rule {rule} failed. {_tail(logs)}" for rule, logs in failed[:shown]]
    if rest := failed[shown:]:
        count = several(len(rest), "job") if told else f"{len(rest)} more"
        parts.append(f"\n{count} failed; their logs: {', '.join(log for _, logs in rest for log in logs[:1])}")
    parts.append(
        f"\nAll logs are in results/{study.study}/logs/. What is done is kept. Correct the cause, then continue with\n"
        f"  {command()}"
    )
    return "\n".join(parts)


class Failures:
    """What to show of jobs at the moment they fail; a job that fails as it did before is told in one line."""

    def __init__(self):
        self._told: set[str] = set()

    def text(self, rule: str, logs: Sequence[str]) -> str:
        """Of one job, by its rule and its log files."""
        end = _tail(logs)
        told = re.sub(r"^  [\d-]+ [\d:]+ ", "", end, flags=re.MULTILINE)  # without times
        if told in self._told:
            return f"A job of rule {rule} failed again, with the same end of its log."
        self._told.add(told)
        return f"A job of rule {rule} failed. {end}"


def _tail(logs: Sequence[str]) -> str:
    """The last lines of the first log that has any."""
    for log in map(Path, logs):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
        if lines:
            return "\n  ".join([f"The end of {log}:", *lines[-LINES_SHOWN:]])
    return "It left no log."
