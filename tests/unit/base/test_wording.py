"""Words that messages and pages share."""

import datetime

import numpy as np
import pytest

from aestudy.base.wording import nearest, number, path, several, show, standing_in, unknown


@pytest.mark.parametrize(
    ("found", "text"),
    [("desne", "; did you mean dense?"), ("zzz", ""), (3, ""), (None, ""), (["dense"], "")],
)
def test_nearest_word(found, text):
    assert nearest(found, ["dense", "conv"]) == text


def test_unknown_names_what_is_allowed_and_the_nearest():
    assert unknown("model", "covn", ["dense", "conv"]) == (
        "unknown model 'covn'; allowed: dense, conv; did you mean conv?"
    )


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((), "the configuration"),
        (("study",), "study"),
        (("experiments", 0, "latent", 2), "experiments[0].latent[2]"),
        (("models", "my model"), "models.'my model'"),
        (("my key",), "'my key'"),
        (("naïve",), "'naïve'"),
    ],
)
def test_place_in_the_configuration(place, text):
    assert path(place) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "no value (null)"),
        (True, "true"),
        (12, "12"),
        (-(10**100), "a number of some 100 digits"),
        (0.5, "0.5"),
        ("text", "'text'"),
        ("a" * 200, f"{'a' * 67!r}..."),
        (b"\0", "binary data"),
        ({}, "an empty mapping"),
        ({"a": 1}, "a mapping"),
        ([], "an empty list"),
        ([1, "a", None], "[1, 'a', no value (null)]"),
        ([[1]], "a list of 1"),
        (list(range(5_000)), "a list of 5,000"),
        (datetime.date(2025, 1, 1), "2025-01-01"),
    ],
)
def test_values_are_shown_short_and_as_yaml_writes_them(value, text):
    assert show(value) == text
    assert len(show(value)) < 90 and "\n" not in show(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20.38, "20.38"),
        (-0.35501, "−0.355"),
        (1e-5, "1e−05"),
        (60000, "60,000"),
        (None, "–"),
        ("", "–"),
        (np.nan, "–"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert number(value) == text


def test_numbers_have_as_many_digits_as_asked_for():
    assert number(1.23456, digits=3) == "1.23"


def test_standing_in_gathers_what_one_data_set_takes_the_place_of():
    stand_ins = {"mnist": "digits", "fmnist": "digits", "faces": "photos"}
    assert standing_in(stand_ins, ["mnist", "fmnist"]) == ["digits standing in for mnist and fmnist"]
    assert standing_in(stand_ins, ["faces", "mnist", "other"]) == [
        "photos standing in for faces",
        "digits standing in for mnist",
    ]
    assert standing_in({}, ["mnist"]) == []


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 replicates"), (1, "1 replicate"), (2, "2 replicates"), (1_500, "1,500 replicates")]
)
def test_how_many_of_something(count, text):
    assert several(count, "replicate") == text
