"""Networks against epochs: PSNR of training and test images, the gap between them, and the losses on the way."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aestudy.base.columns import with_levels
from aestudy.base.run import RUN_KEYS
from aestudy.figures import parts, style
from aestudy.figures.data import FigureData

TRAINING = {"linestyle": (0, (1, 1.2))}


def convergence(data: FigureData) -> Figure:
    """A column per data set; a line per network, which several models are where they differ in epochs alone."""
    keys = [*with_levels(RUN_KEYS, data.metrics), "replicate"]
    scores = data.generalisation.merge(data.metrics[[*keys, "epochs"]], on=keys)
    figure = Figure(figsize=(style.WIDTH, 7.0), layout="constrained")
    grid = figure.subplots(3, len(data.datasets), sharex=True, sharey="row", squeeze=False)
    for column, dataset in zip(grid.T, data.datasets, strict=True):
        for index, (label, models) in enumerate(networks(data).items()):
            own = scores[(scores["dataset"] == dataset) & scores["model"].isin(models)]
            longest = data.history[(data.history["dataset"] == dataset) & (data.history["model"] == models[-1])]
            _lines(column, own, longest, label, style.look(index))
        column[0].set_title(data.label("dataset", dataset))
        column[0].set_xscale("log")
        column[-1].set_xlabel("Epochs")
        parts.value_axis(column[-1], parts.plain({1, 2, *scores["epochs"]}))
    parts.psnr_axis(grid[0, 0])
    grid[1, 0].set_ylabel("Training minus test (dB)")
    grid[2, 0].set_ylabel("Loss while training:\nBCE (nats per pixel)")
    for axes in grid[2]:
        axes.set_title("lines: validation images; dotted: training images", fontsize=6.5)
    spread = parts.SPREAD if scores["replicate"].nunique() > 1 else ""
    parts.legend(figure, parts.footnote(spread, data.stand_in_note("mnist", "fmnist")))
    return figure


def _lines(axes: list[Axes], scores: pd.DataFrame, history: pd.DataFrame, label: str, look: dict) -> None:
    psnr, gap, loss = axes
    parts.spread_line(psnr, scores, "epochs", "psnr_test", f"{label}, test", look)
    parts.spread_line(psnr, scores, "epochs", "psnr_train", f"{label}, training", look | TRAINING)
    parts.spread_line(gap, scores, "epochs", "gap_db", f"{label}, test", look)
    unmarked = look | {"marker": ""}
    for column, line in (("validation_loss", unmarked), ("train_loss", unmarked | TRAINING)):
        values = parts.summary(history, "epoch", column)["mean"]
        loss.plot(values.index, values, **line)


def networks(data: FigureData) -> dict[str, list[str]]:
    """Models of equal layers, those of fewer epochs first, by the label of the one that is trained longest."""
    epochs = data.metrics.groupby("model")["epochs"].max()
    alike: dict[tuple, list[str]] = {}
    for model, rows in data.architecture.groupby("model"):
        rows = rows[rows["dataset"] == rows["dataset"].iloc[0]]
        alike.setdefault(tuple(rows[["layer", "output_shape"]].itertuples(index=False, name=None)), []).append(model)
    ordered = [sorted(models, key=epochs.get) for models in alike.values()]
    return {data.label("model", models[-1]): models for models in ordered}
