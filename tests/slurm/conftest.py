"""A Slurm cluster for the session, and studies that run through it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import cluster as slurm
import pytest
from scale.planning import checkout

ROOT = Path(__file__).parents[2]
# Jobs here last a minute, and so do the pauses between two looks at the queue unless they begin with seconds.
QUICK = ("--slurm-init-seconds-before-status-checks", "3", "--seconds-between-status-checks", "3")


class Study:
    """A checkout in which a study runs, locally or through Slurm."""

    def __init__(self, folder: Path, configfile: str, log: Path):
        self.folder, self.configfile, self.log = folder, configfile, log

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start Snakemake as in an activated environment; what it says goes to `log`."""
        command = [sys.executable, "-m", "snakemake", *arguments, "--configfile", self.configfile]
        binaries = str(Path(sys.executable).parent)
        variables = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "AE_DATA_MIRROR")}
        variables["PATH"] = os.pathsep.join([binaries, variables["PATH"]])
        with open(self.log, "w") as log:
            return subprocess.Popen(command, cwd=self.folder, env=variables, stdout=log, stderr=log)

    def finish(self, process: subprocess.Popen) -> str:
        """Wait for Snakemake to end well; returns what it said."""
        try:
            code = process.wait(timeout=900)
        except subprocess.TimeoutExpired:
            process.terminate()  # it cancels its jobs
            process.wait(timeout=60)
            code = None
        said = self.log.read_text()
        assert code == 0, f"Snakemake ended with {code}:\n{said[-5_000:]}"
        return said

    def start_locally(self, *arguments: str) -> subprocess.Popen:
        cores = str(os.cpu_count())
        return self.start(*arguments, "--cores", cores, "--resources", f"gpu={cores}")

    def run_locally(self, *arguments: str) -> str:
        return self.finish(self.start_locally(*arguments))

    def start_on_cluster(self, *arguments: str) -> subprocess.Popen:
        return self.start(*arguments, "--workflow-profile", "profiles/slurm", *QUICK, "--local-cores", "2")


@pytest.fixture(scope="session")
def cluster():
    """Two nodes with one GPU each, brought up for the session and taken down after it."""
    start = time.monotonic()
    try:
        slurm.up()
    except slurm.ClusterError as error:
        slurm.down()
        pytest.exit(str(error), returncode=1)
    print(f"\nSlurm was up after {time.monotonic() - start:.1f} s")
    yield slurm
    slurm.down()
    assert not slurm.responds() and not slurm.ROOT.exists()


@pytest.fixture(scope="session")
def new_study(tmp_path_factory):
    """Makes checkouts of their own in which a study, given by its configuration file, can run."""

    def make(configfile: str) -> Study:
        folder = tmp_path_factory.mktemp("study")
        checkout(folder)
        return Study(folder, configfile, folder / "snakemake.log")

    return make


@pytest.fixture(scope="session")
def study_here(tmp_path_factory):
    """Makes studies that run in this checkout, where what was run before is kept."""
    return lambda configfile: Study(ROOT, configfile, tmp_path_factory.mktemp("here") / "snakemake.log")
