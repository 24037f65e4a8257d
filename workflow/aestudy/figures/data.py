"""What a figure is given: tables restricted to the runs of its experiment, example images, and names to show."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aestudy.base.columns import ARCHITECTURE_KEYS
from aestudy.base.errors import UserError
from aestudy.base.run import CONDITION_KEYS, RUN_KEYS, VARIANCE, Run
from aestudy.base.wording import standing_in

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


# The columns that connect the rows of each table to runs; the level of the noise counts beside them.
KEYS = {
    "metrics": RUN_KEYS,
    "generalisation": RUN_KEYS,
    "history": RUN_KEYS,
    "architecture": ARCHITECTURE_KEYS,
    "baselines": CONDITION_KEYS,
}

# Names that need no label: a study with something else in the place of the reports' data sets does not define them.
_KNOWN = {
    "dataset": {"mnist": "MNIST", "fmnist": "Fashion-MNIST"},
    "noise": {"gaussian": "Gaussian"},
    "level": {VARIANCE: "Variance of the noise σ²"},
    "symbol": {VARIANCE: "σ²"},
}


@dataclass(frozen=True)
class Published:
    """A number that a report states about one run, read from the claims."""

    column: str
    """The score that it is about: a column of metrics.csv."""
    run: Mapping[str, str | float]
    """Keys of the run, as far as the claim names them."""
    value: float


@dataclass(frozen=True)
class Labels:
    """What to call data sets, models, noises and their levels: the label that is configured, or else the name."""

    by_kind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Labels by name, for each of dataset, model, noise, level (the title of an axis) and symbol (of a level): a data
    set and a model may have the same name."""

    def __call__(self, kind: str, name: str) -> str:
        return self.by_kind.get(kind, {}).get(name) or _KNOWN.get(kind, {}).get(name) or name.replace("_", " ")

    def strength(self, level_name: str, level: float) -> str:
        """The strength of a noise in a few signs: σ² = 0.1."""
        return f"{self('symbol', level_name)} = {level:g}"


@dataclass(frozen=True)
class FigureData:
    """Input of every figure function. Tables that a figure does not read stay None.

    examples: float32 (3, n, c, h, w) in [0, 1] per run: clean, input and output of the first n test images.
    """

    runs: Sequence[Run]
    metrics: "pd.DataFrame | None" = None
    generalisation: "pd.DataFrame | None" = None
    baselines: "pd.DataFrame | None" = None
    history: "pd.DataFrame | None" = None
    architecture: "pd.DataFrame | None" = None
    examples: "Mapping[Run, np.ndarray]" = field(default_factory=dict)
    published: Sequence[Published] = ()
    label: Labels = field(default_factory=Labels)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    sparsity_threshold: float | None = None
    """Magnitude below which a latent value counts as zero."""

    @property
    def datasets(self) -> list[str]:
        """Data sets of the runs, in configured order."""
        return list(dict.fromkeys(run.dataset for run in self.runs))

    @property
    def level_names(self) -> list[str]:
        """What the levels of the runs' noises are called, in configured order."""
        return list(dict.fromkeys(run.level_name for run in self.runs))

    def stand_in_note(self, *reported: str) -> str:
        """'digits standing in for MNIST', for those of the `reported` data sets whose stand-in is shown; else ''."""
        replaced = [
            name for name in reported if name not in self.datasets and self.stand_ins.get(name) in self.datasets
        ]
        labels = {self.label("dataset", name): self.label("dataset", self.stand_ins[name]) for name in replaced}
        return "; ".join(standing_in(labels, labels))

    def published_at(self, column: str, axis: str, dataset: str) -> dict[float, float]:
        """Published values of a score, by the value of the run key `axis`, for runs of the figure on a data set.

        Which model a report means is often not stated, so that a number counts for all models.
        """
        keys = [run.keys for run in self.runs if run.dataset == dataset]
        return {
            number.run[axis]: number.value
            for number in self.published
            if number.column == column
            and axis in number.run
            and any(all(run.get(key) == value for key, value in number.run.items() if key != "model") for run in keys)
        }


def rows_of(table: "pd.DataFrame", run: Run, keys: Sequence[str] = RUN_KEYS) -> "pd.DataFrame":
    """The rows of one run, by the `keys` that the table has. A latent size that follows from the image is not compared.

    Where the variance is a key, the level of the run's noise is compared under whatever name it has.
    """
    keys = [run.level_name if key == VARIANCE else key for key in keys]
    wanted = {key: value for key, value in run.keys.items() if key in keys and value is not None}
    return table[(table[list(wanted)] == list(wanted.values())).all(axis=1)]


def load(
    runs: Sequence[Run],
    tables: Mapping[str, str | Path],
    examples: Mapping[Run, str | Path],
    published: Sequence[Published],
    labels: Mapping[str, Mapping[str, str]],
    stand_ins: Mapping[str, str],
    sparsity_threshold: float | None = None,
) -> FigureData:
    """Read tables (name -> CSV file) and examples (run -> pictures.npy), and keep the rows of `runs`, in their order.

    Raises UserError where a table lacks a column, or has no row for one of the runs (baselines may lack some).
    """
    import numpy as np

    from aestudy.scoring.ranks import RANKS

    return FigureData(
        runs=runs,
        **{name: _restricted(name, path, runs) for name, path in tables.items()},
        examples={run: np.load(path, mmap_mode="r")[:, : -len(RANKS)] for run, path in examples.items()},
        published=published,
        label=Labels(labels),
        stand_ins=stand_ins,
        sparsity_threshold=sparsity_threshold,
    )


def _restricted(name: str, path: str | Path, runs: Sequence[Run]) -> "pd.DataFrame":
    from aestudy.scoring.tables import read

    table = read(path)
    names = {run.level_name for run in runs} if VARIANCE in KEYS[name] else ()
    if lacking := [key for key in dict.fromkeys((*KEYS[name], *names)) if key not in table]:
        raise UserError(f"{path} has no column {', '.join(lacking)}; it has {', '.join(table.columns)}. Make it again.")
    rows = {run: rows_of(table, run, KEYS[name]).index for run in runs}
    absent = [run for run, index in rows.items() if index.empty]
    if absent and name != "baselines":
        first = ", ".join(f"{key} {value}" for key, value in absent[0].keys.items() if value is not None)
        raise UserError(
            f"{path} has no row for {len(absent)} of the {len(runs)} runs to draw, the first being {first}. "
            "Make it again."
        )
    return table.loc[list(dict.fromkeys(itertools.chain.from_iterable(rows.values())))]
