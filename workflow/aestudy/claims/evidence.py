"""From the terms of a claim to what a study measured: which runs are meant, and their values as samples."""

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.claims.language import RUN_KEYS, Between, Each, Term, terms
from aestudy.claims.records import Claim
from aestudy.claims.values import Label, NotTestable, replace_datasets
from aestudy.errors import UserError
from aestudy.statistics import Sample

CONDITION = ("dataset", "noise", "variance")  # what a file of baseline scores is about
VARIANT = ("rung", "variant", "latent")  # what tells the baselines in one file apart
Source = str | Path | pd.DataFrame

# Scores that follow from those that are stored: the columns that each needs, and how it is made of them.
_DERIVED = {
    "gain": (["psnr", "psnr_noisy"], lambda scores: scores["psnr"] - scores["psnr_noisy"]),
    "mse_noisy": (["psnr_noisy"], lambda scores: 10 ** (-scores["psnr_noisy"] / 10)),
}


class Evidence:
    """The numbers of a study, read when they are first asked for.

    `scores` maps each run (dataset, model, latent, l1, noise, variance) to its per-image scores, `baselines` each
    condition (dataset, noise, variance) to those of the baselines, `tables` the names metrics, cost, history and
    generalisation to these tables. All may be data frames or paths (scores: Parquet, tables: CSV). A latent of None
    (a model without free latent size) is as good as its size: claims need not name it.
    """

    def __init__(
        self,
        tables: Mapping[str, Source],
        scores: Mapping[tuple, Source],
        baselines: Mapping[tuple, Source],
    ):
        self._sources = {**tables}
        self._scores = [(_run_keys(run), source) for run, source in scores.items()]
        self._baselines = {tuple(condition): source for condition, source in baselines.items()}
        self._samples: dict[Term, dict[Label, Sample]] = {}

    @classmethod
    def from_study(cls, folder: str | Path, scores: Mapping[tuple, Source], baselines: Mapping[tuple, Source]):
        """Evidence of the study in `folder` (results/<study>), whose tables lie in its folder `tables`."""
        names = ("metrics", "cost", "history", "generalisation")
        return cls({name: Path(folder) / "tables" / f"{name}.csv" for name in names}, scores, baselines)

    def samples(self, term: Term) -> dict[Label, Sample]:
        """The samples that a term means, by label.

        Raises NotTestable where the study lacks them, UserError where a label fits several runs.
        """
        if term not in self._samples:
            read = {"scores": self._read_scores, "baselines": self._read_baselines}.get(term.table, self._read_table)
            self._samples[term] = read(term)
        return self._samples[term]

    def _read_scores(self, term: Term) -> dict[Label, Sample]:
        runs = select(term, [keys for keys, _ in self._scores])
        columns, derive = _DERIVED.get(term.column, ([term.column], operator.itemgetter(term.column)))
        found = {}
        for label, run in runs.items():
            source = next(source for keys, source in self._scores if keys is run)
            if not isinstance(source, pd.DataFrame):
                source = pd.read_parquet(source, columns=["replicate", "image", *columns])
            found[label] = _image_sample(term, source.assign(value=derive))
        return found

    def _read_baselines(self, term: Term) -> dict[Label, Sample]:
        wanted = [(key, value) for key, value in term.filters if key in CONDITION]
        candidates, frames = [], {}
        for condition in self._baselines:
            keys = dict(zip(CONDITION, condition, strict=True))
            if not all(_fits(value, keys[key]) for key, value in wanted):
                continue
            frame = self._load(condition, self._baselines).fillna({"variant": "", "latent": 0})
            for variant, rows in frame.groupby(list(VARIANT), sort=True):
                candidates.append(keys | dict(zip(VARIANT, variant, strict=True)))
                frames[tuple(candidates[-1].values())] = rows
        found = {}
        for label, keys in select(term, candidates).items():
            rows = frames[tuple(keys.values())]
            sample = _image_sample(term, rows.assign(value=rows[term.column], replicate=0))
            found[label] = replace(sample, replicates=None)
        return found

    def _read_table(self, term: Term) -> dict[Label, Sample]:
        if term.table not in self._sources:
            raise NotTestable(f"the study has no table '{term.table}'")
        groups = dict(iter(self._load(term.table, self._sources).groupby(list(RUN_KEYS))))
        runs = select(term, [_run_keys(run) for run in groups])
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


def check_selections(
    claims: Iterable[Claim], runs: Iterable[tuple], stand_ins: Mapping[str, str] | None = None
) -> None:
    """Check claims against the runs that a study plans, before any job.

    `runs` are tuples (dataset, model, latent, l1, noise, variance). Raises UserError with every claim whose terms fit
    several runs where one is meant. A claim that fits no run is no mistake: it will be judged as not testable.
    """
    candidates = [_run_keys(run) for run in runs]
    mistakes = []
    for claim in claims:
        for node in claim.expressions:
            try:
                for term in terms(replace_datasets(node, stand_ins or {})):
                    if term.table != "baselines":
                        select(term, candidates)
            except NotTestable:
                continue
            except UserError as error:
                mistakes.append(f"{claim.id}: {error}")
    if mistakes:
        raise UserError("\n".join(["claims that fit several runs where one is meant:", *mistakes]))


def _run_keys(run: Sequence) -> dict:
    keys = dict(zip(RUN_KEYS, run, strict=True))
    return keys | {"latent": keys["latent"] or 0}


def select(term: Term, candidates: Sequence[Mapping]) -> dict[Label, Mapping]:
    """The runs (or baselines) among `candidates` that a term means, by label and sorted by it.

    Raises NotTestable where there are none, UserError where one label fits several.
    """
    fitting = [c for c in candidates if all(_fits(wanted, c[key]) for key, wanted in term.filters)]
    if not fitting:
        raise NotTestable(f"the study has no {_kind(term)} with {term}{_nearest(term, candidates)}")
    chosen = {}
    for candidate in fitting:
        chosen.setdefault(tuple(candidate[key] for key in term.free), []).append(candidate)
    for same in chosen.values():
        if len(same) > 1:
            differ = {key: sorted({c[key] for c in same}) for key in same[0] if len({c[key] for c in same}) > 1}
            listed = "; ".join(f"{key} ({', '.join(map(_show, values))})" for key, values in differ.items())
            add = " or ".join(f"{key}=" for key in differ)
            raise UserError(f"ambiguous: {term} fits {len(same)} {_kind(term)}s that differ in {listed}: add {add}")
    return {label: chosen[label][0] for label in sorted(chosen)}


def _nearest(term: Term, candidates: Sequence[Mapping]) -> str:
    """What there is instead, where all but one filter fit."""
    for key, _ in term.filters:
        others = [c for c in candidates if all(_fits(wanted, c[k]) for k, wanted in term.filters if k != key)]
        if others:
            return f"; there is {key} {', '.join(map(_show, sorted({c[key] for c in others})))}"
    return ""


def _fits(wanted, value) -> bool:
    match wanted:
        case Each():
            return True
        case Between(low, high):
            return low * (1 - 1e-9) <= value <= high * (1 + 1e-9)
        case str():
            return wanted == value
    return math.isclose(wanted, value)


def _kind(term: Term) -> str:
    return "baseline" if term.table == "baselines" else "run"


def _show(value) -> str:
    return value or "none" if isinstance(value, str) else f"{value:g}"


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
