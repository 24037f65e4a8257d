"""Claims on noises whose level is no variance, and on tests under them."""

import numpy as np
import pandas as pd
import pytest

from aestudy.base.errors import UserError
from aestudy.base.run import Run
from aestudy.claims.checks import Planned
from aestudy.claims.evidence import Evidence
from aestudy.claims.language import parse, terms
from aestudy.claims.selection import NotTestable

GAUSSIAN = Run("mnist", "dense3", 5, 0.0, "gaussian", 0.2)
POISSON = [Run("mnist", "dense3", 5, 0.0, "poisson", peak, "peak") for peak in (5.0, 30.0)]
SALT = Run("mnist", "dense3", 5, 0.0, "salt", 0.2, "share")
CLEAN = Run("mnist", "dense3", 5, 0.0, "none", 0.0)
RUNS = [CLEAN, GAUSSIAN, *POISSON, SALT]
TESTS = [(GAUSSIAN, GAUSSIAN), (GAUSSIAN, POISSON[0]), (GAUSSIAN, CLEAN), (POISSON[0], POISSON[0]), (SALT, POISSON[1])]
OF = 'dataset="mnist", model="dense3"'


def metrics() -> pd.DataFrame:
    """PSNR 10, 11, ... in the order of RUNS, two replicates; missing levels are empty, as in files."""
    rows = [
        run.keys | {"replicate": r, "psnr": 10.0 + place, "variance": run.variance}
        for place, run in enumerate(RUNS)
        for r in (0, 1)
    ]
    return pd.DataFrame(rows)


def transfer() -> pd.DataFrame:
    rows = [
        trained.keys
        | {f"test_{key}": value for key, value in tested.condition_keys.items()}
        | {"replicate": 0, "psnr": 20.0 + place}
        for place, (trained, tested) in enumerate(TESTS)
    ]
    return pd.DataFrame(rows)


def read(text: str) -> dict:
    """The mean of each sample that the first term of an expression means, by label."""
    evidence = Evidence({"metrics": metrics(), "transfer": transfer()})
    found = evidence.samples(next(terms(parse(text))))
    return {label: float(np.mean(sample.values)) for label, sample in found.items()}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("", 10),
        (', noise="gaussian", variance=0.2', 11),
        (', noise="gaussian"', 11),
        (', noise="poisson", peak=5', 12),
        (', noise="poisson", peak=30', 13),
        (', noise="salt", share=0.2', 14),
    ],
)
def test_a_run_is_found_by_the_level_of_its_noise(filters, expected):
    assert read(f"psnr({OF}{filters})") == {(): expected}
    Planned(RUNS).select(next(terms(parse(f"psnr({OF}{filters})"))))


def test_levels_are_swept_as_variances_are():
    assert read(f'min(psnr({OF}, noise="poisson", peak=each))') == {(5.0,): 12, (30.0,): 13}
    assert read(f'min(psnr({OF}, noise="poisson", peak=between(10, 40)))') == {(30.0,): 13}
    parse(f'all(steps(psnr({OF}, noise="poisson", peak=each)))')


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (', noise="gaussian", variance=0.2, test_noise="gaussian"', 20),
        (', noise="gaussian", variance=0.2, test_noise="poisson", test_peak=5', 21),
        (', noise="gaussian", variance=0.2, test_noise="none"', 22),
        (', noise="poisson", peak=5', 23),
        (', noise="salt", share=0.2, test_noise="poisson", test_peak=30', 24),
    ],
)
def test_tests_are_found_by_both_levels_and_are_on_the_own_one_unless_told(filters, expected):
    text = f'transfer("psnr", {OF}{filters})'
    assert read(text) == {(): expected}
    Planned(RUNS, TESTS).select(next(terms(parse(text))))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'psnr({OF}, noise="poisson", peak=7)', "there is peak 5, 30"),
        (f'psnr({OF}, noise="uniform", half_width=0.5)', "the study has no run"),
        (
            f'transfer("psnr", {OF}, noise="salt", share=0.2, test_noise="poisson", test_peak=5)',
            "there is test_peak 30",
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_there_is(text, words):
    term = next(terms(parse(text)))
    with pytest.raises(NotTestable, match=words):
        Planned(RUNS, TESTS).select(term)
    with pytest.raises(NotTestable, match=words):
        Evidence({"metrics": metrics(), "transfer": transfer()}).samples(term)


def test_a_term_that_fits_several_levels_is_ambiguous():
    with pytest.raises(UserError, match=r"ambiguous.*differ in peak \(5, 30\): add peak="):
        read(f'psnr({OF}, noise="poisson")')


def test_a_level_needs_its_noise_and_a_known_name():
    with pytest.raises(UserError, match="has a half width but no noise"):
        parse(f"psnr({OF}, half_width=0.5)")
    with pytest.raises(UserError, match="peaks"):
        parse(f'psnr({OF}, noise="poisson", peaks=5)')
