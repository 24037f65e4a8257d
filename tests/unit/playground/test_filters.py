"""The filter that stands beside a network is the best that the study scored for the same noise."""

import pandas as pd
import pytest

from aestudy.base.run import Run
from aestudy.playground.filters import strongest

RUN = Run("mnist", "conv", None, 0.0, "gaussian", 0.25)
BASELINES = pd.DataFrame(
    [
        ("mnist", "gaussian", 0.25, "median", "raw", 14.1),
        ("mnist", "gaussian", 0.25, "median", "affine", 15.6),
        ("mnist", "gaussian", 0.25, "tv", "raw", 15.0),
        ("mnist", "gaussian", 0.25, "pca", "raw", 19.0),
        ("mnist", "gaussian", 0.5, "tv", "affine", 17.0),
        ("fmnist", "gaussian", 0.25, "tv", "affine", 18.0),
        ("mnist", "none", 0.0, "mean_image", "raw", 11.0),
    ],
    columns=["dataset", "noise", "variance", "baseline", "variant", "psnr"],
)
CHOSEN = pd.DataFrame(
    [
        ("median", "raw", "size=5", 1.0, 0.0),
        ("median", "affine", "size=3", 1.5, -0.25),
        ("tv", "raw", "weight=0.4", 1.0, 0.0),
        ("nlm", "raw", "h=0.13 sigma=0.33", 1.0, 0.0),
    ],
    columns=["baseline", "variant", "parameters", "a", "b"],
)
KNOWN = ["median", "tv", "nlm"]


def test_the_best_of_the_known_filters_for_the_same_data_and_noise():
    assert strongest(RUN, BASELINES, CHOSEN, KNOWN) == {
        "filter": "median",
        "parameters": {"size": 3.0},
        "a": 1.5,
        "b": -0.25,
    }


def test_among_other_filters_another_one():
    assert strongest(RUN, BASELINES, CHOSEN, ["tv"])["filter"] == "tv"


def test_several_parameters_are_read_by_name():
    baselines = BASELINES.replace({"baseline": {"median": "nlm"}}).query("variant == 'raw'")
    found = strongest(RUN, baselines, CHOSEN, ["nlm"])
    assert found["parameters"] == {"h": 0.13, "sigma": 0.33}


@pytest.mark.parametrize("changes", [{"noise": "none", "variance": 0.0}, {"variance": 0.1}, {"dataset": "digits"}])
def test_none_where_none_was_scored(changes):
    assert strongest(Run(**vars(RUN) | changes), BASELINES, CHOSEN, KNOWN) is None
