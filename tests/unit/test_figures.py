"""Figures from tables and images of known content: what is drawn must be what the tables say."""

import functools
import itertools
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from skimage.metrics import peak_signal_noise_ratio
from sklearn.datasets import load_digits

from aestudy import figures
from aestudy.base.errors import UserError
from aestudy.figures import parts
from aestudy.figures.data import FigureData, Run, load

LABELS = {
    "mnist": "MNIST",
    "fmnist": "Fashion-MNIST",
    "digits": "digits",
    "dense3": "3 layers",
    "dense5": "5 layers",
    "conv": "convolutional",
}
STAND_INS = {"mnist": "digits", "fmnist": "digits"}
CONV_LAYERS = [
    ("encoder", "Conv2d", "64 x 28 x 28", 640),
    ("encoder", "MaxPool2d", "64 x 14 x 14", 0),
    ("encoder", "ReLU", "64 x 14 x 14", 0),
    ("encoder", "Dropout", "64 x 14 x 14", 0),
    ("encoder", "Conv2d", "64 x 14 x 14", 36_928),
    ("encoder", "MaxPool2d", "64 x 7 x 7", 0),
    ("encoder", "ReLU", "64 x 7 x 7", 0),
    ("encoder", "Dropout", "64 x 7 x 7", 0),
    ("decoder", "Conv2d", "64 x 7 x 7", 36_928),
    ("decoder", "ReLU", "64 x 7 x 7", 0),
    ("decoder", "UpsampleConv2d", "64 x 14 x 14", 36_928),
    ("decoder", "ReLU", "64 x 14 x 14", 0),
    ("decoder", "UpsampleConv2d", "1 x 28 x 28", 577),
]
NAMES = [*figures.FIGURES, "experiments/latent", "experiments/denoising"]


def grids(datasets, short=False):
    """The runs of each experiment."""
    two = slice(0, 2) if short else slice(None)

    def grid(**axes):
        full = {"latent": [100], "l1": [0.0], "noise": ["none"], "variance": [0.0]} | axes
        return [Run(*values) for values in itertools.product(*(full[key] for key in Run._fields))]

    return {
        "latent": grid(dataset=datasets, model=["dense3", "dense5"], latent=[15, 30, 50, 75, 100][two]),
        "l1": grid(dataset=datasets, model=["dense3"], l1=[0.0, 1e-4, 1e-3, 0.01, 0.1, 1.0][two]),
        "denoising": grid(dataset=datasets, model=["dense3"], noise=["gaussian"], variance=[0.2, 0.01, 0.05, 0.1][two]),
        "conv": grid(dataset=datasets[:1], model=["conv"], latent=[None], noise=["gaussian_once"], variance=[0.25]),
    }


class Results:
    """Tables and examples of a study, written as the pipeline writes them."""

    def __init__(self, folder: Path, datasets, replicates, channels=1, stand_ins=None, short=False):
        self.folder, self.stand_ins, self.experiments = folder, stand_ins or {}, grids(datasets, short)
        runs = list(dict.fromkeys(run for grid in self.experiments.values() for run in grid))
        self.metrics = pd.DataFrame([self._scores(run, r) for run in runs for r in range(replicates)])
        tables = {
            "metrics": self.metrics,
            "baselines": self._baselines(runs),
            "history": pd.DataFrame([row for run in runs for r in range(replicates) for row in self._losses(run, r)]),
            "architecture": pd.DataFrame(
                [(run.dataset, run.model, 3136, *layer) for run in self.experiments["conv"] for layer in CONV_LAYERS],
                columns=["dataset", "model", "latent", "part", "layer", "output_shape", "parameters"],
            ),
        }
        self.tables = {name: folder / f"{name}.csv" for name in tables}
        for name, table in tables.items():
            table.to_csv(self.tables[name], index=False)
        self.images = {run: self._examples(run, channels) for run in runs}

    @staticmethod
    def _keys(run):
        return run._asdict() | {"latent": run.latent or 3136}

    def _scores(self, run, replicate):
        row = self._keys(run) | {"replicate": replicate}
        row["psnr"] = 17 + 4 * np.log10(row["latent"] / 15) - run.l1 - 20 * run.variance + 0.25 * replicate**2
        row["psnr"] -= (run.model == "dense5") + 0.5 * (run.dataset == "fmnist")
        if run.noise != "none":
            row["psnr_noisy"] = 6 - 7 * np.log10(run.variance)
            row["gain_db"] = row["psnr"] - row["psnr_noisy"]
        return row | {"sparsity": min(1.0, 0.1 + 0.4 * run.l1), "latent_mean": 3 / (1 + 100 * run.l1)}

    def _losses(self, run, replicate):
        for epoch in range(1, 16):
            loss = 0.1 + 0.1 / epoch + 0.01 * replicate
            row = {"epoch": epoch, "train_loss": loss, "validation_loss": loss - 0.01, "validation_source": "test"}
            yield self._keys(run) | {"replicate": replicate} | row

    @staticmethod
    def _baselines(runs):
        baselines = {"mean_image": 8.0, "noisy_input": 19.0, "affine": 14.0, "median": 11.0, "tv": 12.5}
        rows = []
        for dataset, noise, variance in dict.fromkeys((run.dataset, run.noise, run.variance) for run in runs):
            condition = {"dataset": dataset, "noise": noise, "variance": variance, "variant": "raw", "latent": 0}
            rows += [condition | {"baseline": baseline, "psnr": psnr - 5 * variance} for baseline, psnr in baselines.items()]
            rows += [condition | {"baseline": "pca", "latent": k, "psnr": 15 + 0.08 * k} for k in (15, 30, 50, 75, 100)]
        return pd.DataFrame(rows)

    def _examples(self, run, channels):
        digits = np.kron(load_digits().images[:10] / 16, np.ones((1, 3, 3)))
        clean = np.stack([np.pad(digits, ((0, 0), (2, 2), (2, 2)))] * channels, axis=1).astype(np.float32)
        if channels == 3:
            clean *= np.array([1, 0.6, 0.2], np.float32)[:, None, None]
        noise = np.random.default_rng(1).normal(0, max(run.variance, 0.001) ** 0.5, clean.shape)
        noisy = np.clip(clean + noise, 0, 1).astype(np.float32) if run.variance else clean
        path = self.folder / f"{'_'.join(map(str, run))}.npy"
        np.save(path, np.stack([clean, noisy, 0.9 * clean + 0.03]))
        return path

    def inputs(self, name):
        """The arguments that the pipeline would pass to `figures.render`."""
        spec = figures.spec(name)
        runs = self.experiments[spec.experiment]
        return {
            "runs": [run._asdict() for run in runs],
            "tables": {table: self.tables[table] for table in spec.tables},
            "examples": [self.images[run] for run in spec.examples(runs, self.stand_ins)],
            "labels": LABELS,
            "stand_ins": self.stand_ins,
        }

    @functools.cache  # noqa: B019 (a handful of figures per test run)
    def draw(self, name):
        """The figure, for a look at what is in it."""
        spec = figures.spec(name)
        runs = self.experiments[spec.experiment]
        examples = {run: self.images[run] for run in spec.examples(runs, self.stand_ins)}
        tables = {table: self.tables[table] for table in spec.tables}
        return figures.draw(name, load(runs, tables, examples, LABELS, self.stand_ins))

    def means(self, y, **keys):
        """Means over the replicates of the runs with these keys, straight from the table."""
        rows = self.metrics
        for key, value in keys.items():
            rows = rows[rows[key] == value]
        return rows.groupby(list(Run._fields))[y].mean()


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("full"), ["mnist", "fmnist"], 3)


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("single"), ["mnist", "fmnist"], 1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("demo"), ["digits"], 1, stand_ins=STAND_INS, short=True)


@pytest.fixture(scope="module")
def colour(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("colour"), ["cifar10"], 2, channels=3)


def assert_line(axes, label, points):
    """There is one line with this label, and it runs through these points (x, y)."""
    (found,) = [line for line in axes.get_lines() if line.get_label() == label]
    np.testing.assert_allclose(found.get_xydata(), list(points))


def texts(figure):
    """Everything that is written in a figure."""
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    axes = [
        text.get_text()
        for axes in figure.axes
        for text in (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts, *axes.get_xticklabels())
    ]
    return [text for text in [*axes, *legends, figure.get_supxlabel()] if text]


def labels(figure):
    return {line.get_label() for axes in figure.axes for line in axes.get_lines()}


# Every figure, in both formats, for every kind of study.


def assert_written(svg, png):
    assert svg.read_text(encoding="utf-8").startswith("<?xml")
    height, width = imread(png).shape[:2]
    assert 400 < width <= 1060 and 150 < height < 1200
    assert svg.stat().st_size < 200_000 and png.stat().st_size < 150_000


@pytest.fixture(scope="module")
def rendered(full, tmp_path_factory):
    """All figures of the full study."""
    folder = tmp_path_factory.mktemp("rendered")
    for name in NAMES:
        figures.render(name, folder / f"{name}.svg", folder / f"{name}.png", **full.inputs(name))
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_written_as_svg_and_png(name, rendered):
    assert_written(rendered / f"{name}.svg", rendered / f"{name}.png")


def test_no_temporary_file_is_left_behind(rendered):
    assert len([path for path in rendered.rglob("*") if path.is_file()]) == 2 * len(NAMES)


@pytest.mark.parametrize("name", ["dense/fig2-2", "conv/fig1", "conv/fig4"])
def test_equal_input_gives_equal_bytes_whatever_the_users_settings(name, rendered, full, tmp_path):
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    with matplotlib.rc_context({"font.size": 20, "svg.hashsalt": "other", "lines.linewidth": 7, "savefig.dpi": 30}):
        figures.render(name, svg, png, **full.inputs(name))
        assert matplotlib.rcParams["font.size"] == 20
    assert svg.read_bytes() == (rendered / f"{name}.svg").read_bytes()
    assert png.read_bytes() == (rendered / f"{name}.png").read_bytes()


@pytest.mark.parametrize(
    ("study", "name"),
    [
        ("single", "dense/fig2-3-bottom"),
        ("demo", "dense/fig2-1-top"),
        ("demo", "dense/fig2-3-bottom"),
        ("demo", "conv/fig1"),
        ("colour", "dense/fig2-1-top"),
        ("colour", "conv/fig1"),
    ],
)
def test_other_studies_are_written_too(study, name, request, tmp_path):
    figures.render(name, tmp_path / "a.svg", tmp_path / "a.png", **request.getfixturevalue(study).inputs(name))
    assert_written(tmp_path / "a.svg", tmp_path / "a.png")


# What is drawn is what the tables say.


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


def test_bars_reach_from_the_lowest_to_the_highest_replicate(full):
    axes = full.draw("dense/fig2-1-bottom").axes[0]
    bars = [bar for collection in axes.collections for bar in collection.get_segments()]
    rows = full.metrics.query("dataset == 'mnist' and model == 'dense3' and noise == 'none' and l1 == 0")
    for latent, values in rows.groupby("latent")["psnr"]:
        assert any(np.allclose(bar, [(latent, values.min()), (latent, values.max())]) for bar in bars)


def test_a_single_replicate_has_no_bars_and_no_note_of_them(single, full):
    assert not single.draw("dense/fig2-1-bottom").axes[0].collections
    assert "Bars: lowest to highest replicate." not in texts(single.draw("dense/fig2-1-bottom"))
    assert "Bars: lowest to highest replicate." in texts(full.draw("dense/fig2-1-bottom"))


def test_penalties_in_the_reports_order_with_zero_on_the_axis(full):
    panels = full.draw("dense/fig2-2").axes
    assert [axes.get_ylabel() for axes in panels] == [
        "Mean latent value (magnitude)",
        "Sparsity (share of units)",
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
    assert band[:, 1].min() == pytest.approx(0.1 + 0.1 / 15) and band[:, 1].max() == pytest.approx(0.12 + 0.1)


def test_network_shows_every_layer_that_does_something(full):
    words = [" ".join(text.split()) for text in texts(full.draw("conv/fig1"))]
    assert sum("Convolution" in text for text in words) == 3
    assert sum("Max-pooling + ReLU + dropout" in text for text in words) == 2
    assert sum("Upsampling + convolution" in text for text in words) == 2
    assert sum("36,928 parameters" in text for text in words) == 3
    assert "Code 64 × 7 × 7 3,136 values" in words
    assert "Encoder: 37,568 parameters" in words and "Decoder: 74,433 parameters" in words


# Images.


def pictures(figure):
    return [np.asarray(image.get_array()) for image in figure.axes[0].get_images()]


def test_rows_of_images_hold_the_images(full):
    (run,) = full.experiments["conv"]
    clean, noisy, denoised = np.load(full.images[run])[:, :, 0]
    assert np.array_equal(pictures(full.draw("conv/fig2")), np.concatenate([noisy, denoised, clean]))
    assert np.array_equal(pictures(full.draw("conv/fig4")), np.concatenate([noisy[:5], denoised[:5], clean[:5]]))
    assert np.array_equal(pictures(full.draw("conv/fig5")), np.concatenate([noisy[5:], denoised[5:], clean[5:]]))


def test_samples_carry_their_number_and_their_psnr(full):
    (run,) = full.experiments["conv"]
    clean, noisy, denoised = np.load(full.images[run]).astype(float)
    written = texts(full.draw("conv/fig5"))
    assert {"Sample 6", "Sample 10"} <= set(written)
    expected = [
        f"{peak_signal_noise_ratio(clean[i], x[i], data_range=1):.1f} dB"
        for x in (noisy, denoised)
        for i in range(5, 10)
    ]
    assert [text for text in written if text.endswith("dB")] == expected


def test_reconstructions_are_the_first_models_on_fashion_mnist(full):
    figure = full.draw("dense/fig2-1-top")
    expected = full.means("psnr", dataset="fmnist", model="dense3", noise="none", l1=0.0)
    labels = [f"Latent {latent}\n{psnr:.1f} dB" for latent, psnr in zip([15, 30, 50, 75, 100], expected, strict=True)]
    assert [text for text in texts(figure) if text.startswith("Latent")] == labels
    assert len(pictures(figure)) == 6 * 10
    assert "Fashion-MNIST, 3 layers" in texts(figure)


def test_denoised_images_are_those_under_the_highest_noise(full):
    run = next(run for run in full.experiments["denoising"] if run.dataset == "fmnist" and run.variance == 0.2)
    clean, noisy, denoised = np.load(full.images[run])[:, :, 0]
    figure = full.draw("dense/fig2-3-top")
    assert np.array_equal(pictures(figure), np.concatenate([noisy, denoised, clean]))
    assert "Fashion-MNIST, 3 layers, Gaussian noise, σ² = 0.2" in texts(figure)


def test_colour_images_stay_in_colour(colour):
    (run,) = colour.experiments["conv"]
    clean = np.load(colour.images[run])[0]
    assert np.array_equal(pictures(colour.draw("conv/fig2"))[-1], clean[-1].transpose(1, 2, 0))


def test_fewer_images_than_columns(full):
    images = np.zeros((3, 7, 1, 28, 28), np.float32)
    runs = full.experiments["conv"]
    for kept, shown in ((7, 2), (4, 0)):
        data = FigureData(runs, examples={runs[0]: images[:, :kept]})
        assert len(pictures(figures.draw("conv/fig5", data))) == 3 * shown


def test_psnr_agrees_with_scikit_image():
    images = np.random.default_rng(0).random((2, 1, 8, 8))
    assert parts.psnr(images[0], images[1]) == pytest.approx(peak_signal_noise_ratio(*images, data_range=1))
    assert parts.psnr(images[0], images[0]) == np.inf


# What the reports state, and who stands in for whom.


def test_published_values_stand_where_the_reports_give_them(full):
    mnist, fashion = full.draw("dense/fig2-1-bottom").axes
    assert_line(mnist, "Report (depth not stated)", [(15, 20.0), (100, 27.0)])
    assert "Report (depth not stated)" not in [found.get_label() for found in fashion.get_lines()]
    ranges = [found for found in full.draw("dense/fig2-2").axes[2].get_lines() if "Report" in found.get_label()]
    assert [found.get_xydata().tolist() for found in ranges] == [[[0, 25], [0.01, 25]], [[0.1, 22], [1, 22]]]
    noisy = 6 - 7 * np.log10(0.2)
    for axes, gain in zip(full.draw("dense/fig2-3-bottom").axes, [1.0, -1.2], strict=True):
        assert_line(axes, "Report: noisy + its gain", [(0.2, noisy + gain)])


@pytest.mark.parametrize("name", NAMES)
def test_stand_ins_are_named_and_published_values_left_out(name, demo):
    figure = demo.draw(name)
    both = name in ("dense/fig2-1-bottom", "dense/fig2-2", "dense/fig2-3-bottom") or name.startswith("experiments")
    reported = "MNIST and Fashion-MNIST" if both else "Fashion-MNIST" if name.startswith("dense") else "MNIST"
    assert f"Digits standing in for {reported}." in texts(figure)
    assert not any("Report" in label for label in labels(figure))


def test_no_stand_in_is_mentioned_where_there_is_none(full):
    for name in ("dense/fig2-1-top", "dense/fig2-2", "conv/fig1"):
        assert not any("standing in" in text for text in texts(full.draw(name)))


# Experiments of the user's own.


def sweep(tmp_path, runs, psnr):
    rows = [
        run._asdict() | {"replicate": 0, "psnr": value, "psnr_noisy": None}
        for run, value in zip(runs, psnr, strict=True)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "metrics.csv", index=False)
    return figures.draw("experiments/own", load(runs, {"metrics": tmp_path / "metrics.csv"}, {}, LABELS, {}))


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


# Inputs.


def test_spec_names_the_inputs(full, demo):
    for results, dataset in ((full, "fmnist"), (demo, "digits")):
        for name, experiment in (("dense/fig2-1-top", "latent"), ("dense/fig2-3-top", "denoising")):
            runs = results.experiments[experiment]
            shown = figures.spec(name).examples(runs, results.stand_ins)
            assert {(run.dataset, run.model) for run in shown} == {(dataset, "dense3")}
    assert figures.spec("experiments/own").experiment == "own"


def test_unknown_figure_is_a_users_mistake():
    with pytest.raises(UserError, match=r"conv/fig6.*Did you mean conv/fig"):
        figures.spec("conv/fig6")


def test_a_run_that_the_table_lacks_is_named(full, tmp_path):
    inputs = full.inputs("dense/fig2-2")
    inputs["runs"].append(inputs["runs"][0] | {"l1": 7.0})
    with pytest.raises(UserError, match=r"no row for 1 of the 13 runs.*l1 7.0"):
        figures.render("dense/fig2-2", tmp_path / "a.svg", tmp_path / "a.png", **inputs)


def test_denoising_figure_without_noise_is_a_users_mistake(full):
    runs = full.experiments["latent"]
    with pytest.raises(UserError, match="no noise"):
        figures.draw("dense/fig2-3-bottom", FigureData(runs, metrics=full.metrics))


def test_reading_the_registry_does_not_wait_for_matplotlib():
    code = "import sys, aestudy.figures; sys.exit('matplotlib' in sys.modules or 'pandas' in sys.modules)"
    folder = Path(figures.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(folder)}, check=False).returncode == 0
