"""Losses, targets and noises that a network cannot be trained with are told before anything runs."""

from pathlib import Path

import pytest
import yaml

from aestudy.base import registry
from aestudy.base.errors import UserError
from aestudy.study import loading

ROOT = Path(__file__).parents[3]
CONV = {"filters": [8, 8], "dropout_after": "encoder"}


def load(architecture: str, training: dict, common: dict | None = None, **experiment):
    raw = yaml.safe_load((ROOT / "config.yaml").read_text())
    keys = {"depth": 5} if architecture == "dncnn" else CONV
    raw["training"] |= common or {}
    raw["models"]["mine"] = {"label": "x", "network": {"architecture": architecture, **keys}, "training": training}
    raw["noises"]["any"] = {"kind": "gaussian_random", "clip": True, "draw": "once"}
    grid = {"name": "x", "title": "X", "dataset": ["mnist"], "model": ["mine"]}
    raw["experiments"] = [grid | experiment]
    return loading.load(raw)


NOISY = {"noise": ["gaussian"], "variance": [0.1]}


@pytest.mark.parametrize("architecture", ["residual", "dncnn"])
def test_cross_entropy_needs_a_network_that_gives_logits(architecture):
    with pytest.raises(UserError, match=r"models\.mine\.training\.loss: found bce.*allowed: mse, l1"):
        load(architecture, {}, **NOISY)
    for loss in ("mse", "l1"):
        load(architecture, {"loss": loss}, **NOISY)
    load(architecture, {}, common={"loss": "mse"}, **NOISY)
    load("conv", {"loss": "l1"}, **NOISY)


def test_a_noisy_copy_needs_noise():
    with pytest.raises(UserError, match=r"experiments\[0\]\.noise: model mine is trained against a second noisy copy"):
        load("conv", {"target": "noisy_copy"})
    load("conv", {"target": "noisy_copy"}, **NOISY)


def test_a_network_that_is_told_the_strength_needs_a_noise_that_gives_it(monkeypatch):
    load("levelmap", {}, noise=["any", "gaussian"], variance=[0.1], largest_deviation=[0.5])
    load("levelmap", {})  # without noise the strength is 0
    monkeypatch.delattr(registry.load("noise", "gaussian"), "deviation")
    with pytest.raises(UserError, match=r"noise gaussian does not give it: aestudy/noise/gaussian\.py defines no"):
        load("levelmap", {}, **NOISY)


def test_sizes_that_do_not_fit_are_told_for_each_data_set():
    raw_shape = r"model mine does not fit data set odd: 2 pooling stages need a height and width that 4 divides"
    raw = yaml.safe_load((ROOT / "config.yaml").read_text())
    raw["datasets"]["odd"] = {"source": "folder", "label": "x", "path": "nowhere", "size": [30, 30], "colour": "rgb"}
    raw["models"]["mine"] = {"label": "x", "network": {"architecture": "levelmap", **CONV}}
    raw["experiments"] = [{"name": "x", "title": "X", "dataset": ["odd"], "model": ["mine"]}]
    with pytest.raises(UserError, match=raw_shape):
        loading.load(raw)


def test_networks_of_grey_images_are_not_tested_on_colour():
    with pytest.raises(UserError, match=r"images of cifar10 are 3 x 32 x 32, and networks are trained on 1 x 28 x 28"):
        load("conv", {}, **NOISY, transfer=[{"dataset": ["cifar10"]}])


@pytest.mark.parametrize(
    ("transfer", "words"),
    [
        ({"noise": ["any"]}, r"transfer\[0\]\.largest_deviation: this key is missing; noise any needs"),
        ({"noise": ["any"], "largest_deviation": [99.0]}, r"transfer\[0\]\.largest_deviation"),
        ({"largest_deviation": [0.1]}, r"transfer\[0\]\.largest_deviation: found \[0\.1\], but no noise is named"),
        ({"noise": ["nothing"], "variance": [0.1]}, r"transfer\[0\]\.noise: no noise has the name 'nothing'"),
    ],
)
def test_levels_of_tests_are_checked_as_those_of_experiments(transfer, words):
    with pytest.raises(UserError, match=words):
        load("conv", {}, **NOISY, transfer=[transfer])
