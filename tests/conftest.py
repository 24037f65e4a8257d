"""A copy of the project with a finished tiny study and its report, and a way to ask Snakemake what it would do."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import checkouts
import faults
import pytest
from filelock import FileLock

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
if WORKER:  # beside others: each with one thread, since threads that wait for a core spin
    os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).parents[1]
PARTS = ["Snakefile", "config.yaml", "workflow", "report", "envs", "profiles"]
TINY, READINGS = "tests/tiny.yaml", "tests/readings.yaml"


class Project:
    """A checkout to run Snakemake in."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.output = ""
        """What the command said that was run to make it, if one was."""
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / part)
        (folder / "tests").mkdir()
        for study in (TINY, READINGS):
            shutil.copy(ROOT / study, folder / study)

    def take_over(self, other: Path) -> "Project":
        """Copy all that is in the folder of another."""
        shutil.copytree(other, self.folder, symlinks=True, dirs_exist_ok=True)
        return self

    def snakemake(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run `snakemake` as in an activated environment; output and errors are both in stdout."""
        return self.run(["snakemake", *arguments], **environment)

    def run(self, command: list[str], **environment: str) -> subprocess.CompletedProcess:
        """Run a command in this folder as in an activated environment; output and errors are both in stdout."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self._variables() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1_200,
        )

    def start(self, *command: str) -> subprocess.Popen:
        """Start a command in a process group of its own, so that it can be killed with its jobs."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _variables(self) -> dict[str, str]:
        binaries = str(Path(sys.executable).parent)
        # of `make test`, not of a user
        foreign = ("PYTHONPATH", "AE_DATA_MIRROR", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "OMP_NUM_THREADS")
        variables = {key: value for key, value in os.environ.items() if key not in foreign}
        return variables | {"PATH": os.pathsep.join([binaries, variables["PATH"]])}

    def overlay(self, text: str, name: str = "overlay.yaml") -> str:
        """Write a file of configuration and return its name."""
        (self.folder / name).write_text(text)
        return name

    def planned(self, *overlays: str) -> dict[str, int]:
        """Jobs per rule that a run of the tiny study would start (but for those that always come last), by dry run."""
        done = self.snakemake("-n", "--configfile", TINY, *overlays)
        assert done.returncode == 0, done.stdout[-3_000:]
        if "Nothing to be done" in done.stdout:
            return {}
        table = re.search(r"^job +count\n-+ +-+\n(.*?)^total ", done.stdout, re.MULTILINE | re.DOTALL)
        jobs = dict(line.split() for line in table[1].splitlines())
        return {rule: int(count) for rule, count in jobs.items() if rule not in ("checksums", "all")}

    @contextlib.contextmanager
    def edited(self, path: str, old: str, new: str) -> Iterator[None]:
        """Replace text in a file for a while."""
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        try:
            yield
        finally:
            file.write_text(text)


@pytest.fixture(scope="session")
def new_project(tmp_path_factory):
    """Makes copies of the project without results."""
    return lambda: Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, new_project):
    """Gives a project in which a command was run: once for all processes that run tests, each of which has a copy."""
    common = tmp_path_factory.getbasetemp()
    if WORKER:
        common = common.parent

    def made(name: str, command: list[str], prepared: Callable[[Project], Project], **environment: str) -> Project:
        kept, said = common / name, common / f"{name}.txt"
        with FileLock(common / f"{name}.lock"):
            if not said.exists():
                project = prepared(new_project())
                done = project.run(command, **environment)
                assert done.returncode == 0, done.stdout[-3_000:]
                project.folder.rename(kept)
                said.write_text(done.stdout)
        copy = new_project().take_over(kept)
        copy.output = said.read_text()
        return copy

    return made


@pytest.fixture(scope="session")
def finished(made_once) -> Project:
    """A copy of the project in which the tiny study has run to its end."""
    command = ["snakemake", "--cores", "2", "--resources", "gpu=1", "--configfile", TINY]
    return made_once("finished", command, lambda project: project)


@pytest.fixture(scope="session")
def small_demo(made_once) -> Project:
    """A copy of the project in which `make demo` has made the small demo."""
    return made_once("small_demo", ["make", "demo", "CORES=2"], lambda new: checkouts.for_make(new, checkouts.DEMO))


@pytest.fixture
def finished_copy(finished, new_project):
    """Makes copies of the finished project, to do harm to."""
    return lambda: new_project().take_over(finished.folder)


@pytest.fixture(scope="session")
def report(finished) -> Path:
    """The finished study's report, report.html; report.zip lies beside it."""
    for name in ("report.html", "report.zip"):
        done = finished.snakemake("--report", name, "--configfile", TINY)
        assert done.returncode == 0, done.stdout[-3_000:]
    return finished.folder / "report.html"


def pytest_sessionfinish(session):
    """A process that runs tests for another tells it which faults were tried."""
    if WORKER:
        session.config.workeroutput["faults"] = dict(faults.TRIED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Add up what these processes tell."""
    for kind, count in getattr(node, "workeroutput", {}).get("faults", {}).items():
        faults.tried(kind, count)


def pytest_terminal_summary(terminalreporter):
    """Say how many faults were tried."""
    if faults.TRIED:
        terminalreporter.section("faults tried")
        for kind, count in sorted(faults.TRIED.items()):
            terminalreporter.write_line(f"{count:>7,} {kind}")
