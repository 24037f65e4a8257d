"""Loss curves of a study's replicates: those of a finished study, and those kept in the repository as a reference.

A reference is workflow/references/<study>.csv, with the curves of each replicate, and <study>.json, which says what
made them.
"""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS, VARIANCE, Run, canonical
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import Manifest
from aestudy.scoring import tables
from aestudy.scoring.convergence import LOSSES, Curves

REFERENCES = Path(__file__).parents[2] / "references"
FEWEST = 10
"""Replicates that a reference needs: the spread of fewer is hardly known."""
DIGITS = 7
"""Significant digits of the losses in a reference."""
AND = " and "
"""Joins several values of what made a reference: two devices, say, or two commits."""
_ABOUT = ("device", "precision", "torch", "commit")


@dataclass(frozen=True)
class Trained:
    """The loss curves of a study: those of a reference, or new ones."""

    curves: Curves
    replicates: dict[tuple, list[int]]
    """Numbers of the replicates, in the order of the rows of each curve."""
    about: dict
    """study, seed, replicates, and what made them: device, precision, torch, commit, date. Seed and makers may be None
    where manifests are missing."""

    def of(self, run: tuple, replicates: list[int]) -> dict[str, np.ndarray]:
        """The curves of some replicates of a run, in that order."""
        rows = [self.replicates[run].index(replicate) for replicate in replicates]
        return {loss: curve[rows] for loss, curve in self.curves[run].items()}

    def common(self, runs: list[tuple]) -> list[int]:
        """Replicates that all of these runs have, in order."""
        return sorted(set.intersection(*(set(self.replicates[run]) for run in runs)))


def run_name(run: tuple) -> str:
    """A run as text: digits/dense3, latent 100, gaussian 0.2."""
    dataset, model, latent, penalty, noise, level = run
    parts = [f"{dataset}/{model}", f"latent {latent}"]
    if penalty:
        parts.append(f"l1 {canonical(penalty)}")
    if noise != "none":
        parts.append(f"{noise} {canonical(level)}")
    return ", ".join(parts)


def from_history(history: pd.DataFrame, about: dict, path: Path) -> Trained:
    """The curves in a table of histories. Raises UserError where replicates of a run have different epochs."""
    curves: Curves = {}
    numbers: dict[tuple, list[int]] = {}
    # The level of any noise stands in the column of the variance, here and in the files of references.
    history = history.assign(**{VARIANCE: tables.level_of(history)})
    for run, rows in history.groupby(list(RUN_KEYS), sort=False):
        wide = {loss: rows.pivot(index="replicate", columns="epoch", values=loss) for loss in LOSSES}
        shown = wide[LOSSES[0]]
        if shown.isna().any(axis=None) or list(shown.columns) != list(range(1, shown.shape[1] + 1)):
            raise UserError(
                f"{path}: the replicates of {run_name(run)} have not the same epochs. Run the study to its end, so "
                "that each has the epochs from 1 to the last one."
            )
        curves[run] = {loss: np.log(table.to_numpy(float)) for loss, table in wide.items()}
        numbers[run] = [int(number) for number in shown.index]
    return Trained(curves, numbers, about)


def reference_table(trained: Trained) -> pd.DataFrame:
    """The reference as a table: a row per run and epoch.

    Columns: what names the run, epoch, replicates (how many); of each loss the geometric mean over replicates
    (`_mean`), the standard deviation of its logarithm (`_sd`: 0.01 is one per cent), and the loss of each replicate
    (`_0`, ...).
    """
    rows = []
    for run, losses in trained.curves.items():
        numbers = trained.replicates[run]
        for epoch in range(losses[LOSSES[0]].shape[1]):
            row = dict(zip(RUN_KEYS, run, strict=True)) | {"epoch": epoch + 1, "replicates": len(numbers)}
            for loss in LOSSES:
                logs = losses[loss][:, epoch]
                row[f"{loss}_mean"] = _rounded(np.exp(logs.mean()))
                row[f"{loss}_sd"] = _rounded(logs.std(ddof=1))
                row |= {f"{loss}_{number}": _rounded(np.exp(log)) for number, log in zip(numbers, logs, strict=True)}
            rows.append(row)
    table = pd.DataFrame(rows)
    own = [f"{loss}_{number}" for loss in LOSSES for number in sorted(set().union(*trained.replicates.values()))]
    return table[[name for name in table if name not in own] + own]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def read_reference(study: str) -> Trained:
    """The reference of a study. Raises UserError where there is none, or it is damaged."""
    path, header = REFERENCES / f"{study}.csv", REFERENCES / f"{study}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in REFERENCES.glob("*.csv"))) or "none"
        raise UserError(
            f"{path} is not there: study {study} has no reference (there are references of: {known}). Train it with "
            f"{FEWEST} replicates or more by code that is known to be right, then run `python -m aestudy converges "
            f"{study} --write-reference`."
        )
    try:
        about = files.read_json(header)
        table = tables.read(path)
        parts = []
        for number in range(max(table["replicates"])):
            own = {loss: table[f"{loss}_{number}"] for loss in LOSSES}
            parts.append(table[[*RUN_KEYS, "epoch"]].assign(replicate=number, **own))
        return from_history(pd.concat(parts, ignore_index=True).dropna(subset=list(LOSSES)), about, path)
    except (KeyError, ValueError, FileNotFoundError) as error:
        raise UserError(
            f"{path} and {header.name} beside it are not a reference as `--write-reference` writes it ({error!r}). "
            "Bring both back as they were (git checkout), or write them anew."
        ) from None


def read_study(study: str) -> Trained:
    """The curves of a finished study, and by what they were made, as far as its manifests are there.

    Raises UserError where there is no table of histories.
    """
    results = Path("results", study)
    path = results / "tables" / "history.csv"
    if not path.is_file():
        raise UserError(
            f"{path} is not there: a study has it once its trainings are done. Run the study "
            f"(`snakemake --cores 2 --configfile workflow/studies/{study}.yaml`), or name another one."
        )
    history = tables.read(path)
    trained = from_history(history, {"study": study, "replicates": int(history["replicate"].nunique())}, path)
    found = [manifests.read(file) for file in sorted((results / "runs").glob(f"*/*/*/*/{manifests.NAME}"))]
    # Replicates that the study no longer has may still lie there.
    own = [one for one in found if one.replicate in trained.replicates.get(_run(one), [])]
    return replace(trained, about=trained.about | _makers(own))


def _run(manifest: Manifest) -> tuple:
    return *(manifest.keys[name] for name in RUN_KEYS if name != VARIANCE), Run.of_keys(manifest.keys).level


def _makers(found: list[Manifest]) -> dict:
    """What made the replicates of these manifests: one value, or several joined; None where nothing is known."""
    seeds = {manifest.identity.seed for manifest in found}
    makers = {
        "device": {manifest.cost["device"] for manifest in found},
        "precision": {manifest.cost["precision"] for manifest in found},
        "torch": {manifest.software["torch"] for manifest in found},
        "commit": {manifest.commit for manifest in found},
    }
    texts = {name: AND.join(sorted(values)) or None for name, values in makers.items()}
    return {"seed": seeds.pop() if len(seeds) == 1 else None} | texts


def write_reference(study: str) -> str:
    """Make the reference of a study from its results; returns what to tell. Raises UserError where it cannot be one."""
    trained = read_study(study)
    few = {run: numbers for run, numbers in trained.replicates.items() if len(numbers) < FEWEST}
    if few:
        run, numbers = next(iter(few.items()))
        raise UserError(
            f"results/{study} has {len(numbers)} replicates of {run_name(run)}, and a reference needs {FEWEST} at "
            f"least: the spread of fewer is hardly known. Run the study with `--config replicates=20`, then write the "
            "reference again."
        )
    uneven = [run for run, numbers in trained.replicates.items() if numbers != list(range(len(numbers)))]
    if uneven or any(trained.about[name] is None for name in (*_ABOUT, "seed")):
        raise UserError(
            f"results/{study} does not have the manifests of all of its replicates, or they are of several seeds, so "
            "nothing says what made the curves. Run the study to its end with one seed, then write the reference again."
        )
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    table = reference_table(trained)
    files.write_csv(REFERENCES / f"{study}.csv", table)
    files.write_json(REFERENCES / f"{study}.json", trained.about | {"date": date})
    return (
        f"{REFERENCES / f'{study}.csv'} has the loss curves of {len(trained.curves)} runs, "
        f"{trained.about['replicates']} replicates each; {study}.json beside it says what made them."
    )
