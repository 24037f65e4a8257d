"""A made-up study whose figures are drawn, and a look at what is in a figure; shared by the tests of this folder."""

import functools
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

from aestudy.base.run import RUN_KEYS, Run
from aestudy.claims.published import numbers
from aestudy.claims.records import load_claims
from aestudy.figures.catalogue import DRAWINGS
from aestudy.figures.data import Published, load
from aestudy.figures.rendering import draw

ROOT = Path(__file__).parents[3]
LABELS = {
    "dataset": {"mnist": "MNIST", "fmnist": "Fashion-MNIST", "digits": "digits"},
    "model": {"dense3": "3 layers", "dense5": "5 layers", "conv": "convolutional"},
}
STAND_INS = {"mnist": "digits", "fmnist": "digits"}
PUBLISHED = numbers(load_claims(ROOT / "report/claims.yaml"))
THRESHOLD = 0.01
"""Magnitude below which a latent value counts as zero."""
CODE_OF_CONV = 3136
"""Size of the latent of the convolutional network, as tables have it."""
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
    ("decoder", "Sigmoid", "1 x 28 x 28", 0),
]
# Drawing, experiment and data set of each figure; those of the reports as in config.yaml.
FIGURES = {
    "dense/fig2-1-top": ("reconstructions", "latent", "fmnist"),
    "dense/fig2-1-bottom": ("latent_sizes", "latent", None),
    "dense/fig2-2": ("penalties", "l1", None),
    "dense/fig2-3-top": ("denoised_images", "denoising", "fmnist"),
    "dense/fig2-3-bottom": ("noise_levels", "denoising", None),
    "conv/fig1": ("network", "conv", None),
    "conv/fig2": ("overview", "conv", None),
    "conv/fig3": ("losses", "conv", None),
    "conv/fig4": ("samples_1_to_5", "conv", None),
    "conv/fig5": ("samples_6_to_10", "conv", None),
    "experiments/latent": ("sweep", "latent", None),
    "experiments/denoising": ("sweep", "denoising", None),
}


def grids(datasets, short=False):
    """The runs of each experiment."""
    two = slice(0, 2) if short else slice(None)

    def grid(**axes):
        full = {"latent": [100], "l1": [0.0], "noise": ["none"], "variance": [0.0]} | axes
        return [Run(*values) for values in itertools.product(*(full[key] for key in RUN_KEYS))]

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
                [
                    (run.dataset, run.model, CODE_OF_CONV, *layer)
                    for run in self.experiments["conv"]
                    for layer in CONV_LAYERS
                ],
                columns=["dataset", "model", "latent", "part", "layer", "output_shape", "parameters"],
            ),
        }
        self.tables = {name: folder / f"{name}.csv" for name in tables}
        for name, table in tables.items():
            table.to_csv(self.tables[name], index=False)
        self.images = {run: self._examples(run, channels) for run in runs}

    @staticmethod
    def _keys(run):
        return run.keys | {"latent": run.latent or CODE_OF_CONV}

    def _scores(self, run, replicate):
        row = self._keys(run) | {"replicate": replicate}
        row["psnr"] = 17 + 4 * np.log10(row["latent"] / 15) - run.l1 - 20 * run.variance + 0.25 * replicate**2
        row["psnr"] -= (run.model == "dense5") + 0.5 * (run.dataset == "fmnist")
        if run.noise != "none":
            row["psnr_noisy"] = 6 - 7 * np.log10(run.variance)
            row["gain_db"] = row["psnr"] - row["psnr_noisy"]
            row["psnr_clean_input"] = row["psnr"] + 1 + 0.1 * replicate
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
            rows += [condition | {"baseline": name, "psnr": psnr - 5 * variance} for name, psnr in baselines.items()]
            rows += [condition | {"baseline": "pca", "latent": k, "psnr": 15 + 0.08 * k} for k in (15, 30, 50, 75, 100)]
        return pd.DataFrame(rows)

    def _examples(self, run, channels):
        digits = np.kron(load_digits().images[:10] / 16, np.ones((1, 3, 3)))
        clean = np.stack([np.pad(digits, ((0, 0), (2, 2), (2, 2)))] * channels, axis=1).astype(np.float32)
        if channels == 3:
            clean *= np.array([1, 0.6, 0.2], np.float32)[:, None, None]
        noise = np.random.default_rng(1).normal(0, max(run.variance, 0.001) ** 0.5, clean.shape)
        noisy = np.clip(clean + noise, 0, 1).astype(np.float32) if run.variance else clean
        path = self.folder / f"{'_'.join(map(str, run.keys.values()))}.npy"
        kept = np.stack([clean, noisy, 0.9 * clean + 0.03])
        np.save(path, np.concatenate([kept, kept[:, :3]], axis=1))  # the worst, the median and the best come last
        return path

    def examples(self, run) -> np.ndarray:
        """Clean, input and output (3, 10, c, h, w) of the first test images."""
        return np.load(self.images[run])[:, :10]

    def shown(self, name) -> list[Run]:
        """The runs whose examples a figure shows."""
        drawing, experiment, dataset = FIGURES[name]
        return DRAWINGS[drawing].examples(self.experiments[experiment], dataset, self.stand_ins)

    def inputs(self, name):
        """The arguments that the pipeline would pass to `rendering.render`, but for the drawing and the files."""
        drawing, experiment, _ = FIGURES[name]
        shown = self.shown(name)
        return {
            "runs": [vars(run) for run in self.experiments[experiment]],
            "shown": [vars(run) for run in shown],
            "tables": {table: self.tables[table] for table in DRAWINGS[drawing].tables},
            "examples": [self.images[run] for run in shown],
            "published": PUBLISHED,
            "labels": LABELS,
            "stand_ins": self.stand_ins,
            "sparsity_threshold": THRESHOLD,
        }

    @functools.cache  # noqa: B019 (a handful of figures per test run)
    def draw(self, name):
        """The figure, for a look at what is in it."""
        drawing, experiment, _ = FIGURES[name]
        examples = {run: self.images[run] for run in self.shown(name)}
        tables = {table: self.tables[table] for table in DRAWINGS[drawing].tables}
        published = [Published(**number) for number in PUBLISHED]
        return draw(
            drawing, load(self.experiments[experiment], tables, examples, published, LABELS, self.stand_ins, THRESHOLD)
        )

    def means(self, y, **keys):
        """Means over the replicates of the runs with these keys, straight from the table."""
        rows = self.metrics
        for key, value in keys.items():
            rows = rows[rows[key] == value]
        return rows.groupby(list(RUN_KEYS))[y].mean()


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


def outside(figure) -> dict[str, float]:
    """How far what is drawn reaches beyond the edges of a figure, in inches, by side; empty where nothing does."""
    figure.canvas.draw()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    beyond = {"left": -box.x0, "below": -box.y0, "right": box.x1 - width, "above": box.y1 - height}
    return {side: inches for side, inches in beyond.items() if inches > 0.02}
