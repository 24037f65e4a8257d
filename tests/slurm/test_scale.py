"""300 small trainings through Slurm: none is lost, and the scheduler's account of them fits ours."""

import json
from datetime import timedelta

import pandas as pd
import yaml
from scale.planning import study as generated

RUNS, BATCH = 300, 25
OVERLAY = "scale.yaml"


def seconds(text: str) -> float:
    """A time as Slurm writes it, [days-]hours:minutes:seconds."""
    days, _, clock = text.rpartition("-")
    hours, minutes, rest = map(int, clock.split(":"))
    return timedelta(days=int(days or 0), hours=hours, minutes=minutes, seconds=rest).total_seconds()


def test_300_trainings_lose_no_job(cluster, new_study):
    study = new_study(OVERLAY)
    (study.folder / OVERLAY).write_text(yaml.safe_dump(generated(RUNS)))
    before = {job["JobId"] for job in cluster.jobs()}
    study.finish(study.start_on_cluster("trained", "--group-components", f"training={BATCH}"))

    jobs = [job for job in cluster.jobs() if job["JobId"] not in before]
    assert len(jobs) == RUNS // BATCH
    assert {(job["JobState"], job["Restarts"]) for job in jobs} == {("COMPLETED", "0")}
    results = study.folder / "results/scale"
    manifests = [json.loads(path.read_text()) for path in (results / "runs").rglob("manifest.json")]
    assert len(manifests) == RUNS

    allocated = sum(seconds(job["RunTime"]) for job in jobs)
    measured = [pd.read_csv(path, sep="\t")["s"].sum() for path in (results / "benchmarks/train").rglob("*.tsv")]
    trained = sum(manifest["cost"]["train_seconds"] for manifest in manifests)
    print(f"\nSlurm: {len(jobs)} jobs, {allocated:.0f} s. Benchmarks: {len(measured)} jobs, {sum(measured):.0f} s.")
    print(f"Manifests: {len(manifests)} trainings, {trained:.0f} s.")
    assert len(measured) == RUNS
    assert trained < sum(measured) < allocated
