"""Tables of a study, made from the small tables of its runs."""

import numpy as np
import pandas as pd
import pytest

from aestudy.base import columns
from aestudy.base.errors import UserError
from aestudy.replicates.manifest import Binding, Manifest
from aestudy.scoring import tables
from unit.conftest import identity

KEYS = {"dataset": "a", "model": "m", "latent": 5, "l1": 0.0, "noise": "none", "variance": 0.0}


def test_rows_come_in_the_order_of_their_keys(tmp_path):
    for name, latents in (("x", [50, 15]), ("y", [30])):
        rows = [KEYS | {"latent": latent, "replicate": r, "psnr": latent + r} for latent in latents for r in (1, 0)]
        pd.DataFrame(rows).to_csv(tmp_path / name, index=False)
    table = tables.concatenate([tmp_path / "y", tmp_path / "x"])
    assert table["psnr"].tolist() == [15, 16, 30, 31, 50, 51]
    assert set(table["noise"]) == {"none"}


def test_baselines_average_over_images():
    scores = pd.DataFrame(
        {
            "baseline": ["pca"] * 2 + ["mean_image"] * 2,
            "variant": "raw",
            "latent": [5, 5, 0, 0],
            "image": [0, 1, 0, 1],
            "psnr": [20.0, 10.0, 5.0, 7.0],
            "ssim": [1.0, 0.0, 0.0, 0.0],
            "mse": [0.01, 0.1, 1.0, 1.0],
            "bce": 0.5,
        }
    )
    table = tables.baselines(scores, dataset="a", noise="none", variance=0.0).set_index("baseline")
    assert table.loc["pca", "psnr"] == 15
    assert table.loc["pca", "psnr_pooled"] == pytest.approx(-10 * np.log10(0.055))
    assert table.loc["mean_image", "psnr_pooled"] == 0
    assert table.loc["pca", "dataset"] == "a"


def test_history_and_cost_carry_the_keys_of_their_run(tmp_path):
    losses = pd.DataFrame({"epoch": [1, 2], "train_loss": [3.0, 2.0], "validation_loss": [4.0, 3.0]})
    losses.to_csv(tmp_path / "history.csv", index=False)
    cost = dict.fromkeys([*columns.COST_VALUES, "device", "threads", "precision"], 1)
    manifest = Manifest(Binding(identity(), "", {}), KEYS, 1, {}, "", cost)
    history = tables.history([manifest], [tmp_path / "history.csv"])
    assert history[["model", "replicate", "epoch", "train_loss"]].values.tolist() == [
        ["m", 1, 1, 3],
        ["m", 1, 2, 2],
    ]
    table = tables.cost([manifest])
    assert table.loc[0, "latent"] == 5
    assert tuple(table.columns) == columns.COST


def test_networks_of_several_noises_on_one_test_set_keep_their_levels():
    run = {key: value for key, value in KEYS.items() if key != "variance"}
    test = {"test_dataset": "a", "test_noise": "gaussian", "test_variance": 0.1, "replicate": 0, "psnr": 20.0}
    rows = [
        run | test | {"noise": "gaussian", "variance": 0.2},
        run | test | {"noise": "poisson", "peak": 5.0},
        run | test | {"noise": "uniform", "half_width": 0.3},
    ]
    table = tables.of_tests(rows).set_index("noise")
    assert table["variance"].dropna().to_dict() == {"gaussian": 0.2}
    assert table["peak"].dropna().to_dict() == {"poisson": 5.0}
    assert table["half_width"].dropna().to_dict() == {"uniform": 0.3}
    assert (table["test_variance"] == 0.1).all() and "test_peak" not in table


def test_a_network_that_loses_to_the_mean_image_fails_the_build():
    floor = pd.DataFrame([{**KEYS, "baseline": "mean_image", "psnr": 11.7}, {**KEYS, "baseline": "pca", "psnr": 16.0}])
    good = pd.DataFrame([{**KEYS, "replicate": 0, "psnr": 11.8}])
    tables.refuse_worse_than_mean_image(good, floor)
    bad = pd.DataFrame([{**KEYS, "replicate": 0, "psnr": 20.0}, {**KEYS, "replicate": 1, "psnr": 11.6}])
    with pytest.raises(UserError, match=r"(?s)1 trained network.*a/m, latent 5.*replicate 1: 11.60 dB.*11.70 dB"):
        tables.refuse_worse_than_mean_image(bad, floor)


def test_a_network_of_a_model_that_may_fail_is_named_in_a_warning(caplog):
    floor = pd.DataFrame([{**KEYS, "baseline": "mean_image", "psnr": 11.7}])
    bad = pd.DataFrame([{**KEYS, "replicate": 2, "psnr": 11.6}])
    tables.refuse_worse_than_mean_image(bad, floor, may_fail=["m"])
    assert "replicate 2: 11.60 dB, mean image 11.70 dB" in caplog.text and "may_fail" in caplog.text
    with pytest.raises(UserError, match="may_fail: true"):
        tables.refuse_worse_than_mean_image(bad, floor, may_fail=["other"])


def test_a_network_whose_penalty_leaves_nothing_is_named_in_a_warning(caplog):
    floor = pd.DataFrame([{**KEYS, "baseline": "mean_image", "psnr": 11.7}])
    tables.refuse_worse_than_mean_image(pd.DataFrame([{**KEYS, "l1": 1.0, "replicate": 2, "psnr": 11.6}]), floor)
    assert "a/m, latent 5, l1 1" in caplog.text and "replicate 2: 11.60 dB, mean image 11.70 dB" in caplog.text
