"""What this project uses of Snakemake although it is not documented; a test names each and fails when it changes."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOCKS = Path(".snakemake", "locks")
"""Files in which Snakemake lists what a run is going to make."""


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


def locked_files() -> list[Path]:
    """Files that a run of Snakemake in this folder has locked. Raises OSError if the run ends meanwhile."""
    return [
        Path(line) for path in LOCKS.glob("*.output.lock") for line in path.read_text(encoding="utf-8").splitlines()
    ]


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
