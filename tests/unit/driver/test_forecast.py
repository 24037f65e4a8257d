"""How long the rest takes: worked out by hand."""

import random

import pytest

from aestudy.driver.costs import Expected
from aestudy.driver.forecast import DOUBT, LAST_PART, MEMORY, Forecast, Running


def other(seconds, rule="page", like=""):
    return Expected(rule, (rule, like), seconds)


def training(seconds, like="a", start=2.0):
    return Expected("train", ("train", like), seconds, start)


def test_nothing_is_left_of_nothing():
    assert Forecast(2).left([]) == 0


def test_jobs_are_shared_out_among_the_cores():
    assert Forecast(2).left([other(3)] * 10) == 15
    assert Forecast(4).left([other(3)] * 10) == 7.5


def test_trainings_may_be_limited_by_something_else():
    work = [training(10)] * 8 + [other(1)] * 8
    assert Forecast(8).left(work) == 11
    assert Forecast(8, trainings=2).left(work) == 40
    assert Forecast(2, trainings=8).left(work) == 44


def test_rules_follow_on_each_other_so_many_cores_do_not_help():
    work = [other(3, rule) for rule in ("metrics", "claims", "opening")] + [other(1, "page")]
    assert Forecast(100).left(work) == 10


def test_what_is_unknown_makes_all_unknown():
    assert Forecast(1).left([other(3), training(None)]) is None
    assert Forecast(1).left([], [Running(training(None), elapsed=5.0)]) is None


def test_finished_jobs_correct_those_alike_then_their_rule_then_all():
    forecast = Forecast(1)
    forecast.finished(other(10, "evaluate", "digits"), 30)
    assert forecast.left([other(10, "evaluate", "digits")]) == 30
    forecast.finished(other(10, "evaluate", "mnist"), 50)
    assert forecast.left([other(10, "evaluate", "digits")]) == 30
    taken, expected = 30 * MEMORY + 50, 10 * MEMORY + 10  # the later one counts more
    assert forecast.left([other(10, "evaluate", "fmnist")]) == pytest.approx(10 * taken / expected)
    assert forecast.left([other(10, "page")]) == pytest.approx(10 * (taken + DOUBT) / (expected + DOUBT))


def test_what_the_first_job_has_to_set_up_says_nothing_about_others():
    forecast = Forecast(1)
    forecast.finished(other(6, "prepare"), 60)
    assert forecast.left([other(3, "page")]) == 3
    assert forecast.left([other(6, "prepare")]) == 60


def test_a_running_job_needs_what_it_has_not_had_yet():
    assert Forecast(1).left([], [Running(other(10), elapsed=4)]) == 6
    assert Forecast(1).left([], [Running(other(10), elapsed=40)]) == 10 * LAST_PART


def test_a_running_training_tells_by_its_epochs_how_long_it_takes_and_others_like_it():
    """2 s to start, a quarter of the epochs in 10 s: 42 s in all, where 22 were expected."""
    running = Running(training(22), elapsed=12, share=0.25)
    assert Forecast(1).left([], [running]) == pytest.approx(30)
    assert Forecast(1).left([training(22)], [running]) == pytest.approx(30 + 42)


def test_its_first_epochs_do_not_count_yet():
    assert Forecast(1).left([], [Running(training(22), elapsed=12, share=0.01)]) == pytest.approx(10)


def test_an_unexpected_pace_is_known_soon_enough():
    """A made-up study on a machine that is 3 times slower than expected at everything, but for chance: after a tenth
    of its jobs, and until few are left, the estimate is within a quarter of the truth."""
    generator = random.Random(1)
    work = [training(20, like) for like in "abc" for _ in range(8)] + [other(5, "evaluate")] * 24 + [other(3)] * 10
    generator.shuffle(work)
    taken = [3 * expected.seconds * generator.uniform(0.8, 1.2) for expected in work]
    forecast = Forecast(2)
    for number, (expected, seconds) in enumerate(zip(work, taken, strict=True)):
        if len(work) / 10 <= number < len(work) * 0.7:
            assert forecast.left(work[number:]) == pytest.approx(sum(taken[number:]) / 2, rel=0.25)
        forecast.finished(expected, seconds)
