"""What Snakemake's log records say about its jobs."""

import logging
from types import SimpleNamespace

import pytest
from snakemake_interface_common.exceptions import ApiError

from aestudy.driver.jobs import Jobs, step

TRAIN = step("train", {"model": "dense3"})
PAGE = step("page", {"table": "claims"})


@pytest.fixture
def jobs():
    jobs = Jobs(clock=lambda: jobs.now)
    jobs.now = 0.0
    jobs.plan([TRAIN, PAGE, PAGE])
    return jobs


def tell(jobs, event, **fields):
    jobs.emit(logging.makeLogRecord({"event": SimpleNamespace(value=event), **fields}))


def start(jobs, number, rule="train", wildcards=None, log="a.log"):
    wildcards = {"model": "dense3"} if wildcards is None else wildcards
    tell(jobs, "job_info", jobid=number, rule_name=rule, log=[log] if log else [], wildcards=wildcards)


def test_jobs_wait_then_run_then_are_finished(jobs):
    assert jobs.state().waiting == {TRAIN: 1, PAGE: 2}
    start(jobs, 1)
    jobs.now = 2.5
    state = jobs.state()
    assert state.waiting == {PAGE: 2} and state.now == 2.5
    assert [(job.step, str(job.log), job.began) for job in state.running] == [(TRAIN, "a.log", 0.0)]
    tell(jobs, "job_finished", job_id=1)
    state = jobs.state()
    assert state.running == [] and state.finished == [(TRAIN, 2.5)] and state.waiting == {PAGE: 2}


def test_a_failed_job_waits_again_and_is_forgiven_when_it_succeeds(jobs):
    for number in (1, 2):
        start(jobs, number)
        tell(jobs, "job_error", jobid=number, rule_name="train", log=[f"{number}.log"])
    assert jobs.state().waiting[TRAIN] == 1
    start(jobs, 1)
    tell(jobs, "job_finished", job_id=1)
    assert jobs.failed == [("train", ["2.log"])]
    assert [finished for finished, _ in jobs.state().finished] == [TRAIN]


def test_a_job_without_a_log_and_one_that_was_not_planned(jobs):
    start(jobs, 1, "all", {}, log="")
    state = jobs.state()
    assert state.running[0].log is None and state.waiting == {TRAIN: 1, PAGE: 2}
    tell(jobs, "job_finished", job_id=1)
    tell(jobs, "job_finished", job_id=7)
    assert len(jobs.state().finished) == 1


def test_the_beginning_of_a_run_is_told_before_anything_else_and_a_reason_ends_it():
    jobs = Jobs(begin=lambda: "Study paper is being run.")
    tell(jobs, "job_info", jobid=1, rule_name="page", log=[], wildcards={})
    with pytest.raises(ApiError, match=r"^Study paper is being run\.$"):
        tell(jobs, "workflow_started")
    tell(Jobs(begin=lambda: None), "workflow_started")
    Jobs().emit(logging.makeLogRecord({"msg": "something else"}))
