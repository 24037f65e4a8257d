"""What killed runs leave: which of Snakemake's locks are of them, and jobs that go on."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aestudy.driver import owner, stale
from aestudy.driver.private_snakemake import LOCKS

RESULTS = Path("results")
DEMO, PAPER = RESULTS / "demo", RESULTS / "paper"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LOCKS.mkdir(parents=True)


def lock(name: str, *lines: str) -> Path:
    (LOCKS / name).write_text("\n".join(lines))
    return LOCKS / name


def test_a_lock_is_of_the_study_whose_files_it_names():
    both = lock("0.output.lock", "resources/data/mnist/dataset.json", "results/demo/tables/metrics.csv", "results/pap")
    data = lock("1.input.lock", "resources/data/mnist/dataset.json")
    assert stale.locks(RESULTS) == {both: {DEMO}, data: set()}


def test_locks_of_ended_studies_are_removed_and_no_others():
    """Input and output files have numbers of their own, so each is judged by itself."""
    lock("0.input.lock", "results/demo/a/b")
    kept = [lock("1.input.lock", "results/paper/a/b"), lock("0.output.lock", "results/paper/a/c")]
    lock("1.output.lock", "results/demo/a/c", "resources/data/x")
    kept += [lock("2.output.lock", "resources/data/x"), lock("3.output.lock")]
    assert stale.remove(RESULTS, {DEMO}, all_ended=False) == {DEMO}
    assert sorted(LOCKS.iterdir()) == sorted(kept)


def test_locks_on_data_alone_are_removed_once_nobody_else_can_have_left_them():
    lock("0.output.lock", "resources/data/x")
    lock("0.input.lock")  # its process was killed while it wrote
    assert stale.remove(RESULTS, set(), all_ended=True) == set()
    assert stale.remove(RESULTS, {DEMO}, all_ended=True) == {DEMO}
    assert list(LOCKS.iterdir()) == []


def test_a_lock_of_two_studies_is_kept_while_one_of_them_lives():
    both = lock("0.output.lock", "results/demo/a/b", "results/paper/a/b")
    assert stale.remove(RESULTS, {DEMO}, all_ended=False) == set()
    assert both.exists()
    assert stale.remove(RESULTS, {DEMO, PAPER}, all_ended=False) == {DEMO, PAPER}


def test_a_run_has_ended_if_that_is_certain_and_it_gave_no_jobs_away():
    me = owner.this_process()
    ended = replace(me, began=me.began - 1)
    assert stale.has_ended(ended)
    others = [None, me, owner.UNNAMED, replace(ended, host="another"), replace(ended, scheduler=True)]
    assert not any(map(stale.has_ended, others))


JOB = """
import sys
from types import SimpleNamespace
from aestudy.base.job import job
log = "results/demo/logs/train/a.log"
with job(SimpleNamespace(rule="train", wildcards=[], log=[log], input=[], output=[])):
    print("running", flush=True)
    sys.stdin.read()
"""


def test_jobs_are_counted_while_they_run(monkeypatch):
    (DEMO / "logs/train").mkdir(parents=True)
    assert stale.living_jobs(DEMO) == []
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", JOB],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for _ in range(2)
    ]
    assert [job.stdout.readline() for job in jobs] == [b"running\n"] * 2
    assert stale.living_jobs(DEMO) == sorted(job.pid for job in jobs)
    assert stale.living_jobs(PAPER) == []
    monkeypatch.setattr(stale, "LOCKS", Path("nowhere"))  # where the kernel does not say who it is
    assert stale.living_jobs(DEMO) == [0]
    jobs[0].communicate()
    assert stale.living_jobs(DEMO) == [0]
    jobs[1].kill()
    jobs[1].communicate()
    assert stale.living_jobs(DEMO) == []
