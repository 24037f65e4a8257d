"""What is measured when a study starts on a machine for the first time."""

import threading
from pathlib import Path

import pytest

from aestudy.driver import calibration
from aestudy.driver.calibration import Calibration, request
from aestudy.driver.costs import PARSE, Costs, network_key
from aestudy.driver.trainings import Work
from unit.driver import small_study

RESULTS = Path("results")


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return small_study.study()


def trainings(plan, **epochs):
    return [(run, Work(run.path, 2, epochs.get(run.model, 10))) for run in plan.runs.values()]


def test_one_of_each_kind_the_longest_first(study):
    costs = Costs(study[0], RESULTS)
    keys, asked = request(costs, trainings(study[1], b=100, short=1))
    a, b = (network_key(study[0], study[1].runs[f"digits/{model}/latent-2"]) for model in ("a", "b"))
    assert keys == [b, a]  # `short` is the same network as `a`
    assert [network["identity"]["network"]["hidden"] for network in asked["networks"]] == [[9], [8]]
    assert asked["device"] == "auto" and asked["networks"][0]["replicates"] == 2


def test_what_was_trained_here_before_is_not_measured(study):
    small_study.manifest(RESULTS, "digits/a/latent-9", [8], epochs=5, seconds=10, name="other")
    small_study.manifest(RESULTS, "stamps/a/latent-9", [8], epochs=5, seconds=10, name="other")
    assert request(Costs(study[0], RESULTS), trainings(study[1]))[1]["networks"] == []


def test_answers_go_to_the_costs(study):
    costs = Costs(study[0], RESULTS)
    measuring = Calibration(costs, trainings(study[1], b=100))
    measuring.take({"parse": 2 * PARSE})
    measuring.take({"network": 0, "seconds_per_image": 0.5})
    assert costs.slowness == 2
    assert costs.measured == {network_key(study[0], study[1].runs["digits/b/latent-2"]): 0.5}


def test_it_runs_beside_the_study_and_may_be_stopped(study, monkeypatch):
    """With the real process, but for a network that it has not to wait for."""
    costs = Costs(study[0], RESULTS)
    monkeypatch.setattr(calibration, "SECONDS", 0.01)
    measuring = Calibration(costs, trainings(study[1]))
    measuring.start()
    for thread in threading.enumerate():
        if thread.name == "calibration":
            thread.join()
    assert costs.slowness > 0 and costs.news == 2 and all(seconds > 0 for seconds in costs.measured.values())
    measuring.stop()


@pytest.mark.parametrize("module", ["aestudy.nothing", "aestudy.base.errors"])
def test_without_an_answer_nothing_changes(study, module, monkeypatch):
    """As in an environment without torch."""
    costs = Costs(study[0], RESULTS)
    monkeypatch.setattr(calibration, "MODULE", module)
    measuring = Calibration(costs, trainings(study[1]))
    measuring.start()
    measuring._process.wait()
    measuring.stop()
    assert (costs.news, costs.slowness) == (0, 1.0)
    Calibration(costs, []).start()
    Calibration(costs, []).stop()
