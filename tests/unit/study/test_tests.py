"""Which networks are tested on what."""

from aestudy.base.run import Run
from aestudy.study import loading, tests
from unit.study.valid import changed


def asked(transfer: str) -> list[tests.Test]:
    """The tests of the experiment on denoising: clean images, and noise of two variances."""
    study, plan, _ = loading.load(changed(("experiments.1.transfer", transfer)))
    return tests.transfers(study, plan)


def run(noise="none", variance=0.0) -> Run:
    return Run("digits", "conv", None, 0.0, noise, variance)


RUNS = [run(), run("gaussian", 0.1), run("gaussian", 0.2)]


def test_every_network_is_tested_on_every_combination():
    found = asked("[{dataset: [digits, letters], noise: [none, gaussian], variance: [0.3, 0.4]}]")
    inputs = [("none", 0.0), ("gaussian", 0.3), ("gaussian", 0.4)]
    assert set(found) == {
        tests.Test(each, name, *under) for each in RUNS for name in ("digits", "letters") for under in inputs
    }
    assert len(found) == len(set(found))


def test_what_is_not_given_is_the_networks_own():
    assert asked("[{dataset: [letters]}]") == [tests.Test(each, "letters", each.noise, each.variance) for each in RUNS]
    assert asked("[{noise: [none]}]") == [tests.Test(each, "digits", "none", 0.0) for each in RUNS]


def test_a_test_that_is_asked_for_twice_is_made_once():
    assert asked("[{noise: [none]}, {noise: [none]}]") == asked("[{noise: [none]}]")
    assert asked("[]") == []


def test_what_is_tested_names_the_condition():
    (test, *_) = asked("[{dataset: [letters], noise: [gaussian], variance: [0.3]}]")
    assert test.tested == Run("letters", "conv", None, 0.0, "gaussian", 0.3)
    assert test.trained == RUNS[0]
