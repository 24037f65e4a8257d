"""Two runs at once: of one study, which is refused with the reason, and of two studies, which is fine."""

import os
import signal
import time

import pytest
from faults import tried

TINY = "tests/tiny.yaml"
RUN = "runs/digits/dense3/latent-15/replicate-0"


@pytest.fixture
def endless(finished):
    """Starts a study whose training would take hours; returns the process and its command."""
    started = []

    def start():
        overlay = finished.overlay("study: occupied\nreplicates: 1\ntraining: {epochs: 100000}\n", "occupied.yaml")
        command = [f"results/occupied/{RUN}/manifest.json", "--cores", "1", "--configfile", TINY, overlay]
        run = finished.start("snakemake", *command)
        started.append(run)
        word = finished.folder / "results/occupied/.running"
        while not (word.exists() and word.read_text()):
            assert run.poll() is None, run.stdout.read()
            time.sleep(0.1)
        return run, command

    yield start
    for run in started:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()


def test_a_second_run_is_refused_and_told_whether_the_first_lives(finished, endless):
    first, command = endless()
    second = finished.snakemake(*command)
    assert second.returncode != 0
    assert f"Study occupied is being run by process {first.pid} on " in second.stdout
    assert "Traceback" not in second.stdout
    assert first.poll() is None

    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    third = finished.snakemake("-n", *command)  # the lock of a process that has ended is removed
    assert third.returncode == 0, third.stdout[-3_000:]
    tried("runs refused", 1)


def test_two_studies_run_side_by_side(finished):
    """They share the data set, and whatever else is the same gives the same bytes.

    One takes longer: of two that end within the same instant, Snakemake fails the second when it removes its locks.
    """
    running = []
    for study, replicates in (("left", 1), ("right", 3)):
        target = f"results/{study}/{RUN}/manifest.json"
        options = ("--cores", "1", "--configfile", TINY, "--config", f"study={study}", f"replicates={replicates}")
        running.append(finished.start("snakemake", target, *options))
    for run in running:
        output, _ = run.communicate(timeout=600)
        assert run.returncode == 0, output[-3_000:]
    left, right = ((finished.folder / "results" / name / RUN / "weights.safetensors") for name in ("left", "right"))
    assert left.read_bytes() == right.read_bytes()
