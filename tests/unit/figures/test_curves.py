"""Curves: what is drawn is what the tables say, with what the reports state beside it."""

import numpy as np
import pytest
import scipy.stats

from aestudy.base.errors import UserError
from aestudy.figures.data import FigureData
from aestudy.figures.rendering import draw
from unit.figures.made_up import assert_line, texts


def test_latent_sizes_show_the_means(full):
    panels = full.draw("dense/fig2-1-bottom").axes
    for axes, dataset in zip(panels, ["mnist", "fmnist"], strict=True):
        for model, label in (("dense3", "3 layers"), ("dense5", "5 layers")):
            expected = full.means("psnr", dataset=dataset, model=model, noise="none", l1=0.0)
            assert_line(axes, label, zip([15, 30, 50, 75, 100], expected, strict=True))
        assert_line(axes, "PCA of the same size", [(k, 15 + 0.08 * k) for k in (15, 30, 50, 75, 100)])
        assert axes.get_xlabel() == "Latent size (units)"
    assert [axes.get_title() for axes in panels] == ["MNIST", "Fashion-MNIST"]
    assert panels[0].get_ylabel() == "PSNR (dB)"


def test_bars_reach_over_the_interval_of_the_replicates(full):
    """Student's, from scipy."""
    axes = full.draw("dense/fig2-1-bottom").axes[0]
    bars = [bar for collection in axes.collections for bar in collection.get_segments()]
    rows = full.metrics.query("dataset == 'mnist' and model == 'dense3' and noise == 'none' and l1 == 0")
    for latent, values in rows.groupby("latent")["psnr"]:
        ends = scipy.stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert any(np.allclose(bar, [(latent, ends.low), (latent, ends.high)]) for bar in bars)


def test_a_single_replicate_has_no_bars_and_no_note_of_them(single, full):
    assert not single.draw("dense/fig2-1-bottom").axes[0].collections
    for results, there in ((single, False), (full, True)):
        assert any("Bars: 95 % interval" in text for text in texts(results.draw("dense/fig2-1-bottom"))) == there


def test_penalties_in_the_reports_order_with_zero_on_the_axis(full):
    panels = full.draw("dense/fig2-2").axes
    assert [axes.get_ylabel() for axes in panels] == [
        "Mean latent value (magnitude)",
        "Sparsity of the latent (share below 0.01)",
        "PSNR (dB)",
    ]
    for axes, column in zip(panels, ["latent_mean", "sparsity", "psnr"], strict=True):
        for dataset, label in (("mnist", "MNIST"), ("fmnist", "Fashion-MNIST")):
            expected = full.means(column, dataset=dataset, model="dense3", latent=100, noise="none")
            penalties = [0.0, 1e-4, 1e-3, 0.01, 0.1, 1.0]
            assert_line(axes, label, zip(penalties, expected, strict=True))
        assert axes.get_xlim()[0] < 0 and axes.get_xticks()[0] == 0
        places = axes.transData.transform([(penalty, 0) for penalty in penalties])[:, 0]
        assert (np.diff(places) > 0).all()
    floors = [line.get_ydata()[0] for line in panels[2].get_lines() if line.get_label() == "Training-mean image"]
    assert floors == [8, 8]


def test_noise_levels_show_noisy_denoised_and_rivals(full):
    for axes, dataset in zip(full.draw("dense/fig2-3-bottom").axes, ["mnist", "fmnist"], strict=True):
        variances = [0.01, 0.05, 0.1, 0.2]
        for label, column in (("Denoised", "psnr"), ("Noisy", "psnr_noisy")):
            expected = full.means(column, dataset=dataset, noise="gaussian")
            assert_line(axes, label, zip(variances, expected, strict=True))
        # the best of median and tv: neither the noisy input nor a linear model is a classical denoiser
        assert_line(axes, "Best classical denoiser", [(v, 12.5 - 5 * v) for v in variances])
        assert_line(axes, "Affine least squares", [(v, 14 - 5 * v) for v in variances])
        gain = full.means("gain_db", dataset=dataset, noise="gaussian", variance=0.2).item()
        assert f"0.2\n{gain:+.1f}" in [label.get_text() for label in axes.get_xticklabels()]


def test_losses_show_the_means_and_say_where_validation_came_from(full):
    (axes,) = full.draw("conv/fig3").axes
    training = [(epoch, 0.11 + 0.1 / epoch) for epoch in range(1, 16)]
    assert_line(axes, "Training", training)
    assert_line(axes, "Validation (test images)", [(x, y - 0.01) for x, y in training])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Epoch", "BCE loss (nats per pixel)")
    band = axes.collections[0].get_paths()[0].vertices
    half = 4.302653 * 0.01 / 3**0.5  # three replicates, 0.01 apart; Student's 0.975 quantile for 2 degrees
    assert band[:, 1].min() == pytest.approx(0.11 + 0.1 / 15 - half, rel=1e-5)
    assert band[:, 1].max() == pytest.approx(0.21 + half, rel=1e-5)


def test_published_values_stand_where_the_reports_give_them(full):
    mnist, fashion = full.draw("dense/fig2-1-bottom").axes
    assert_line(mnist, "Report", [(15, 20.0), (100, 27.0)])
    assert "Report" not in [found.get_label() for found in fashion.get_lines()]
    *others, psnr = full.draw("dense/fig2-2").axes
    assert_line(psnr, "Report", [(0, 27.0), (0.01, 25.0), (0.1, 22.0), (1, 22.0)])
    assert not any("Report" in found.get_label() for axes in others for found in axes.get_lines())
    noisy = 6 - 7 * np.log10(0.2)
    for axes, gain in zip(full.draw("dense/fig2-3-bottom").axes, [1.0, -1.2], strict=True):
        assert_line(axes, "Report: noisy + its gain", [(0.2, noisy + gain)])


def test_denoising_figure_without_noise_is_a_users_mistake(full):
    runs = full.experiments["latent"]
    with pytest.raises(UserError, match="has no noise"):
        draw("noise_levels", FigureData(runs, metrics=full.metrics))
