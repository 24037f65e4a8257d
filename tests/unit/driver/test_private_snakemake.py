"""What is used of Snakemake without being documented: a tiny workflow in which each of these things must be there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from snakemake.api import Workflow
from snakemake_interface_logger_plugins.common import LogEvent

from aestudy.driver import private_snakemake

LIBRARY = Path(private_snakemake.__file__).parents[2]
SNAKEFILE = f"""
import json
import logging
import sys

sys.path.insert(0, {str(LIBRARY)!r})
from aestudy.driver import private_snakemake


configfile: "base.yaml"


def tell(name, **what):
    with open(name, "a") as file:
        file.write(json.dumps(what, default=str) + "\\n")


class Keeper(logging.Handler):
    def emit(self, record):
        event = private_snakemake.job_event(record)
        tell("records.jsonl", event=str(getattr(record, "event", None)), known=event is not None)
        if event is not None:
            tell("events.jsonl", **vars(event))


limits = {{name: private_snakemake.limit(workflow, name) for name in ("gpu", "mem_mb", "_cores", "nothing")}}
tell(
    "processes.jsonl",
    main=private_snakemake.is_main(workflow),
    overlays=private_snakemake.overlays(workflow),
    limits=limits,
)


onstart:
    logger.addHandler(Keeper())


rule all:
    input:
        "out/a/done.txt",
        "out/b/failed.txt",


rule train:
    output:
        "out/{{name}}/done.txt",
    log:
        "logs/{{name}}.log",
    resources:
        gpu=1,
    run:
        with open("locked.json", "w") as file:
            locks = private_snakemake.lock_files()
            json.dump({{str(lock): list(map(str, paths)) for lock, paths in locks.items()}}, file)
        with open(output[0], "w") as file:
            file.write("done")


rule fail:
    output:
        "out/{{name}}/failed.txt",
    log:
        "logs/{{name}}-failed.log",
    shell:
        "exit 3"
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of the workflow, in which one job has succeeded and one has failed."""
    folder = tmp_path_factory.mktemp("workflow")
    (folder / "Snakefile").write_text(SNAKEFILE)
    (folder / "base.yaml").write_text("a: 1\n")
    (folder / "overlay.yaml").write_text("a: 2\n")
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--resources", "gpu=1", "--keep-going"]
    done = subprocess.run(
        [*command, "--configfile", "overlay.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={key: value for key, value in os.environ.items() if key != "SNAKEMAKE_PROFILE"},
    )
    assert done.returncode == 1, done.stderr[-3_000:]
    assert (folder / "out/a/done.txt").exists(), done.stderr[-3_000:]
    return folder


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_records_of_jobs_say_which_job_and_what_became_of_it(ran):
    """`event`, `jobid` or `job_id`, `rule_name`, `wildcards`, `log` of job_info, job_finished and job_error."""
    events = lines(ran / "events.jsonl")
    started = {event["rule"]: event for event in events if event["kind"] == "started"}
    assert started["train"]["wildcards"] == {"name": "a"} and started["train"]["logs"] == ["logs/a.log"]
    assert started["fail"]["wildcards"] == {"name": "b"} and started["fail"]["logs"] == ["logs/b-failed.log"]
    (finished,) = [event for event in events if event["kind"] == "finished"]
    assert finished["number"] == started["train"]["number"] != started["fail"]["number"]
    (failed,) = [event for event in events if event["kind"] == "failed"]
    assert (failed["number"], failed["rule"]) == (started["fail"]["number"], "fail")
    assert failed["logs"] == ["logs/b-failed.log"]


def test_other_records_are_about_no_job(ran):
    others = {record["event"] for record in lines(ran / "records.jsonl") if not record["known"]}
    assert {"progress", "shellcmd"} <= others
    assert not {"job_info", "job_finished", "job_error"} & others


def test_the_kinds_of_records_are_called_as_ever():
    """`LogEvent`."""
    assert (LogEvent.JOB_INFO.value, LogEvent.JOB_FINISHED.value, LogEvent.JOB_ERROR.value) == (
        "job_info",
        "job_finished",
        "job_error",
    )


def test_locks_list_what_a_run_is_going_to_make(ran):
    """`.snakemake/locks/*.output.lock`, while the run lasts."""
    found = json.loads((ran / "locked.json").read_text())
    (made,) = [paths for lock, paths in found.items() if lock.endswith(".output.lock")]
    assert sorted(made) == ["out/a/done.txt", "out/b/failed.txt"]
    assert all(lock.startswith(".snakemake/locks/") for lock in found)


def test_without_a_run_nothing_is_locked(ran, monkeypatch):
    monkeypatch.chdir(ran)
    assert private_snakemake.lock_files() == {}


def test_a_process_knows_whether_it_schedules_jobs(ran):
    """`Workflow.is_main_process`: false in the process that Snakemake starts for the job with `run`."""
    assert isinstance(Workflow.is_main_process, property)
    processes = lines(ran / "processes.jsonl")
    assert [process["main"] for process in processes] == [True, False]


def test_overlays_are_the_files_given_on_the_command_line(ran):
    """`Workflow.overwrite_configfiles`, without the `configfile:` of the workflow."""
    assert isinstance(Workflow.overwrite_configfiles, property)
    (overlay,) = lines(ran / "processes.jsonl")[0]["overlays"]
    assert Path(ran, overlay).resolve() == (ran / "overlay.yaml").resolve()


def test_limits_of_resources_are_known(ran):
    """`Workflow.global_resources`, with `_cores` for the cores; None where there is no limit."""
    limits = lines(ran / "processes.jsonl")[0]["limits"]
    assert limits == {"gpu": 1, "mem_mb": None, "_cores": 2, "nothing": None}
