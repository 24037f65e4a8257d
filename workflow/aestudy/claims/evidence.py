"""From the terms of a claim to what a study measured: which runs are meant, and their values as samples."""

import operator
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base.columns import BASELINE_KEYS
from aestudy.base.run import CONDITION_KEYS, RUN_KEYS, Run
from aestudy.claims.intervals import Sample
from aestudy.claims.language import Term
from aestudy.claims.selection import Candidates, Label, NotTestable, fits, keys_of, select

Source = str | Path | pd.DataFrame

# Scores that follow from those that are stored: the columns that each needs, and how it is made of them.
_DERIVED = {
    "gain": (["psnr", "psnr_noisy"], lambda scores: scores["psnr"] - scores["psnr_noisy"]),
    "mse_noisy": (["psnr_noisy"], lambda scores: 10 ** (-scores["psnr_noisy"] / 10)),
}


class Evidence:
    """The numbers of a study, read when they are first asked for.

    `scores` maps each run to its per-image scores, `baselines` each condition (dataset, noise, variance) to those of
    the baselines, `tables` the names metrics, cost, history and generalisation to these tables. All may be data frames
    or paths (scores: Parquet, tables: CSV). A latent of None (a model without free latent size) fits as well as its
    size: claims need not name it.
    """

    def __init__(
        self,
        tables: Mapping[str, Source],
        scores: Mapping[Run, Source],
        baselines: Mapping[tuple, Source],
    ):
        self._sources = {**tables}
        self._scores = [(keys_of(run), source) for run, source in scores.items()]
        self._baselines = {tuple(condition): source for condition, source in baselines.items()}
        self._samples: dict[Term, dict[Label, Sample]] = {}

    def samples(self, term: Term) -> dict[Label, Sample]:
        """The samples that a term means, by label.

        Raises NotTestable where the study lacks them, UserError where a label fits several runs.
        """
        if term not in self._samples:
            read = {"scores": self._read_scores, "baselines": self._read_baselines}.get(term.table, self._read_table)
            self._samples[term] = read(term)
        return self._samples[term]

    def _read_scores(self, term: Term) -> dict[Label, Sample]:
        runs = select(term, Candidates(keys for keys, _ in self._scores))
        columns, derive = _DERIVED.get(term.column, ([term.column], operator.itemgetter(term.column)))
        found = {}
        for label, run in runs.items():
            source = next(source for keys, source in self._scores if keys is run)
            if not isinstance(source, pd.DataFrame):
                source = pd.read_parquet(source, columns=["replicate", "image", *columns])
            found[label] = _image_sample(term, source.assign(value=derive))
        return found

    def _read_baselines(self, term: Term) -> dict[Label, Sample]:
        wanted = [(key, value) for key, value in term.filters if key in CONDITION_KEYS]
        candidates, frames = [], {}
        for condition in self._baselines:
            keys = dict(zip(CONDITION_KEYS, condition, strict=True))
            if not fits(wanted, keys):
                continue
            frame = self._load(condition, self._baselines).fillna({"variant": "", "latent": 0})
            for variant, rows in frame.groupby(list(BASELINE_KEYS), sort=True):
                candidates.append(keys | dict(zip(BASELINE_KEYS, variant, strict=True)))
                frames[tuple(candidates[-1].values())] = rows
        found = {}
        for label, keys in select(term, Candidates(candidates)).items():
            rows = frames[tuple(keys.values())]
            sample = _image_sample(term, rows.assign(value=rows[term.column], replicate=0))
            found[label] = replace(sample, replicates=None)
        return found

    def _read_table(self, term: Term) -> dict[Label, Sample]:
        if term.table not in self._sources:
            raise NotTestable(f"the study has no table '{term.table}'")
        groups = dict(iter(self._load(term.table, self._sources).groupby(list(RUN_KEYS))))
        runs = select(term, Candidates(dict(zip(RUN_KEYS, run, strict=True)) for run in groups))
        found = {}
        for label, run in runs.items():
            rows = groups[tuple(run.values())]
            rows = _at_epoch(term, rows) if term.table == "history" else rows.sort_values("replicate")
            values = rows[term.column].to_numpy(float)
            if np.isnan(values).any():
                raise NotTestable(f"{term.table} has no {term.column} for {term}")
            found[label] = Sample(values[:, None], tuple(rows["replicate"].tolist()))
        return found

    def _load(self, key, sources: dict) -> pd.DataFrame:
        """The data frame under `key`, read from its path the first time."""
        if not isinstance(sources[key], pd.DataFrame):
            path = Path(sources[key])
            if not path.exists():
                raise NotTestable(f"the study has no {path.name}")
            if path.suffix == ".csv":  # "none" is a noise and no missing value
                sources[key] = pd.read_csv(path, keep_default_na=False, na_values=[""])
            else:
                sources[key] = pd.read_parquet(path)
        return sources[key]


def _image_sample(term: Term, frame: pd.DataFrame) -> Sample:
    """Sample from columns replicate, image and value; the first images only where the term says so."""
    if term.first:
        frame = frame[frame["image"] < term.first]
    table = frame.pivot(index="replicate", columns="image", values="value")
    if term.first and table.shape[1] < term.first:
        raise NotTestable(f"{term} has {table.shape[1]} test images, not {term.first}")
    values = table.to_numpy(float)
    if np.isnan(values).any():
        raise NotTestable(f"there is no {term.column} for every image of {term}")
    return Sample(values, tuple(table.index.tolist()), f"{term.dataset}/{table.shape[1]}")


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
