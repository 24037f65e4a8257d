"""What goes wrong on a cluster: a study finishes on retry, with the same bytes as the same study run locally."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

OVERLAY = "faults.yaml"
TARGETS = ("history", "generalisation")
STUDY = {
    "study": "faults",
    "replicates": 1,
    "models": {"conv": {"network": {"filters": [8, 8]}, "training": {"epochs": 20}}},
    "experiments": [
        {
            "name": "denoising",
            "title": "Denoising",
            "dataset": ["digits"],
            "model": ["conv"],
            "noise": ["gaussian_once"],
            "variance": [0.1, 0.25],
        }
    ],
}


@pytest.fixture(scope="module")
def faulty(new_study):
    """Makes checkouts with the small study of these tests."""

    def make():
        study = new_study(OVERLAY)
        (study.folder / OVERLAY).write_text(yaml.safe_dump(STUDY))
        return study

    return make


def results(study) -> dict[str, bytes]:
    """Weights, losses, scores and tables, by path; what tells of time and place, and its checksums, is left out."""
    folder = study.folder / "results/faults"
    files = [path for part in ("runs", "evaluation", "tables") for path in (folder / part).rglob("*") if path.is_file()]
    kept = [path for path in files if not any(timed in path.name for timed in ("manifest.json", "cost.csv"))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


@pytest.fixture(scope="module")
def expected(faulty):
    """The results of a local run that nothing happened to."""
    study = faulty()
    study.run_locally(*TARGETS)
    found = results(study)
    assert sum(path.endswith("weights.safetensors") for path in found) == 2
    return found


@pytest.fixture
def healthy(cluster):
    """The cluster, brought back to health after what a test did to it."""
    yield cluster
    cluster.up()
    cluster.slurm("scontrol", "update", f"NodeName={','.join(cluster.NODES)}", "State=RESUME")
    cluster.wait("the nodes to come back", cluster.idle, 60)


def start(study, *arguments: str):
    """Start the study on the cluster with one training in a submission."""
    return study.start_on_cluster(*TARGETS, "--group-components", "training=1", "evaluation=2", *arguments)


def trained(study) -> int:
    """Epochs that training has told of so far."""
    logs = (study.folder / "results/faults/logs/train").rglob("*.log")
    return sum(log.read_text().count(" epoch ") for log in logs)


def in_training(cluster, study) -> dict[str, str]:
    """Wait for a training in mid-job; returns the scheduler's record of one."""
    cluster.wait("a training to begin", lambda: trained(study) >= 2, 120)
    return next(job for job in trainings(cluster) if job["JobState"] == "RUNNING")


def trainings(cluster) -> list[dict[str, str]]:
    """The scheduler's records of training jobs."""
    return [job for job in cluster.jobs() if job["Comment"].startswith("rule_training")]


def state(cluster, job: dict[str, str]) -> str:
    return next(record["JobState"] for record in cluster.jobs() if record["JobId"] == job["JobId"])


def processes(job: dict[str, str], name: str = "") -> list[int]:
    """Processes of a job with `name` in their command line: the step daemons and all that descends from them."""
    parents, commands = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            commands[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has ended
    found = {pid for pid, command in commands.items() if command.startswith(f"slurmstepd: [{job['JobId']}.")}
    while added := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= added
    return sorted(pid for pid in found if name in commands[pid])


@pytest.fixture
def training(healthy, faulty, expected):
    """Runs the study, hands over one of its trainings in mid-job, and checks how it ended and that the study did well.

    Used as `with training(ends="TIMEOUT") as job:`, with a body that does harm to the job; further arguments go to
    Snakemake.
    """

    @contextlib.contextmanager
    def disturbed(*arguments: str, ends: str) -> Iterator[dict[str, str]]:
        study = faulty()
        process = start(study, *arguments)
        job = in_training(healthy, study)
        yield job
        study.finish(process)
        assert state(healthy, job) == ends
        assert results(study) == expected

    return disturbed


def test_cancelled_by_somebody(cluster, training):
    with training(ends="CANCELLED") as job:
        cluster.slurm("scancel", job["JobId"])


def test_node_set_down(cluster, training):
    with training(ends="NODE_FAIL") as job:
        cluster.slurm("scontrol", "update", f"NodeName={job['NodeList']}", "State=DOWN", "Reason=test")


def test_node_loses_its_power(cluster, training):
    """The node's daemon and all of its processes end without a word; the controller notices after a while."""
    with training(ends="NODE_FAIL") as job:
        cluster.stop(f"slurmd.{job['NodeList']}", hard=True)
        for pid in processes(job):
            os.kill(pid, signal.SIGKILL)


def test_controller_restarted(cluster, training):
    with training(ends="COMPLETED"):
        cluster.stop("slurmctld", hard=True)
        time.sleep(5)
        assert not cluster.responds()
        cluster.start_controller()


def test_more_memory_than_asked_for(healthy, faulty, expected):
    study = faulty()
    before = {job["JobId"] for job in trainings(healthy)}
    little = "train:mem_mb=300 if attempt == 1 else 4000"
    study.finish(start(study, "--set-resources", "train:slurm_partition=gpu", little))
    jobs = [job for job in trainings(healthy) if job["JobId"] not in before]
    assert sorted((job["MinMemoryNode"], job["JobState"] == "COMPLETED") for job in jobs) == [
        ("300M", False),
        ("300M", False),
        ("4000M", True),
        ("4000M", True),
    ]
    assert results(study) == expected


def test_longer_than_asked_for(training):
    """A training that hangs, as on a file system that does not answer, until its time is over."""
    with training("--set-resources", "train:slurm_partition=gpu", "train:runtime=1", ends="TIMEOUT") as job:
        for pid in processes(job, name="/scripts/"):
            os.kill(pid, signal.SIGSTOP)
