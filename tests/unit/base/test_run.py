"""Runs: their readable paths, and the columns that name them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudy.base.run import CONDITION_KEYS, NUMERIC_KEYS, RUN_KEYS, Run, canonical, condition


@pytest.mark.parametrize(
    ("run", "path"),
    [
        (Run("mnist", "dense3", 100, 0.0, "none", 0.0), "mnist/dense3/latent-100"),
        (Run("mnist", "dense3", 100, 0.01, "none", 0.0), "mnist/dense3/latent-100_l1-0.01"),
        (Run("fmnist", "dense3", 100, 0.0, "gaussian", 0.2), "fmnist/dense3/latent-100_gaussian-0.2"),
        (Run("mnist", "dense3", 5, 1.0, "gaussian", 2.0), "mnist/dense3/latent-5_l1-1_gaussian-2"),
        (Run("mnist", "conv", None, 0.0, "gaussian_once", 0.25), "mnist/conv/gaussian_once-0.25"),
        (Run("mnist", "conv", None, 0.0, "none", 0.0), "mnist/conv/plain"),
    ],
)
def test_path_says_what_the_run_is(run, path):
    assert run.path == path


def test_condition_is_what_the_run_is_tested_on():
    assert Run("mnist", "dense3", 5, 0.1, "none", 0.0).condition == condition("none", 0.0) == "clean"
    assert Run("mnist", "conv", None, 0.0, "gaussian", 0.25).condition == condition("gaussian", 0.25) == "gaussian-0.25"


@pytest.mark.parametrize(
    ("number", "text"), [(1e-2, "0.01"), (1, "1"), (1.0, "1"), (0, "0"), (1e6, "1000000"), (5e-324, "5e-324")]
)
def test_canonical_numbers(number, text):
    assert canonical(number) == text


@given(st.floats(min_value=0, max_value=1e6))
def test_numbers_read_back_and_fit_into_file_names(number):
    text = canonical(number)
    assert float(text) == number
    assert re.fullmatch(r"[0-9.e-]+", text)
    assert len(text) <= 32


def test_path_would_be_that_of_another_run_if_a_noise_were_called_l1():
    """Therefore it must not be (see study.consistency.TAKEN)."""
    assert Run("a", "m", 5, 0.0, "l1", 0.1).path == Run("a", "m", 5, 0.1, "none", 0.0).path


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
NOISES = NAMES.filter(lambda name: name not in ("none", "l1", "latent"))  # these names are refused
NUMBERS = st.sampled_from([0.01, 0.1, 1.0, 10.0]) | st.floats(min_value=1e-12, max_value=100)
RUNS = st.builds(
    lambda dataset, model, latent, l1, condition: Run(dataset, model, latent, l1, *condition),
    st.sampled_from(["a", "b_c"]),
    st.sampled_from(["m", "m_n"]),
    st.none() | st.integers(1, 200),
    st.just(0.0) | NUMBERS,
    st.just(("none", 0.0)) | st.tuples(NOISES | st.sampled_from(["l", "l1_", "x_l1", "plain", "clean"]), NUMBERS),
)


@given(RUNS, RUNS)
def test_different_runs_have_different_paths(one, other):
    assert (one.path == other.path) == (one == other)


def test_keys_are_the_columns_of_the_tables():
    """Written out: tables of older studies have these columns."""
    assert RUN_KEYS == ("dataset", "model", "latent", "l1", "noise", "variance")
    assert set(CONDITION_KEYS) < set(RUN_KEYS)
    assert set(NUMERIC_KEYS) < set(RUN_KEYS)
