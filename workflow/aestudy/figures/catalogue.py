"""The drawings that figures are made with: what each reads, so that a rule can name its inputs exactly.

A drawing is a function FigureData -> Figure in a module of this package. Which figures a study has, by which drawing
and from which experiment, is in its configuration (see study.figures).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aestudy.base import levels
from aestudy.base.run import Run

Selection = Callable[[Sequence[Run], str | None, Mapping[str, str]], list[Run]]
"""(the experiment's runs, the data set to show, stand-ins) -> the runs whose example images are shown, in order."""


def _none(runs: Sequence[Run], dataset: str | None, stand_ins: Mapping[str, str]) -> list[Run]:
    return []


def _of_one_dataset(runs: Sequence[Run], dataset: str | None, stand_ins: Mapping[str, str]) -> list[Run]:
    """Runs of the experiment on the data set to show, its stand-in, or else the first data set."""
    present = [run.dataset for run in runs]
    wanted = next((name for name in (dataset, stand_ins.get(dataset)) if name in present), present[0])
    return [run for run in runs if run.dataset == wanted]


def _of_one_model(runs: Sequence[Run], dataset: str | None, stand_ins: Mapping[str, str]) -> list[Run]:
    """The same of the experiment's first model."""
    shown = _of_one_dataset(runs, dataset, stand_ins)
    return [run for run in shown if run.model == shown[0].model]


def _first(runs: Sequence[Run], dataset: str | None, stand_ins: Mapping[str, str]) -> list[Run]:
    return _of_one_model(runs, dataset, stand_ins)[:1]


def _noisiest(runs: Sequence[Run], dataset: str | None, stand_ins: Mapping[str, str]) -> list[Run]:
    """Of several noises the first one: levels of different noises cannot be compared."""
    shown = _of_one_model(runs, dataset, stand_ins)
    noise = next((run.noise for run in shown if run.noise != "none"), "none")
    of_one_noise = [run for run in shown if run.noise == noise]
    return sorted(of_one_noise, key=lambda run: -levels.known()[run.level_name].strength(run.level))[:1]


@dataclass(frozen=True)
class Drawing:
    """What a drawing reads."""

    module: str
    """Module of this package that holds the function of the drawing's name."""
    tables: tuple[str, ...]
    """Any of metrics, generalisation, baselines, history, architecture."""
    examples: Selection = _none
    """The runs whose example images it shows."""


DRAWINGS = {
    "reconstructions": Drawing("images", ("metrics",), _of_one_dataset),
    "denoised_images": Drawing("images", ("metrics",), _noisiest),
    "overview": Drawing("images", (), _first),
    "samples_1_to_5": Drawing("images", (), _first),
    "samples_6_to_10": Drawing("images", (), _first),
    "latent_sizes": Drawing("curves", ("metrics", "baselines")),
    "penalties": Drawing("curves", ("metrics", "baselines")),
    "noise_levels": Drawing("curves", ("metrics", "baselines")),
    "losses": Drawing("curves", ("history",)),
    "network": Drawing("network", ("architecture",), _first),
    "convergence": Drawing("convergence", ("metrics", "generalisation", "history", "architecture")),
    "sweep": Drawing("sweep", ("metrics",)),
    "spread": Drawing("spread", ("metrics",)),
}
"""All drawings by name."""


@dataclass(frozen=True)
class Summary:
    """A figure of the whole study, drawn from tables alone by the function of its name."""

    module: str
    tables: tuple[str, ...]
    title: str


SUMMARIES = {
    "verdicts": Summary("verdicts", ("claims", "certainty"), "All claims"),
    "readings": Summary("readings", ("readings", "answers"), "Joint readings by claims"),
    "answers": Summary("readings", ("answers",), "Answers to the open questions"),
    "transfer": Summary("transfer", ("transfer",), "Networks on other test sets"),
}
"""All figures of whole studies by name."""
