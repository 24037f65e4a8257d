"""Draws a figure from files and writes it: reading a workflow does not wait for matplotlib and pandas."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from aestudy.base.run import Run
from aestudy.figures import style
from aestudy.figures.catalogue import DRAWINGS, SUMMARIES
from aestudy.figures.data import FigureData, Labels, Published, load
from aestudy.scoring.tables import read


def draw(drawing: str, data: FigureData) -> Figure:
    """The figure that a drawing makes of `data`; nothing is written."""
    module = importlib.import_module(f"aestudy.figures.{DRAWINGS[drawing].module}")
    with style.applied():
        return getattr(module, drawing)(data)


def render(
    drawing: str,
    svg: str | Path,
    png: str | Path,
    *,
    runs: Sequence[Mapping],
    shown: Sequence[Mapping],
    tables: Mapping[str, str | Path],
    examples: Sequence[str | Path] = (),
    published: Sequence[Mapping] = (),
    labels: Mapping[str, Mapping[str, str]],
    stand_ins: Mapping[str, str],
    sparsity_threshold: float | None = None,
) -> None:
    """Draw a figure from files and write it in both formats.

    runs: the keys (see `Run`) of all runs of the figure's experiment, in configured order. shown: those whose example
    images it shows, and examples: the path of pictures.npy of each. tables: path of each table that the drawing reads.
    published: the published numbers about its runs (see `Published`). labels: what to call data sets, models and
    noises, by kind. stand_ins: data set of the reports -> data set that takes its place. sparsity_threshold: magnitude
    below which a latent value counts as zero.
    """
    images = dict(zip((Run(**keys) for keys in shown), examples, strict=True))
    numbers = [Published(**number) for number in published]
    data = load([Run(**keys) for keys in runs], tables, images, numbers, labels, stand_ins, sparsity_threshold)
    style.save(draw(drawing, data), svg, png)


def render_summary(
    summary: str,
    svg: str | Path,
    png: str | Path,
    tables: Mapping[str, str | Path],
    labels: Mapping[str, Mapping[str, str]],
) -> None:
    """Draw a figure of a whole study (see catalogue.SUMMARIES) from its tables and write it in both formats."""
    module = importlib.import_module(f"aestudy.figures.{SUMMARIES[summary].module}")
    with style.applied():
        figure = getattr(module, summary)({name: read(path) for name, path in tables.items()}, Labels(labels))
    style.save(figure, svg, png)
