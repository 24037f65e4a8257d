"""What jobs are expected to take: from earlier ones, from a measurement, or as on the reference machine."""

from pathlib import Path

import pytest

from aestudy.base import files
from aestudy.driver.costs import OTHER, PARSE, REFERENCE, START, Costs, network_key
from aestudy.driver.trainings import Work
from unit.driver import small_study

RESULTS = Path("results")


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return small_study.study()


def prepared(dataset: str, train: int, test: int) -> None:
    files.write_json(f"resources/data/{dataset}/dataset.json", {"train": train, "test": test})


def test_of_a_training_nothing_is_known_at_first(study):
    costs = Costs(study[0], RESULTS)
    run = study[1].runs["digits/a/latent-2"]
    assert costs.training(run, Work(run.path, 2, 10), "train").seconds is None
    assert not costs.known(run)


def test_a_measured_network_takes_as_long_per_image(study):
    """Nine tenths of 1,000 images are trained on, 10 epochs, two replicates of which one is there."""
    costs = Costs(study[0], RESULTS)
    run = study[1].runs["stamps/a/latent-2"]
    costs.take_pace(network_key(study[0], run), 0.001)
    expected = costs.training(run, Work(run.path, 2, 10, done=10), "train")
    assert expected.seconds == pytest.approx(START + 10 * 0.9)
    assert expected.start == START
    costs.take_parse(3 * PARSE)
    assert costs.training(run, Work(run.path, 2, 10, done=10), "train").seconds == pytest.approx(3 * START + 10 * 0.9)
    assert costs.news == 2


def test_a_network_that_was_not_measured_is_taken_for_one_in_the_middle(study):
    costs = Costs(study[0], RESULTS)
    for key, seconds in (("x", 1e-3), ("y", 2e-3), ("z", 1.0)):
        costs.take_pace((key,), seconds)
    assert costs.pace(study[1].runs["stamps/a/latent-2"]) == pytest.approx(2e-3 * 900)


def test_images_are_as_prepared_or_as_stated(study):
    costs = Costs(study[0], RESULTS)
    assert costs.images("stamps") == (1_000, 4_000)
    before = costs.images("digits")
    prepared("digits", 1_415, 382)
    assert costs.images("digits") == (1_415, 382) != before


def test_earlier_trainings_here_tell_more_than_a_measurement(study):
    small_study.manifest(RESULTS, "digits/a/latent-9", [8], epochs=5, seconds=10, name="other")
    small_study.benchmark(RESULTS, "train", "digits/b/latent-2", 7)
    small_study.manifest(RESULTS, "digits/b/latent-2", [9], epochs=5, seconds=1)
    costs = Costs(study[0], RESULTS)
    run = study[1].runs["digits/a/latent-2"]
    costs.take_pace(network_key(study[0], run), 1.0)
    assert costs.known(run) and not costs.known(study[1].runs["stamps/a/latent-2"])
    assert costs.training(run, Work(run.path, 2, 10), "train").seconds == 6 + 20 * 2


def test_other_jobs_are_as_on_the_reference_machine_for_so_many_test_images(study):
    costs = Costs(study[0], RESULTS)
    fixed, per_thousand = REFERENCE["evaluate"]
    assert costs.other("evaluate", "stamps").seconds == pytest.approx(fixed + per_thousand * 4 * 2)  # 2 replicates
    assert costs.other("figure").seconds == REFERENCE["figure"][0]
    assert costs.other("my_own_rule").seconds == OTHER
    costs.take_parse(2 * PARSE)
    assert costs.other("figure").seconds == 2 * REFERENCE["figure"][0]


def test_rules_that_another_workflow_has_taken_over_keep_the_ends_of_their_names(study):
    costs = Costs(study[0], RESULTS)
    assert costs.other("study_baseline_table").seconds == REFERENCE["baseline_table"][0]
    assert costs.other("mypage").seconds == OTHER


def test_or_as_earlier_ones_on_the_same_data_set(study):
    for job, seconds in (("digits/clean", 4), ("digits/gaussian-0.1", 8), ("stamps/clean", 100)):
        small_study.benchmark(RESULTS, "baselines", job, seconds)
    assert Costs(study[0], RESULTS).other("baselines", "digits").seconds == 6


def test_jobs_are_alike_if_they_are_of_one_rule_data_set_and_network(study):
    costs = Costs(study[0], RESULTS)
    runs = [study[1].runs[f"digits/{model}/latent-2"] for model in ("a", "b", "short")]
    a, b, short = (costs.training(run, Work(run.path, 2, 10), "train").like for run in runs)
    assert a == short != b
    assert costs.other("evaluate", "digits", "a").like != costs.other("evaluate", "digits", "b").like


def test_every_rule_of_the_workflow_has_a_reference():
    """But for the rules that train, and those that only collect the files of others."""
    import re

    rules = Path(__file__).parents[3] / "workflow/rules"
    names = set()
    for path in rules.glob("*.smk"):
        for block in re.split(r"^(?=(?:use )?rule )", path.read_text(), flags=re.MULTILINE):
            if named := re.match(r"(?:use )?rule (?:\w+ as )?(\w+)", block):
                names |= {named[1]} if "script:" in block else set()
    assert names - REFERENCE.keys() == {"train"}
