"""What is shown while a study runs, and when it ends: from logs, manifests and benchmarks."""

import io
import logging
from types import SimpleNamespace

import pytest

from aestudy.base import files
from aestudy.driver import console, progress
from aestudy.driver.estimate import Estimate, duration, estimate
from aestudy.study import load

LOG = """2026-01-01 10:00:00 INFO replicate 0 is there, made from the same code, data and parameters: kept
2026-01-01 10:00:01 INFO replicate 1 epoch 1: train loss 0.5, validation loss 0.4
2026-01-01 10:00:02 INFO replicate 1 epoch 2: train loss 0.3, validation loss 0.2
"""


def test_position_counts_kept_replicates():
    assert progress.position(LOG, epochs=10) == (12, "train loss 0.3, validation loss 0.2")
    assert progress.position("", epochs=10) == (0, "")


def test_position_of_replicates_that_are_trained_together():
    log = "".join(f"x replicate {r} epoch {e}: train loss 1\n" for e in range(1, 4) for r in (0, 2))
    assert progress.position(log, epochs=10)[0] == 6


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def monitor(tmp_path):
    def make(stream):
        monitor = progress.Monitor(lambda wildcards: progress.Work(wildcards["model"], 2, 10), stream)
        monitor.log = tmp_path / "train.log"
        return monitor

    return make


def tell(monitor, event, **fields):
    record = logging.makeLogRecord({"event": SimpleNamespace(value=event), **fields})
    monitor.emit(record)


def start(monitor, number=1):
    tell(monitor, "job_info", jobid=number, rule_name="train", log=[str(monitor.log)], wildcards={"model": "dense3"})


def test_a_line_from_time_to_time_without_a_terminal(monitor, monkeypatch):
    stream = io.StringIO()
    shown = monitor(stream)
    start(shown)
    shown.look()  # the log is not there yet
    shown.log.write_text(LOG)
    shown.look()
    assert stream.getvalue() == ""  # too soon
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", 0.0)
    shown.log.write_text(LOG + "x replicate 1 epoch 3: train loss 0.25, validation loss 0.2\n")
    shown.look()
    shown.look()
    assert stream.getvalue() == "dense3: 13 of 20 epochs, train loss 0.25, validation loss 0.2\n"


def test_a_bar_on_a_terminal(monitor):
    stream = Terminal()
    shown = monitor(stream)
    start(shown)
    shown.log.write_text(LOG)
    shown.look()
    assert "dense3:  60%" in stream.getvalue() and "epoch 12/20" in stream.getvalue()
    tell(shown, "job_finished", job_id=1)
    end = stream.getvalue()
    shown.look()
    assert stream.getvalue() == end


def test_failed_jobs_are_remembered_until_another_attempt_succeeds(monitor):
    shown = monitor(io.StringIO())
    for number in (1, 2):
        start(shown, number)
        tell(shown, "job_error", jobid=number, rule_name="train", log=[f"{number}.log"])
    tell(shown, "job_finished", job_id=1)
    assert shown.failed == [("train", ["2.log"])]


def test_failure_shows_the_end_of_the_log_and_the_command_to_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["/usr/bin/snakemake", "--cores", "2", "--config", "study=a b"])
    log = tmp_path / "train.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    console.failure(SimpleNamespace(study="mine"), [("train", [str(log)]), ("page", ["nowhere.log"])])
    printed = capsys.readouterr().err
    assert "A job of rule train failed" in printed and str(log) in printed
    assert "line 99" in printed and "line 50" not in printed
    assert "A job of rule page failed. It left no log." in printed
    assert "snakemake --cores 2 --config 'study=a b'" in printed


OVERLAY = {
    "study": "small",
    "seed": 1,
    "replicates": 2,
    "datasets": {"digits": {"source": "digits", "label": "digits"}},
    "noises": {},
    "training": {"epochs": 10},
    "models": {
        "a": {"label": "a", "network": {"architecture": "dense", "hidden": [8]}},
        "b": {"label": "b", "network": {"architecture": "dense", "hidden": [9]}},
    },
    "experiments": [{"name": "e", "title": "E", "dataset": ["digits"], "model": ["a", "b"], "latent": [2, 3]}],
}


@pytest.fixture
def study():
    return load.load(OVERLAY)


def write_manifest(results, study: str, run: str, hidden: list, epochs: int, seconds: float, dataset="digits"):
    identity = {
        "dataset": dataset,
        "network": {"architecture": "dense", "hidden": hidden, "latent_activation": "linear"},
        "training": {"epochs": epochs, "batch_size": 128},
    }
    manifest = {"binding": {"identity": identity}, "cost": {"train_seconds": seconds}}
    files.write_json(results / study / "runs" / run / "replicate-0/manifest.json", manifest)


def test_nothing_is_known_at_first(study, tmp_path):
    left = estimate(*study, tmp_path)
    assert (left.trainings, left.unknown, left.seconds) == (8, 8, 0)


def test_estimate_goes_by_epochs_of_the_same_network_in_any_study(study, tmp_path):
    write_manifest(tmp_path, "other", "digits/a/latent-9", [8], epochs=5, seconds=10)
    write_manifest(tmp_path, "other", "mnist/a/latent-9", [8], epochs=5, seconds=1e6, dataset="mnist")
    write_manifest(tmp_path, "small", "digits/b/latent-2", [9], epochs=10, seconds=40)
    left = estimate(*study, tmp_path)
    # a: 4 trainings of 10 epochs at 2 s, b: one of 4 is there, 10 epochs at 4 s
    assert (left.runs, left.trainings, left.unknown, left.seconds) == (4, 7, 0, 4 * 20 + 3 * 40)


def test_of_a_finished_study_nothing_is_left(study, tmp_path):
    for run in study[1].runs:
        for replicate in range(2):
            files.write_text(tmp_path / "small" / "runs" / run / f"replicate-{replicate}" / "manifest.json", "")
    assert estimate(*study, tmp_path) == Estimate(runs=0, trainings=0)


def test_benchmarks_add_what_is_not_training(study, tmp_path):
    write_manifest(tmp_path, "other", "digits/a/latent-9", [8], epochs=10, seconds=10)
    for stage, seconds in (("train", 16), ("evaluate", 5), ("baselines", 7)):
        files.write_text(
            tmp_path / f"other/benchmarks/{stage}/digits/a/latent-9.tsv", f"s\th:m:s\n{seconds}\t0:00:01\n"
        )
    # 8 trainings, 4 runs that take 6 s to start and 5 to score, one condition
    assert estimate(*study, tmp_path).seconds == 8 * 10 + 4 * (6 + 5) + 7


def test_banner_says_how_long(study, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    console.banner(*study, at_once=2)
    assert "8 trainings left; none like them" in capsys.readouterr().err
    write_manifest(tmp_path / "results", "other", "digits/a/latent-9", [8], epochs=1, seconds=60)
    console.banner(*study, at_once=2)
    printed = capsys.readouterr().err
    assert "Study small: 4 runs x 2 replicate(s), 0 of the runs trained." in printed
    assert "about 40 min for 8 trainings, 2 at a time" in printed
    for replicate in range(2):
        files.write_json(tmp_path / f"results/small/runs/digits/b/latent-2/replicate-{replicate}/manifest.json", {})
    console.banner(*study, at_once=2)
    assert "1 of the runs trained" in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (600, "10 min"), (9_000, "2.5 h")])
def test_durations(seconds, text):
    assert duration(seconds) == text
