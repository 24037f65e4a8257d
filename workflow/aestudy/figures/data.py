"""What a figure is given: tables restricted to the runs of its experiment, example images, and names to show."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aestudy.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Run(NamedTuple):
    """The keys of a run; latent is None where it follows from the image and only the tables know it."""

    dataset: str
    model: str
    latent: int | None
    l1: float
    noise: str
    variance: float


# The columns that tie the rows of each table to runs.
KEYS = {
    "metrics": Run._fields,
    "generalisation": Run._fields,
    "history": Run._fields,
    "architecture": ("dataset", "model", "latent"),
    "baselines": ("dataset", "noise", "variance"),
}

# Names that need no label: a study with something else in the place of the reports' data sets does not define them.
_KNOWN = {"mnist": "MNIST", "fmnist": "Fashion-MNIST", "gaussian": "Gaussian"}


def subject(reported: str, present: Sequence[str], stand_ins: Mapping[str, str]) -> str:
    """The data set to show where a report shows `reported`: itself, its stand-in, or else the first one present."""
    return next((name for name in (reported, stand_ins.get(reported)) if name in present), present[0])


def named(labels: Mapping[str, str]) -> Callable[[str], str]:
    """What to call a data set, model or noise: its label, or else its name."""
    return lambda name: labels.get(name) or _KNOWN.get(name) or name.replace("_", " ")


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
    labels: Mapping[str, str] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    @property
    def datasets(self) -> list[str]:
        """Data sets of the runs, in configured order."""
        return list(dict.fromkeys(run.dataset for run in self.runs))

    def label(self, name: str) -> str:
        """What to call a data set, model or noise."""
        return named(self.labels)(name)

    def stand_in_note(self, *reported: str) -> str:
        """'digits standing in for MNIST', for those of the `reported` data sets whose stand-in is shown; else ''."""
        replaced: dict[str, list[str]] = {}
        for name in reported:
            if name not in self.datasets and self.stand_ins.get(name) in self.datasets:
                replaced.setdefault(self.stand_ins[name], []).append(self.label(name))
        return "; ".join(f"{self.label(name)} standing in for {' and '.join(of)}" for name, of in replaced.items())


def rows_of(table: "pd.DataFrame", run: Run, keys: Sequence[str] = Run._fields) -> "pd.DataFrame":
    """The rows of one run. A latent size that follows from the image is not compared."""
    wanted = {key: getattr(run, key) for key in keys if getattr(run, key) is not None}
    return table[(table[list(wanted)] == list(wanted.values())).all(axis=1)]


def load(
    runs: Sequence[Run],
    tables: Mapping[str, str | Path],
    examples: Mapping[Run, str | Path],
    labels: Mapping[str, str],
    stand_ins: Mapping[str, str],
) -> FigureData:
    """Read tables (name -> CSV file) and examples (run -> .npy file), and keep the rows of `runs`, in their order.

    Raises UserError where a table lacks a column, or has no row for one of the runs (baselines may lack some).
    """
    import numpy as np

    return FigureData(
        runs=runs,
        **{name: _restricted(name, path, runs) for name, path in tables.items()},
        examples={run: np.load(path, mmap_mode="r", allow_pickle=False) for run, path in examples.items()},
        labels=labels,
        stand_ins=stand_ins,
    )


def _restricted(name: str, path: str | Path, runs: Sequence[Run]) -> "pd.DataFrame":
    from aestudy.tables import read

    table = read(path)
    if lacking := [key for key in KEYS[name] if key not in table]:
        raise UserError(f"{path} has no column {', '.join(lacking)}; it has {', '.join(table.columns)}. Make it again.")
    rows = {run: rows_of(table, run, KEYS[name]).index for run in runs}
    absent = [run for run, index in rows.items() if index.empty]
    if absent and name != "baselines":
        first = ", ".join(f"{key} {value}" for key, value in absent[0]._asdict().items() if value is not None)
        raise UserError(
            f"{path} has no row for {len(absent)} of the {len(runs)} runs to draw, the first being {first}. "
            "Make it again."
        )
    return table.loc[list(dict.fromkeys(itertools.chain.from_iterable(rows.values())))]
