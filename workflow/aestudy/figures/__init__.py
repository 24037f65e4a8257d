"""Figures of both reports and of any experiment, each drawn from tables and example images alone, never from a model.

`spec(name)` says what a figure needs, so that a rule can name its inputs exactly; `render` draws and writes it. Each
figure is drawn by one module, so that editing `dense.py` redraws no figure of `conv.py`. matplotlib and pandas are
imported only when something is drawn: reading a workflow does not wait for them.
"""

import difflib
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aestudy.errors import UserError
from aestudy.figures.data import FigureData, Run, load, subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# An experiment that is no report's has its figure under this prefix: experiments/<name of the experiment>.
SWEEP = "experiments/"


def _none(runs: Sequence[Run], stand_ins: Mapping[str, str]) -> list[Run]:
    return []


def _first(runs: Sequence[Run], stand_ins: Mapping[str, str]) -> list[Run]:
    """The experiment's first run, which for `conv` is the report's only one."""
    return list(runs[:1])


def _fashion(runs: Sequence[Run], stand_ins: Mapping[str, str]) -> list[Run]:
    """Runs of the experiment's first model on the images that the dense report shows: Fashion-MNIST."""
    dataset = subject("fmnist", [run.dataset for run in runs], stand_ins)
    shown = [run for run in runs if run.dataset == dataset]
    return [run for run in shown if run.model == shown[0].model]


def _fashion_noisiest(runs: Sequence[Run], stand_ins: Mapping[str, str]) -> list[Run]:
    return sorted(_fashion(runs, stand_ins), key=lambda run: -run.variance)[:1]


@dataclass(frozen=True)
class Spec:
    """What a figure is made from."""

    experiment: str
    """Name of the experiment whose runs it shows."""
    module: str
    function: str
    """Where it is drawn: a function FigureData -> Figure in a module of this package."""
    tables: tuple[str, ...]
    """Tables that it reads: any of metrics, generalisation, baselines, history, architecture."""
    examples: Callable[[Sequence[Run], Mapping[str, str]], list[Run]] = _none
    """(the experiment's runs, stand-ins) -> those whose examples.npy it shows, in order. Any objects that have the keys
    of a run as attributes will do."""


FIGURES = {
    "dense/fig2-1-top": Spec("latent", "dense", "reconstructions", ("metrics",), _fashion),
    "dense/fig2-1-bottom": Spec("latent", "dense", "latent_sizes", ("metrics", "baselines")),
    "dense/fig2-2": Spec("l1", "dense", "penalties", ("metrics",)),
    "dense/fig2-3-top": Spec("denoising", "dense", "denoised_images", ("metrics",), _fashion_noisiest),
    "dense/fig2-3-bottom": Spec("denoising", "dense", "noise_levels", ("metrics", "baselines")),
    "conv/fig1": Spec("conv", "conv", "network", ("architecture",), _first),
    "conv/fig2": Spec("conv", "conv", "overview", (), _first),
    "conv/fig3": Spec("conv", "conv", "losses", ("history",)),
    "conv/fig4": Spec("conv", "conv", "samples_1_to_5", (), _first),
    "conv/fig5": Spec("conv", "conv", "samples_6_to_10", (), _first),
}
"""Every figure of the reports, named as they number it."""

OF_EXPERIMENTS = {
    "experiments/convergence": Spec(
        "convergence", "convergence", "draw_convergence", ("metrics", "generalisation", "history", "architecture")
    ),
}
"""Figures of experiments that are no report's and that PSNR against what they vary would not do for."""


def spec(name: str) -> Spec:
    """What the figure `name` is made from: a key of `FIGURES`, or experiments/<experiment>; UserError for any other."""
    if name in OF_EXPERIMENTS:
        return OF_EXPERIMENTS[name]
    if name.startswith(SWEEP):
        return Spec(name.removeprefix(SWEEP), "sweep", "draw_sweep", ("metrics",))
    if name not in FIGURES:
        near = difflib.get_close_matches(name, FIGURES, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UserError(
            f"There is no figure named {name!r}.{hint} There are {', '.join(FIGURES)} and {SWEEP}<experiment> for "
            "each experiment of the study."
        )
    return FIGURES[name]


def title(name: str) -> str:
    """What the report calls a figure: 'Figure 2.1 (top)' for dense/fig2-1-top, the experiment's name for a sweep."""
    if name.startswith(SWEEP):
        return f"PSNR of experiment {name.removeprefix(SWEEP)}"
    numbers, _, part = re.fullmatch(r"\w+/fig([\d-]*\d)(-(\w+))?", name).groups()
    return f"Figure {numbers.replace('-', '.')}" + (f" ({part})" if part else "")


def draw(name: str, data: FigureData) -> "Figure":
    """The figure `name`; nothing is written."""
    from aestudy.figures import style

    chosen = spec(name)
    module = importlib.import_module(f"aestudy.figures.{chosen.module}")
    with style.applied():
        return getattr(module, chosen.function)(data)


def render(
    name: str,
    svg: str | Path,
    png: str | Path,
    *,
    runs: Sequence[Mapping],
    tables: Mapping[str, str | Path],
    examples: Sequence[str | Path] = (),
    labels: Mapping[str, str],
    stand_ins: Mapping[str, str],
) -> None:
    """Draw the figure `name` from files and write it in both formats.

    runs: the keys (see `Run`) of all runs of the figure's experiment, in configured order.
    tables: path of each table in `spec(name).tables`. examples: path of examples.npy of each run in
    `spec(name).examples(runs, stand_ins)`, in that order. labels: what to call data sets, models and noises.
    stand_ins: data set of the reports -> data set that takes its place.
    """
    from aestudy.figures import style

    runs = [Run(**keys) for keys in runs]
    shown = spec(name).examples(runs, stand_ins)
    data = load(runs, tables, dict(zip(shown, examples, strict=True)), labels, stand_ins)
    style.save(draw(name, data), svg, png)
