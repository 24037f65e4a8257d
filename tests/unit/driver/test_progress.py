"""The line of progress, from jobs and the logs of trainings."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from aestudy.driver.costs import Costs, network_key
from aestudy.driver.forecast import Forecast
from aestudy.driver.jobs import Jobs, step
from aestudy.driver.outlook import Outlook
from aestudy.driver.progress import Progress, remaining
from unit.driver import small_study

RUN = {"dataset": "stamps", "model": "a", "variant": "latent-2"}
TRAIN, EVALUATE, PAGE = step("train", RUN), step("evaluate", RUN), step("page", {"table": "claims"})


class Run:
    """A study of three jobs, as Snakemake would tell of it."""

    def __init__(self, pace=None):
        study, plan = small_study.study()
        self.now = 0.0
        self.jobs = Jobs(clock=lambda: self.now)
        steps = [TRAIN, EVALUATE, PAGE]
        self.jobs.plan(steps)
        costs = Costs(study, Path("results"))
        if pace:
            costs.take_pace(network_key(study, plan.runs["stamps/a/latent-2"]), pace)
        outlook = Outlook(costs, steps, plan.runs, {"train": range(2)}, {})
        self.progress = Progress(self.jobs, outlook, Forecast(cores=1), extra=0)

    def tell(self, event, **fields):
        self.jobs.emit(logging.makeLogRecord({"event": SimpleNamespace(value=event), **fields}))

    def start(self, number, rule, wildcards, log):
        self.tell("job_info", jobid=number, rule_name=rule, log=[log], wildcards=wildcards)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_before_anything_is_known():
    assert Run().progress.line() == ("0 of 3 steps, 0 of 1 trained, time left: being measured", 0)


def test_a_training_with_its_latest_loss_and_the_time_left():
    """Of 20 epochs of 900 images, 18 s each as measured, and seconds for what comes after them."""
    run = Run(pace=0.02)
    assert run.progress.line()[0].startswith("0 of 3 steps, 0 of 1 trained, about 6 min left")
    run.start(1, "train", RUN, "train.log")
    assert run.progress.line()[0].endswith("| stamps/a/latent-2: starting")
    Path("train.log").write_text("".join(f"x replicate 0 epoch {e}: train loss 0.{e}1, y\n" for e in range(1, 6)))
    run.now = 4.5 + 5 * 36  # half as fast as measured
    line, share = run.progress.line()
    assert line == ("0 of 3 steps, 0 of 1 trained, about 9 min left | stamps/a/latent-2: epoch 5/20, loss 0.51")
    assert share == 0


def test_other_jobs_are_named_by_their_rule():
    run = Run(pace=0.02)
    run.start(1, "train", RUN, "train.log")
    run.now = 700.0
    run.tell("job_finished", job_id=1)
    run.start(2, "evaluate", RUN, "evaluate.log")
    run.start(3, "page", {"table": "claims"}, "page.log")
    line, share = run.progress.line()
    assert line == "1 of 3 steps, 1 of 1 trained, less than a minute left | evaluate; page"
    assert share == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "time left: being measured"),
        (0, "less than a minute left"),
        (44, "less than a minute left"),
        (46, "about 1 min left"),
        (95, "about 2 min left"),
        (3_600, "about 60 min left"),
        (9_000, "about 2.5 h left"),
    ],
)
def test_words_for_the_time_left(seconds, words):
    assert remaining(seconds) == words
