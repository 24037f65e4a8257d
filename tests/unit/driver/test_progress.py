"""What is shown while a study runs, from the logs of its trainings."""

import io
import logging
import time
from types import SimpleNamespace

import pytest

from aestudy.driver import progress

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


def test_jobs_that_train_nothing_of_this_study_are_not_shown(monitor):
    stream = Terminal()
    shown = monitor(stream)
    shown._work = lambda wildcards: None
    start(shown)
    shown.log.write_text(LOG)
    shown.look()
    tell(shown, "job_info", jobid=2, rule_name="evaluate", log=["a.log"], wildcards={"model": "dense3"})
    tell(shown, "resources_info")
    assert stream.getvalue() == "" and shown.failed == []


def test_reading_goes_on_in_a_thread_until_it_is_stopped(monitor, monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", 0.0)
    stream, logger = io.StringIO(), logging.Logger("a")
    shown = monitor(stream)
    shown.watch(logger)
    assert shown in logger.handlers
    start(shown)
    shown.log.write_text(LOG)
    end = time.monotonic() + 10
    while not stream.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    assert stream.getvalue().startswith("dense3: 12 of 20 epochs")
    shown.stop()
    assert not shown._running
