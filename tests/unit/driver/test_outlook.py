"""What is expected of each job of a run."""

from pathlib import Path

import pytest

from aestudy.base import files
from aestudy.driver.costs import REFERENCE, Costs, network_key
from aestudy.driver.jobs import step
from aestudy.driver.outlook import Outlook
from unit.driver import small_study

RESULTS = Path("results")
LONG, SHORT = "digits/a/latent-2", "digits/short/latent-2"


def train(path: str, rule="train"):
    return step(rule, dict(zip(("dataset", "model", "variant"), path.split("/"), strict=True)))


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return small_study.study()


def outlook(study, *steps, **rules):
    replicates = {"train": range(2), "repeat": range(2, 5)}
    return Outlook(Costs(study[0], RESULTS), steps, study[1].runs, replicates, {LONG: SHORT})


def test_replicates_that_are_there_are_kept(study):
    small_study.manifest(RESULTS, SHORT, [8], epochs=4, seconds=1, replicate=1)
    found = outlook(study, train(SHORT), train(SHORT, "repeat"), step("page", {"table": "claims"}))
    works = {rule: (work.replicates, work.epochs, work.done) for (rule, _), (_, work) in found.trainings.items()}
    assert works == {"train": (2, 4, 4), "repeat": (3, 4, 0)}


def test_a_run_that_continues_another_has_its_epochs_already(study):
    _, work = outlook(study, train(LONG)).trainings[train(LONG)]
    assert (work.epochs, work.done) == (10, 2 * 4)


def test_rules_of_another_workflow_that_takes_over_these(study):
    taken = train(LONG, "study_train")
    assert list(outlook(study, taken, train(LONG, "retrain")).trainings) == [taken]


def test_expectations_follow_what_is_measured_and_prepared(study):
    evaluate = step("evaluate", {"dataset": "digits", "model": "a", "variant": "latent-2"})
    costs = Costs(study[0], RESULTS)
    found = Outlook(costs, [train(LONG), evaluate], study[1].runs, {"train": range(2)}, {})
    assert found.expected(train(LONG)).seconds is None
    costs.take_pace(network_key(study[0], study[1].runs[LONG]), 0.001)
    before = found.expected(train(LONG)).seconds, found.expected(evaluate).seconds
    files.write_json("resources/data/digits/dataset.json", {"train": 50_000, "test": 9_000})
    assert (found.expected(train(LONG)).seconds, found.expected(evaluate).seconds) == before
    found.finished(step("prepare", {"dataset": "digits"}))
    assert found.expected(train(LONG)).seconds > before[0] and found.expected(evaluate).seconds > before[1]


def test_a_job_without_data_set(study):
    assert outlook(study).expected(step("claims", {})).seconds == REFERENCE["claims"][0]
