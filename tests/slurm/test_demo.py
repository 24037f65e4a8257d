"""The demo through profiles/slurm: every training asks for its GPU, none shares one, tables are as run locally."""

import math
import re
import time
from datetime import datetime

import pytest

DEMO = "workflow/studies/demo.yaml"
TABLES = "results/demo/tables"
RUNS, BATCH = 13, 3  # five submissions: more than there are GPUs; the last one has a single run
TRAIN_RESOURCES = r"(?s)rule train:.*?resources: ([^\n]*)"
TIMED = b"dense-1b"  # claims about time differ from run to run, as the table cost.csv does


@pytest.fixture(scope="module")
def local(study_here):
    """The demo's tables made in this checkout too, beside the run on the cluster: (study, process).

    It takes seconds after `make demo`, minutes otherwise.
    """
    study = study_here(DEMO)
    process = study.start_locally("tables", "claims")
    yield study, process
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def demo(local, cluster, new_study):
    """The demo, run through Slurm: (folder, what Snakemake said, the scheduler's records of its jobs)."""
    study = new_study(DEMO)
    before = {job["JobId"] for job in cluster.jobs()}
    start = time.monotonic()
    said = study.finish(study.start_on_cluster("--group-components", f"training={BATCH}", "evaluation=6", "noises=3"))
    print(f"\nThe demo took {time.monotonic() - start:.0f} s through Slurm")
    return study.folder, said, [job for job in cluster.jobs() if job["JobId"] not in before]


def minutes(limit: str) -> int:
    """A time limit as Slurm writes it ([days-]hours:minutes:seconds), in minutes."""
    days, _, clock = limit.rpartition("-")
    hours, rest, _ = clock.split(":")
    return (int(days or 0) * 24 + int(hours)) * 60 + int(rest)


def training_jobs(records):
    return [job for job in records if job["Comment"].startswith(("rule_training", "rule_train_"))]


def test_every_run_was_trained_by_the_scheduler(demo):
    folder, said, _ = demo
    assert said.count("    rule train:") == RUNS
    assert "localrule train:" not in said
    assert len(list((folder / "results/demo/runs").rglob("manifest.json"))) == RUNS * 3


def test_every_training_job_asked_for_one_gpu_and_no_other_job_for_any(demo):
    *_, records = demo
    training = training_jobs(records)
    assert {job["TresPerJob"] for job in training} == {"gres:gpu:1"}
    assert {job["Partition"] for job in training} == {"gpu"}
    others = [job for job in records if job not in training]
    assert others and all("TresPerJob" not in job and job["Partition"] == "cpu" for job in others)


def test_every_job_succeeded_at_once(demo):
    *_, records = demo
    assert {job["JobState"] for job in records} == {"COMPLETED"}
    assert {job["Restarts"] for job in records} == {"0"}


def test_short_jobs_were_batched(demo):
    """Three trainings a submission, one after another: the time of three, the GPU, processor and memory of one."""
    _, said, records = demo
    training = training_jobs(records)
    assert len(training) == math.ceil(RUNS / BATCH)
    one = {part.split("=")[0]: part.split("=")[1] for part in re.search(TRAIN_RESOURCES, said)[1].split(", ")}
    assert {job["NumCPUs"] for job in training} == {"1"}
    assert {job["MinMemoryNode"].removesuffix("M") for job in training} == {one["mem_mb"]}
    limits = sorted(minutes(job["TimeLimit"]) for job in training)
    assert limits == [int(one["runtime"]), *[BATCH * int(one["runtime"])] * (RUNS // BATCH)]


def test_no_more_than_two_trainings_ran_at_once_each_on_a_node_of_its_own(demo):
    *_, records = demo
    training = training_jobs(records)
    for job in training:
        started = datetime.fromisoformat(job["StartTime"])
        beside = [
            other
            for other in training
            if datetime.fromisoformat(other["StartTime"]) <= started < datetime.fromisoformat(other["EndTime"])
        ]
        assert len(beside) <= 2
        assert len({other["NodeList"] for other in beside}) == len(beside)


def test_tables_and_figures_are_made_here_and_not_by_the_scheduler(demo):
    *_, records = demo
    rules = {job["Comment"].split("_wildcards_")[0] for job in records}
    submitted = {"rule_training_train", "rule_evaluation_evaluate", "rule_noises_noisify", "rule_baselines"}
    assert rules == submitted | {"rule_portable"}  # networks of the playground, which torch writes


def test_tables_are_those_of_a_local_run(demo, local):
    folder, *_ = demo
    here, process = local
    here.finish(process)
    compared = []
    for path in sorted((here.folder / TABLES).glob("*.csv")):
        if path.stem == "cost":
            continue
        here, there = path.read_bytes(), (folder / TABLES / path.name).read_bytes()
        if path.stem == "claims":
            here, there = ([line for line in text.splitlines() if TIMED not in line] for text in (here, there))
        assert here == there, path.name
        compared.append(path.stem)
    assert {"metrics", "claims", "baselines", "history", "generalisation"} <= set(compared)
