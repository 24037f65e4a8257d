"""Who runs a study, as a second process is told."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults import tried

from aestudy.base.errors import UserError
from aestudy.driver import lock
from aestudy.driver.private_snakemake import LOCKS

HOLD = "import sys, time; from pathlib import Path; from aestudy.driver import lock; lock.acquire(Path(sys.argv[1]));"
UNLOCK = "snakemake --unlock --configfile mine.yaml"
PAPER = Path("results/paper")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def other_run():
    """Starts processes that hold a study until they are killed."""
    started = []

    def start(study: Path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD + "print('held', flush=True); time.sleep(60)", study],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdout.readline() == b"held\n"
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def lock_files(*outputs):
    """As Snakemake does for files that it is going to make."""
    LOCKS.mkdir(parents=True)
    (LOCKS / "0.output.lock").write_text("".join(f"{path}\n" for path in outputs))


def test_nothing_to_tell_before_a_first_run():
    assert lock.notice(PAPER, UNLOCK) is None


def test_a_second_run_is_told_by_whom_and_refused(other_run):
    first = other_run(PAPER)
    lock_files("results/paper/tables/metrics.csv")
    with pytest.raises(UserError) as refused:
        lock.acquire(PAPER)
    for text in (lock.notice(PAPER, UNLOCK), str(refused.value)):
        assert f"Study paper is being run by process {first.pid} on " in text
        assert "--unlock" not in text
    tried("runs refused")


def test_the_lock_of_a_killed_run_is_stale(other_run):
    first = other_run(PAPER)
    lock_files("results/paper/tables/metrics.csv")
    first.kill()
    first.wait()
    text = lock.notice(PAPER, UNLOCK)
    assert f"process {first.pid} on " in text and "has ended" in text and f"\n    {UNLOCK}\n" in text
    lock.acquire(PAPER)


def test_a_run_that_ended_in_good_order_leaves_nothing_to_tell():
    subprocess.run([sys.executable, "-c", HOLD, PAPER], check=True, env={"PYTHONPATH": os.pathsep.join(sys.path)})
    assert (PAPER / lock.NAME).exists()
    assert lock.notice(PAPER, UNLOCK) is None


def test_without_word_of_who_locked_the_user_is_told_where_to_look():
    lock_files("results/paper/tables/metrics.csv")
    text = lock.notice(PAPER, UNLOCK)
    assert "ps -ef" in text and UNLOCK in text and "has ended" not in text


def test_studies_do_not_stand_in_each_others_way(other_run):
    other_run(Path("results/demo"))
    lock_files("results/demo/tables/metrics.csv")
    assert lock.notice(PAPER, UNLOCK) is None
    lock.acquire(PAPER)


def test_a_study_that_makes_data_sets_is_named(other_run):
    first = other_run(Path("results/demo"))
    lock_files("results/demo/tables/metrics.csv", "resources/data/mnist/dataset.json")
    text = lock.notice(PAPER, UNLOCK)
    assert f"Data sets are being made by study demo (process {first.pid} on " in text


def test_a_folder_that_cannot_be_written_is_told_before_the_jobs():
    Path("results").write_text("a file")
    with pytest.raises(UserError, match="Study paper cannot write its results"):
        lock.acquire(PAPER)


def test_where_files_cannot_be_locked_the_run_goes_on(monkeypatch):
    """As on some network drives: Snakemake's own lock is left."""

    def refuse(file, kind):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", refuse)
    lock.acquire(PAPER)
    assert lock.notice(PAPER, UNLOCK) is None


def test_a_lock_is_kept_as_long_as_the_process_lives():
    lock.acquire(PAPER)
    again = subprocess.run(
        [sys.executable, "-c", HOLD, PAPER],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert f"Study paper is being run by process {os.getpid()} on " in again.stderr
