"""The figure of any experiment."""

import itertools

import pandas as pd

from aestudy.base.run import Run
from aestudy.figures.data import load
from aestudy.figures.rendering import draw
from unit.figures.made_up import LABELS, assert_line


def sweep(tmp_path, runs, psnr):
    rows = [
        run.keys | {"replicate": 0, "psnr": value, "psnr_noisy": None} for run, value in zip(runs, psnr, strict=True)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "metrics.csv", index=False)
    return draw("sweep", load(runs, {"metrics": tmp_path / "metrics.csv"}, {}, (), LABELS, {}))


def test_sweep_draws_psnr_against_the_first_axis_and_a_line_per_further_value(tmp_path):
    runs = [Run("mnist", "dense3", 50, l1, "gaussian", variance) for l1 in (0.0, 0.1) for variance in (0.2, 0.1)]
    (axes,) = sweep(tmp_path, runs, [20, 21, 18, 19]).axes
    assert axes.get_xlabel() == "L1 weight λ"
    assert_line(axes, "3 layers, σ² = 0.2", [(0.0, 20), (0.1, 18)])
    assert_line(axes, "3 layers, σ² = 0.1", [(0.0, 21), (0.1, 19)])


def test_sweep_without_an_axis_sets_models_side_by_side(tmp_path):
    runs = [Run("mnist", model, 50, 0.0, "none", 0.0) for model in ("dense5", "dense3")]
    (axes,) = sweep(tmp_path, runs, [20, 21]).axes
    assert_line(axes, "Output", [(0, 20), (1, 21)])
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["5 layers", "3 layers"]


def test_sweep_over_noises_names_them(tmp_path):
    runs = [Run("mnist", "dense3", 50, 0.0, noise, 0.1) for noise in ("speckle", "gaussian")]
    (axes,) = sweep(tmp_path, runs, [20, 21]).axes
    assert_line(axes, "3 layers", [(0, 20), (1, 21)])
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["speckle", "Gaussian"]


def test_long_names_do_not_run_into_each_other(tmp_path):
    names = ("gaussian_unclipped", "poisson", "salt_and_pepper", "speckle", "uniform")
    (axes,) = sweep(tmp_path, [Run("mnist", "dense3", 50, 0.0, name, 0.1) for name in names], range(5)).axes
    axes.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert all(right.x0 - left.x1 > axes.figure.dpi / 8 for left, right in itertools.pairwise(boxes))


def test_sweep_has_a_panel_per_data_set(tmp_path):
    names = ["mnist", "fmnist", "kmnist", "digits"]
    runs = [Run(name, "dense3", latent, 0.0, "none", 0.0) for name in names for latent in (5, 10)]
    panels = sweep(tmp_path, runs, range(8)).axes
    assert [axes.get_title() for axes in panels] == ["MNIST", "Fashion-MNIST", "kmnist", "digits"]
    assert_line(panels[3], "3 layers", [(5, 6), (10, 7)])


def test_a_small_difference_does_not_fill_the_panel(tmp_path):
    runs = [Run("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in (5, 10)]
    low, high = sweep(tmp_path, runs, [20.0, 20.001]).axes[0].get_ylim()
    assert high - low >= 1
