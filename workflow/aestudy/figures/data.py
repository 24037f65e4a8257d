"""What a figure is given: tables restricted to the runs of its experiment, example images, and names to show."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aestudy.base.columns import ARCHITECTURE_KEYS
from aestudy.base.errors import UserError
from aestudy.base.run import CONDITION_KEYS, RUN_KEYS, Run
from aestudy.base.wording import standing_in

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


# The columns that connect the rows of each table to runs.
KEYS = {
    "metrics": RUN_KEYS,
    "generalisation": RUN_KEYS,
    "history": RUN_KEYS,
    "architecture": ARCHITECTURE_KEYS,
    "baselines": CONDITION_KEYS,
}

# Names that need no label: a study with something else in the place of the reports' data sets does not define them.
_KNOWN = {"mnist": "MNIST", "fmnist": "Fashion-MNIST", "gaussian": "Gaussian"}


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
    """What to call data sets, models and noises: the label in the configuration, or else the name."""

    by_kind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Labels by name, for each of dataset, model and noise: a data set and a model may have the same name."""

    def __call__(self, kind: str, name: str) -> str:
        return self.by_kind.get(kind, {}).get(name) or _KNOWN.get(name) or name.replace("_", " ")


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
        keys = [vars(run) for run in self.runs if run.dataset == dataset]
        return {
            number.run[axis]: number.value
            for number in self.published
            if number.column == column
            and axis in number.run
            and any(all(run[key] == value for key, value in number.run.items() if key != "model") for run in keys)
        }


def rows_of(table: "pd.DataFrame", run: Run, keys: Sequence[str] = RUN_KEYS) -> "pd.DataFrame":
    """The rows of one run. A latent size that follows from the image is not compared."""
    wanted = {key: getattr(run, key) for key in keys if getattr(run, key) is not None}
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
    if lacking := [key for key in KEYS[name] if key not in table]:
        raise UserError(f"{path} has no column {', '.join(lacking)}; it has {', '.join(table.columns)}. Make it again.")
    rows = {run: rows_of(table, run, KEYS[name]).index for run in runs}
    absent = [run for run, index in rows.items() if index.empty]
    if absent and name != "baselines":
        first = ", ".join(f"{key} {value}" for key, value in vars(absent[0]).items() if value is not None)
        raise UserError(
            f"{path} has no row for {len(absent)} of the {len(runs)} runs to draw, the first being {first}. "
            "Make it again."
        )
    return table.loc[list(dict.fromkeys(itertools.chain.from_iterable(rows.values())))]
