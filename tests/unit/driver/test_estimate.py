"""How long the rest of a study may take, from manifests and benchmarks of earlier trainings."""

import pytest

from aestudy.base import files
from aestudy.driver.estimate import Estimate, duration, estimate
from unit.driver import small_study


@pytest.fixture
def study():
    return small_study.study_of(["a", "b"], [2, 3])


def test_nothing_is_known_at_first(study, tmp_path):
    left = estimate(*study, tmp_path)
    assert (left.trainings, left.unknown, left.seconds) == (8, 8, 0)


def test_estimate_goes_by_epochs_of_the_same_network_in_any_study(study, tmp_path):
    small_study.manifest(tmp_path, "digits/a/latent-9", [8], epochs=5, seconds=10, name="other")
    small_study.manifest(tmp_path, "mnist/a/latent-9", [8], epochs=5, seconds=1e6, name="other")
    small_study.manifest(tmp_path, "digits/b/latent-2", [9], epochs=10, seconds=40)
    left = estimate(*study, tmp_path)
    # a: 4 trainings of 10 epochs at 2 s, b: one of 4 is there, 10 epochs at 4 s
    assert (left.runs, left.trainings, left.unknown, left.seconds) == (4, 7, 0, 4 * 20 + 3 * 40)


def test_of_a_finished_study_nothing_is_left(study, tmp_path):
    finish(study, tmp_path)
    assert estimate(*study, tmp_path) == Estimate(runs=0, trainings=0)


def finish(study, results, epochs: int = 10):
    """Put the manifests of all replicates there."""
    for run in study[1].runs.values():
        for replicate in range(2):
            widths = {"a": [8], "b": [9]}[run.model]
            small_study.manifest(results, run.path, widths, epochs, seconds=epochs, replicate=replicate)


def test_what_was_trained_by_another_configuration_is_left(study, tmp_path):
    finish(study, tmp_path, epochs=5)
    assert estimate(*study, tmp_path) == Estimate(runs=4, trainings=8, unknown=0, seconds=8 * 10)


def test_a_manifest_that_cannot_be_read_is_left(study, tmp_path):
    finish(study, tmp_path)
    files.write_text(tmp_path / "small/runs/digits/a/latent-2/replicate-1/manifest.json", "")
    left = estimate(*study, tmp_path)
    assert (left.runs, left.trainings) == (1, 1)


def test_benchmarks_add_what_is_not_training(study, tmp_path):
    small_study.manifest(tmp_path, "digits/a/latent-9", [8], epochs=10, seconds=10, name="other")
    for stage, seconds in (("train", 16), ("evaluate", 5), ("baselines", 7)):
        files.write_text(
            tmp_path / f"other/benchmarks/{stage}/digits/a/latent-9.tsv", f"s\th:m:s\n{seconds}\t0:00:01\n"
        )
    # 8 trainings, 4 runs that take 6 s to start and 5 to score, one condition
    assert estimate(*study, tmp_path).seconds == 8 * 10 + 4 * (6 + 5) + 7


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (9_000, "2.5 h")])
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_a_network_of_the_same_kind_is_better_than_nothing(study, tmp_path):
    """Model b has other widths than all that were trained here: it is taken to be as slow as model a."""
    small_study.manifest(tmp_path, "digits/a/latent-9", [8], epochs=5, seconds=10, name="other")
    assert estimate(*study, tmp_path) == Estimate(runs=4, trainings=8, unknown=0, seconds=8 * 10 * 2)


def test_a_network_on_other_data_says_nothing(study, tmp_path):
    small_study.manifest(tmp_path, "mnist/a/latent-9", [8], epochs=5, seconds=10, name="other")
    assert estimate(*study, tmp_path).unknown == 8


@pytest.mark.parametrize("content", ["", "{}", "[1]"])
def test_manifests_that_cannot_be_read_do_not_count(study, tmp_path, content):
    files.write_text(tmp_path / "other/runs/digits/a/latent-9/replicate-0/manifest.json", content)
    small_study.manifest(tmp_path, "digits/b/latent-9", [9], epochs=5, seconds=10, name="other")
    assert estimate(*study, tmp_path).seconds == 8 * 10 * 2
