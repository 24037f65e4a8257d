"""A killed study goes on with the same command and nothing else, and ends with the tables of one that was left alone.

`make soak` kills the demo six times, at random moments.
"""

import csv
import os
import shutil
import signal
import subprocess
import time

import checkouts
import pytest
from checkouts import DEMO
from faults import chance, tried

REMOVED = "has ended without removing its lock"


@pytest.fixture(scope="module")
def undisturbed(small_demo):
    """A checkout in which the small demo was left alone."""
    return small_demo


def tables(project) -> dict[str, bytes]:
    """The tables of the demo, without what says how long something took."""
    found = {path.name: path.read_bytes() for path in (project.folder / "results/demo/tables").glob("*.csv")}
    del found["cost.csv"]
    rows = csv.DictReader(found["claims.csv"].decode().splitlines())
    timed = [f"{row['id']},".encode() for row in rows if "cost" in row["evidence"]]
    lines = found["claims.csv"].splitlines(keepends=True)
    found["claims.csv"] = b"".join(line for line in lines if not line.startswith(tuple(timed)))
    return found


def kill_once_it_trains(project, *command: str) -> subprocess.Popen:
    """Start a command and kill it, with all that it has started, while a network is being trained."""
    run = project.start(*command)
    logs = project.folder / "results/demo/logs/train"
    until = time.monotonic() + 600
    while not any("epoch" in log.read_text() for log in logs.rglob("*.log")):
        assert run.poll() is None and time.monotonic() < until, run.stdout.read()
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return run


def test_goes_on_after_a_kill(undisturbed, new_project):
    """Up to the tables; `make soak` does so to all of it."""
    command = ["snakemake", "tables", "claims", "--cores", "2", "--configfile", "workflow/studies/demo.yaml"]
    project = checkouts.for_make(new_project(), DEMO)
    kill_once_it_trains(project, *command)
    assert list((project.folder / ".snakemake/locks").iterdir())
    planned = project.run([*command, "-n"])
    assert "which has ended: the next run removes the lock" in planned.stdout
    done = project.run(command)
    assert done.returncode == 0, done.stdout[-3_000:]
    assert done.stdout.count(REMOVED) == 1
    assert tables(project) == tables(undisturbed)
    tried("kills (SIGKILL of a study with its jobs), then the same command")


def test_killed_without_its_jobs(new_project):
    """As where the memory was full: a run that would train the same networks beside them is refused, and says why."""
    project = checkouts.for_make(new_project(), DEMO.replace("epochs: 12", "epochs: 100000"))
    command = ["snakemake", "--cores", "1", "--configfile", "workflow/studies/demo.yaml"]
    run = project.start(*command)
    log = project.folder / "results/demo/logs/train"
    while not any("epoch" in path.read_text() for path in log.rglob("*.log")):
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.05)
    run.kill()
    run.wait()
    try:
        refused = project.run(command)
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.stdout.close()
    assert refused.returncode != 0
    assert f"by process {run.pid} on " in refused.stdout and "jobs that it started still run" in refused.stdout
    assert "Traceback" not in refused.stdout and "File " not in refused.stdout


@pytest.mark.soak
def test_the_demo_killed_six_times(new_project):
    """At moments up to a third of its time apart. One that ends before is compared, and begun again from nothing."""
    undisturbed, project = (checkouts.for_make(new_project()) for _ in range(2))
    command = ["make", "demo", "CORES=2"]
    began = time.monotonic()
    done = undisturbed.run(command)
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stdout[-3_000:]
    moments, kills = chance(16), 0
    while kills < 6:
        run = project.start(*command)
        try:
            output, _ = run.communicate(timeout=moments.uniform(1, seconds / 3))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            kills += 1
        else:
            assert run.returncode == 0, output[-3_000:]
            assert tables(project) == tables(undisturbed)
            for folder in ("results", "resources", ".snakemake"):
                shutil.rmtree(project.folder / folder)
    done = project.run(command)
    assert done.returncode == 0, done.stdout[-3_000:]
    assert tables(project) == tables(undisturbed)
    tried("kills (SIGKILL of a study with its jobs), then the same command", kills)
