"""Who may run a study: one process at a time, and the next one goes on where a killed one has left its lock."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from faults import tried

from aestudy.base.errors import UserError
from aestudy.driver import lock, notices, owner
from aestudy.driver.private_snakemake import LOCKS

UNLOCK = "snakemake --unlock --configfile mine.yaml"
PAPER, DEMO = Path("results/paper"), Path("results/demo")
RUN = """
import sys
from pathlib import Path
from aestudy.base.errors import UserError
from aestudy.driver import lock, owner
try:
    print(lock.acquire(Path(sys.argv[1]), owner.this_process(), "unlock"), flush=True)
except UserError as error:
    sys.exit(str(error))
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lock, "A_LOOK", 0.2)
    yield
    while lock._held:
        lock._held.pop().close()


@pytest.fixture
def run():
    """Starts processes that run a study until they are killed, or have been refused."""
    started = []

    def start(study: Path) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, study],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        process.said = process.stdout.readline().strip()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def killed(process: subprocess.Popen) -> subprocess.Popen:
    process.kill()
    process.communicate()
    return process


def lock_files(*outputs, number=0):
    """As Snakemake does for files that it is going to make."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    (LOCKS / f"{number}.output.lock").write_text("".join(f"{path}\n" for path in outputs))


def locks() -> list[str]:
    return sorted(path.name for path in LOCKS.glob("*"))


def acquire(study=PAPER):
    return lock.acquire(study, owner.this_process(), UNLOCK)


def test_a_first_run_has_nothing_to_tell():
    assert acquire() is None
    assert owner.from_text((PAPER / lock.NAME).read_text()) == owner.this_process()


def test_a_second_run_is_told_by_whom_and_refused(run):
    first = run(PAPER)
    lock_files("results/paper/tables/metrics.csv")
    with pytest.raises(UserError) as refused:
        acquire()
    for text in (notices.dry_run(PAPER, UNLOCK), str(refused.value)):
        assert f"Study paper is being run by process {first.pid} on " in text
        assert "--unlock" not in text
    assert locks() == ["0.output.lock"]
    tried("runs refused")


def test_the_lock_of_a_killed_run_is_removed_in_one_sentence(run):
    first = killed(run(PAPER))
    lock_files("results/paper/tables/metrics.csv")
    assert "has ended: the next run removes the lock" in notices.dry_run(PAPER, UNLOCK)
    assert locks() == ["0.output.lock"]  # a dry run changes nothing
    said = acquire()
    assert said.startswith(f"The run of study paper (process {first.pid} on ") and "\n" not in said
    assert locks() == []
    tried("locks of killed runs")


def test_so_is_that_of_another_study_which_may_have_locked_the_same_data(run):
    first = killed(run(DEMO))
    lock_files("resources/data/mnist/dataset.json", "results/demo/tables/metrics.csv")
    assert f"The run of study demo (process {first.pid} on " in acquire()
    assert locks() == []


def test_locks_of_a_study_that_is_run_now_stay(run):
    living = run(DEMO)
    killed(run(PAPER))
    lock_files("results/paper/tables/metrics.csv", number=0)
    lock_files("results/demo/tables/metrics.csv", "resources/data/mnist/dataset.json", number=1)
    lock_files("resources/data/fmnist/dataset.json", number=2)  # of either of them
    assert "study paper" in acquire()
    assert locks() == ["1.output.lock", "2.output.lock"]
    assert f"Data sets are being made by study demo (process {living.pid} on " in notices.beside(PAPER)
    killed(living)
    assert notices.beside(PAPER) is None


def test_of_two_commands_that_find_the_same_lock_one_removes_it_and_the_other_is_refused(run):
    killed(run(PAPER))
    lock_files("results/paper/tables/metrics.csv")
    processes = [run(PAPER) for _ in range(3)]
    said = [process.said for process in processes if process.said]
    assert len(said) == 1 and said[0].startswith("The run of study paper (")
    for process in processes:
        if not process.said:
            assert "Study paper is being run by process " in process.communicate()[1]
    assert locks() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": "another"}, "on another since "),
        ({"namespace": "pid:[1]"}, "cannot be seen from here"),
        ({"boot": "of another machine", "machine": "another"}, "cannot be seen from here"),
        ({"scheduler": True, "began": 1}, "jobs that it gave to the scheduler may be left"),
    ],
)
def test_a_lock_of_a_process_that_may_live_is_not_touched(change, words):
    PAPER.mkdir(parents=True)
    (PAPER / lock.NAME).write_text(replace(owner.this_process(), **change).as_text())
    lock_files("results/paper/tables/metrics.csv")
    for _ in range(2):  # nor the second time: the word of that process is kept
        with pytest.raises(UserError) as refused:
            acquire()
        lock._held.pop().close()  # as at the end of the process
        for text in (notices.dry_run(PAPER, UNLOCK), str(refused.value)):
            assert words in text and f"\n    {UNLOCK}\n" in text
    assert locks() == ["0.output.lock"]
    tried("runs refused", 2)


@pytest.mark.parametrize("word", ["", "process 12 on vm since 2026-01-01 10:00", '{"process": 12, "ho'])
def test_a_lock_of_nobody_knows_whom_is_not_touched(word):
    """Of an earlier version, of a process that was killed while it wrote, or after results were removed."""
    PAPER.mkdir(parents=True)
    (PAPER / lock.NAME).write_text(word)
    lock_files("results/paper/tables/metrics.csv")
    with pytest.raises(UserError, match=r"not written down by which process.*ps -ef"):
        acquire()
    assert (PAPER / lock.NAME).read_text() == word
    assert locks() == ["0.output.lock"]


def test_once_the_user_has_unlocked_it_the_study_goes_on():
    PAPER.mkdir(parents=True)
    (PAPER / lock.NAME).write_text(replace(owner.this_process(), host="another").as_text())
    assert acquire() is None
    assert notices.dry_run(DEMO, UNLOCK) is None


def test_a_killed_run_whose_jobs_go_on_is_refused_with_their_numbers(run, monkeypatch):
    monkeypatch.setattr(lock, "LAST_MOMENTS", 0.2)
    first = killed(run(PAPER))
    lock_files("results/paper/tables/metrics.csv")
    job = "import fcntl, sys; f = open('results/paper/.jobs', 'a+'); fcntl.flock(f, fcntl.LOCK_SH); print(flush=True); "
    with subprocess.Popen(
        [sys.executable, "-c", job + "sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as orphan:
        orphan.stdout.readline()
        with pytest.raises(UserError) as refused:
            acquire()
        assert f"by process {first.pid} on " in str(refused.value) and f"(kill {orphan.pid})" in str(refused.value)
        assert locks() == ["0.output.lock"]
        lock._held.pop().close()
        orphan.communicate()
    assert "has ended without removing its lock" in acquire()


def test_a_run_that_ended_in_good_order_leaves_nothing_to_tell(run):
    run(PAPER).communicate()
    assert (PAPER / lock.NAME).exists()
    assert notices.dry_run(PAPER, UNLOCK) is None
    assert acquire() is None


def test_a_folder_that_cannot_be_written_is_told_before_the_jobs():
    Path("results").write_text("a file")
    with pytest.raises(UserError, match="Study paper cannot write its results"):
        acquire()


def test_where_files_cannot_be_locked_the_run_goes_on(monkeypatch):
    """As on some network drives: Snakemake's own lock is left."""

    def refuse(file, kind):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", refuse)
    lock_files("results/demo/tables/metrics.csv")
    assert acquire() is None
    assert notices.dry_run(PAPER, UNLOCK) is None
    assert locks() == ["0.output.lock"]


def test_a_study_that_has_just_been_started_does_not_bear_the_name_of_the_one_before(run, monkeypatch):
    PAPER.mkdir(parents=True)
    ended = replace(owner.this_process(), began=1)
    (PAPER / lock.NAME).write_text(ended.as_text())
    with open(PAPER / lock.NAME) as file:
        lock.fcntl.flock(file, lock.fcntl.LOCK_EX)
        with pytest.raises(UserError, match="being run by a process that has just started"):
            acquire()
