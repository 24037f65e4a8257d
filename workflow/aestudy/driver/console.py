"""What a user reads in the terminal: what is about to run, and how it ended."""

import os
import shlex
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from aestudy.driver.estimate import Estimate, duration, estimate
from aestudy.study.config import Study
from aestudy.study.plan import Plan

FAILED_SHOWN, LINES_SHOWN = 3, 12


def make_library_importable(folder: Path) -> None:
    """Let the jobs' own Python processes find the library in `folder`."""
    paths = [str(folder), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def banner(study: Study, plan: Plan, at_once: int, where: str = "", untestable: Collection[str] = ()) -> None:
    """Say what the study is: how many runs, how many are done, how long the rest may take, and where things go.

    at_once: trainings that may run beside each other. where: what they run on. untestable: ids of claims on runs that
    the study does not have.
    """
    results = Path("results", study.study)
    left = estimate(study, plan, results.parent)
    names = ", ".join(f"{name} ({len(runs)})" for name, runs in plan.experiments.items())
    print(
        f"Study {study.study}: {len(plan.runs)} runs x {study.replicates} replicate(s), "
        f"{len(plan.runs) - left.runs} of the runs trained.\n"
        f"  experiments (runs): {names}\n"
        f"  time: {_time(left, at_once)}\n"
        f"  trainings: {where}\n"
        f"  results: {results}/   logs: {results}/logs/{_untestable(untestable)}",
        file=sys.stderr,
    )


def _untestable(claims: Collection[str]) -> str:
    if not claims:
        return ""
    return f"\n  claims on runs that this study does not have, which it will call not testable: {', '.join(claims)}"


def _time(left: Estimate, at_once: int) -> str:
    if not left.trainings:
        return "nothing left to train"
    if left.unknown == left.trainings:
        return f"{_count(left.trainings)} left; none like them was made here before, so how long is not known"
    beside = f", {at_once} at a time" if at_once > 1 else ""
    rest = f"; {left.unknown} more are of kinds not trained here before" if left.unknown else ""
    return (
        f"about {duration(left.seconds / max(1, min(at_once, left.trainings)))} for "
        f"{_count(left.trainings - left.unknown)}{beside}, going by earlier ones here{rest}"
    )


def _count(trainings: int) -> str:
    return f"{trainings} training{'s' if trainings != 1 else ''}"


def command(*options: str) -> str:
    """The command that this process was started with, to give again, with further options."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        name = "python -m snakemake"
    else:
        inside = program.is_absolute() and program.is_relative_to(Path.cwd())
        name = str(program.relative_to(Path.cwd())) if inside else program.name
    return f"{name} {shlex.join([*options, *sys.argv[1:]])}".strip()


def end(study: Study) -> None:
    """After success: the verdicts, and where the report is or how to get it."""
    results = Path("results", study.study)
    claims = results / "tables" / "claims.csv"
    if claims.exists():
        from aestudy.claims.summary import table  # pandas is not needed before a study ends

        print(f"\nVerdicts of study {study.study}:\n{table(claims)}", file=sys.stderr)
    report = command("--report", str(results / "report.html"))
    print(f"Results are in {results}/. The report: {report}", file=sys.stderr)


def failure(study: Study, failed: Sequence[tuple[str, list[str]]] = ()) -> None:
    """After a failure: the last lines of the failed jobs' logs, and the command that goes on from there.

    failed: rule and log files of each failed job.
    """
    print(f"\nStudy {study.study} did not finish.", file=sys.stderr)
    for rule, logs in failed[:FAILED_SHOWN]:
        print(f"\nA job of rule {rule} failed. {_tail(logs)}", file=sys.stderr)
    if len(failed) > FAILED_SHOWN:
        others = ", ".join(log for _, logs in failed[FAILED_SHOWN:] for log in logs[:1])
        print(f"\n{len(failed) - FAILED_SHOWN} more failed; their logs: {others}", file=sys.stderr)
    print(
        f"\nAll logs are in results/{study.study}/logs/. What is done is kept. Correct the cause, then continue with\n"
        f"  {command()}",
        file=sys.stderr,
    )


def _tail(logs: Sequence[str]) -> str:
    """The last lines of the first log that has any."""
    for log in map(Path, logs):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
        if lines:
            return "\n  ".join([f"The end of {log}:", *lines[-LINES_SHOWN:]])
    return "It left no log."
