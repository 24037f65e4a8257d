"""What this project uses of Snakemake although it is not documented; a test names each and fails when it changes."""

import contextlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from snakemake_interface_common.exceptions import ApiError

LOCKS = Path(".snakemake", "locks")
"""Files in which Snakemake lists what a run reads (<number>.input.lock) and makes (<number>.output.lock)."""


@dataclass(frozen=True)
class JobEvent:
    """What a log record of Snakemake says of a job."""

    kind: str
    """started, finished or failed."""
    number: int
    rule: str = ""
    wildcards: Mapping[str, str] = field(default_factory=dict)
    logs: tuple[str, ...] = ()


def job_event(record: logging.LogRecord) -> JobEvent | None:
    """The start, end or failure of a job that a log record is about; None for all other records."""
    event = getattr(getattr(record, "event", None), "value", None)
    if event == "job_info":
        return JobEvent("started", record.jobid, record.rule_name, record.wildcards, tuple(map(str, record.log)))
    if event == "job_finished":
        return JobEvent("finished", record.job_id)
    if event == "job_error":
        return JobEvent("failed", record.jobid, record.rule_name, logs=tuple(map(str, record.log)))
    return None


def is_beginning(record: logging.LogRecord) -> bool:
    """Whether a log record says that jobs are about to be planned and run: before Snakemake locks any file."""
    return getattr(getattr(record, "event", None), "value", None) == "workflow_started"


def end_run(reason: str) -> NoReturn:
    """End Snakemake with a sentence. Of other exceptions it also tells in which file they were raised."""
    raise ApiError(reason)


def is_dry_run(workflow) -> bool:
    """Whether jobs are only listed."""
    return workflow.output_settings.dryrun


def planned_jobs(workflow) -> list[tuple[str, dict[str, str]]]:
    """Rule and wildcards of all jobs that are going to run, once that is known: from `onstart` on."""
    return [(job.rule.name, dict(job.wildcards_dict)) for job in workflow.dag.needrun_jobs()]


def log_file(workflow) -> str:
    """The file of Snakemake's complete output, as seen from the working directory; empty if there is none."""
    return next((os.path.relpath(path) for path in workflow.logger_manager.get_logfile()), "")


def displays(workflow) -> list:
    """The loggers that were chosen by --logger and show the progress of this project."""
    return [handler for handler in workflow.logger_manager.get_log_handlers() if hasattr(handler, "attach")]


def lock_files() -> dict[Path, list[Path]]:
    """Snakemake's lock files in this folder, each with the files that it lists: those a run reads, or will make."""
    found = {}
    for file in LOCKS.glob("*.lock"):
        with contextlib.suppress(FileNotFoundError):  # a run that ends removes them
            found[file] = [Path(line) for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return found


def is_main(workflow) -> bool:
    """Whether this process schedules jobs, and is not one that runs a single job of another."""
    return workflow.is_main_process


def runs_here(workflow) -> bool:
    """Whether jobs run on this machine, and not through a scheduler.

    Before the executor is known, as when the rules are read, it is a scheduler if jobs are limited in number (--jobs)
    and not by the cores of this machine.
    """
    if workflow.executor_plugin is not None:
        return workflow.local_exec
    return workflow.resource_settings.nodes is None or workflow.resource_settings.cores is not None


def limit_memory(workflow, megabytes: int) -> None:
    """Let jobs that run here together ask for no more memory than that, unless the user has set a limit."""
    if "mem_mb" not in workflow.global_resources:
        workflow.global_resources["mem_mb"] = megabytes


def overlays(workflow) -> list[Path]:
    """The files given by --configfile."""
    return list(workflow.overwrite_configfiles)


def limit(workflow, resource: str) -> int | None:
    """How much of a resource jobs may use together; `_cores` counts cores. None where there is no limit."""
    value = workflow.global_resources[resource].value if resource in workflow.global_resources else None
    return value if isinstance(value, int) else None
