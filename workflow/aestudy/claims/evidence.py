"""From the terms of a claim to what a study measured: which runs are meant, and their values in each replicate."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base.columns import BASELINE_KEYS, TEST, TEST_KEYS, level_columns, with_levels
from aestudy.base.run import CONDITION_KEYS, RUN_KEYS
from aestudy.claims.language import Term
from aestudy.claims.selection import Candidates, Label, NotTestable, select

Source = str | Path | pd.DataFrame
TABLES = ("metrics", "cost", "history", "generalisation", "baselines", "transfer")
KEYS = {"baselines": (*CONDITION_KEYS, *BASELINE_KEYS), "transfer": (*RUN_KEYS, *TEST_KEYS)}
"""What tells the rows of a table apart, beside the replicate, where it is not the keys of a run."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The values of a term in each replicate; a single value where there are no replicates (a baseline)."""

    values: np.ndarray
    replicates: tuple[int, ...] | None = None


class Evidence:
    """The numbers of a study, read from its tables when they are first asked for.

    tables: by name (see TABLES), data frames or paths of CSV files.
    """

    def __init__(self, tables: Mapping[str, Source]):
        self._sources = {**tables}
        self._samples: dict[Term, dict[Label, Sample]] = {}
        self._groups: dict[str, tuple[Candidates, dict[tuple, pd.DataFrame]]] = {}

    def samples(self, term: Term) -> dict[Label, Sample]:
        """The samples that a term means, by label.

        Raises NotTestable where the study lacks them, UserError where a label fits several runs.
        """
        if term not in self._samples:
            self._samples[term] = self._read(term, term.table, KEYS.get(term.table, RUN_KEYS))
        return self._samples[term]

    def _read(self, term: Term, table: str, keys: tuple[str, ...]) -> dict[Label, Sample]:
        candidates, groups = self._grouped(table, keys)
        found = {}
        for label, chosen in select(term, candidates).items():
            rows = groups[tuple(chosen.values())]
            if table == "baselines":
                found[label] = Sample(_numbers(term, rows, term.column)[:1])
                continue
            rows = _at_epoch(term, rows) if table == "history" else rows.sort_values("replicate")
            found[label] = Sample(_numbers(term, rows, term.column), tuple(rows["replicate"].tolist()))
        return found

    def _grouped(self, table: str, keys: tuple[str, ...]) -> tuple[Candidates, dict[tuple, pd.DataFrame]]:
        """The runs (or baselines) of a table and the rows of each."""
        if table not in self._groups:
            frame = self._load(table)
            if table == "baselines":
                frame = frame.fillna({"variant": "", "latent": 0})
            keys = with_levels(keys, frame)
            # levels that a noise does not have
            frame = frame.fillna(dict.fromkeys([*level_columns(frame), *level_columns(frame, TEST)], 0.0))
            groups = dict(iter(frame.groupby(keys)))
            self._groups[table] = Candidates(dict(zip(keys, run, strict=True)) for run in groups), groups
        return self._groups[table]

    def _load(self, name: str) -> pd.DataFrame:
        """The table of a name, read from its path the first time."""
        if name not in self._sources:
            raise NotTestable(f"the study has no table '{name}'")
        if not isinstance(self._sources[name], pd.DataFrame):
            path = Path(self._sources[name])
            if not path.exists():
                raise NotTestable(f"the study has no {path.name}")
            # `none` is a noise and no missing value
            self._sources[name] = pd.read_csv(path, keep_default_na=False, na_values=[""])
        return self._sources[name]


def _numbers(term: Term, rows: pd.DataFrame, column: str) -> np.ndarray:
    values = rows[column].to_numpy(float) if column in rows else np.full(1, np.nan)
    if np.isnan(values).any():
        raise NotTestable(f"table {term.table} has no {column} for {term}")
    return values


def _at_epoch(term: Term, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per replicate: that of the epoch that the term names."""
    by_replicate = rows.sort_values(["replicate", "epoch"]).groupby("replicate")
    if term.epoch == "best":
        return rows.loc[by_replicate["validation_loss"].idxmin()]
    if term.epoch < 0:
        chosen = by_replicate.nth(term.epoch)
    else:
        chosen = rows[rows["epoch"] == term.epoch].sort_values("replicate")
    if len(chosen) < by_replicate.ngroups:
        raise NotTestable(f"the history of {term} has no epoch {term.epoch}")
    return chosen


def aligned(samples: Mapping[tuple, Sample]) -> dict[tuple, np.ndarray]:
    """Values of several samples for the replicates that all of them have, in order; a baseline's value for each.

    Raises NotTestable where they have none in common.
    """
    numbers = [set(sample.replicates) for sample in samples.values() if sample.replicates is not None]
    shared = sorted(set.intersection(*numbers)) if numbers else []
    if numbers and not shared:
        raise NotTestable("the runs that are compared have no replicate in common")
    found = {}
    for key, sample in samples.items():
        if sample.replicates is None:
            found[key] = np.repeat(sample.values, max(1, len(shared)))
        else:
            place = {replicate: i for i, replicate in enumerate(sample.replicates)}
            found[key] = sample.values[[place[replicate] for replicate in shared]]
    return found
