"""What is told about other runs before a study starts; that a living run is named is shown in test_lock.py."""

from dataclasses import replace
from pathlib import Path

import pytest

from aestudy.driver import lock, notices, owner
from aestudy.driver.private_snakemake import LOCKS

PAPER, DEMO = Path("results/paper"), Path("results/demo")
UNLOCK = "snakemake --unlock"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LOCKS.mkdir(parents=True)


def left(study: Path, **changes) -> None:
    """What a run of this process, but for these changes, would have left of itself, and Snakemake's lock."""
    study.mkdir(parents=True)
    (study / lock.NAME).write_text(replace(owner.this_process(), **changes).as_text())
    (LOCKS / "0.output.lock").write_text(f"{study}/tables/metrics.csv\n")


def test_nothing_where_no_study_was_ever_run():
    assert notices.dry_run(PAPER, UNLOCK) is None
    assert notices.beside(PAPER) is None


def test_a_lock_that_the_next_run_removes():
    left(PAPER, began=1)  # the number of this process, used by another one before
    assert notices.dry_run(PAPER, UNLOCK).endswith("which has ended: the next run removes the lock.")


def test_a_lock_that_may_be_of_a_living_run_elsewhere_and_the_command_that_removes_it():
    left(PAPER, host="another")
    told = notices.dry_run(PAPER, UNLOCK)
    assert "on another since" in told and "look for it there" in told and f"\n    {UNLOCK}\n" in told


def test_without_a_lock_who_ran_it_does_not_matter():
    left(PAPER, host="another")
    (LOCKS / "0.output.lock").unlink()
    assert notices.dry_run(PAPER, UNLOCK) is None


def test_a_study_that_is_not_run_any_more_is_not_beside():
    left(DEMO, began=1)
    (LOCKS / "1.output.lock").write_text("resources/data/mnist/dataset.json\n")
    assert notices.beside(PAPER) is None
