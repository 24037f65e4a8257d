"""Compares the loss curves of a finished study with those that the repository keeps as its reference.

    python -m aestudy converges <study>

compares results/<study>/tables/history.csv with workflow/references/<study>.csv and names the runs whose losses
deviate; the exit status is then 1. What is compared and how sure it is stands in aestudy.scoring.convergence.

    python -m aestudy converges <study> --write-reference

makes the reference from a finished study of at least 10 replicates.
"""

import argparse
import datetime
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base import files, levels
from aestudy.base.errors import UserError
from aestudy.base.run import RUN_KEYS, VARIANCE, canonical
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import Manifest
from aestudy.scoring import convergence, tables
from aestudy.scoring.convergence import LOSSES, Comparison, Curves

REFERENCES = Path(__file__).parents[2] / "references"
FEWEST = 10
"""Replicates that a reference needs: the spread of fewer is hardly known."""
DIGITS = 7
"""Significant digits of the losses in a reference."""
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
    level = next(value for name, value in manifest.keys.items() if name in levels.known())
    return *(manifest.keys[name] for name in RUN_KEYS if name != VARIANCE), level


def _makers(found: list[Manifest]) -> dict:
    """What made the replicates of these manifests: one value, or several joined; None where nothing is known."""
    seeds = {manifest.identity.seed for manifest in found}
    makers = {
        "device": {manifest.cost["device"] for manifest in found},
        "precision": {manifest.cost["precision"] for manifest in found},
        "torch": {manifest.software["torch"] for manifest in found},
        "commit": {manifest.commit for manifest in found},
    }
    texts = {name: " and ".join(sorted(values)) or None for name, values in makers.items()}
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


def compare(reference: Trained, new: Trained, rate: float) -> tuple[Comparison, list[str]]:
    """Compare all runs that both have, and say in sentences what was left out.

    Raises UserError where no run is left, or there are too few replicates to report anything at that error rate.
    """
    runs = [run for run in new.curves if run in reference.curves]
    notes = [
        f"Left out, since the reference lacks it: {run_name(run)}." for run in new.curves if run not in reference.curves
    ]
    if not runs:
        raise UserError(
            f"the reference has none of the {len(new.curves)} runs of results/{new.about['study']}; one of them is "
            f"{run_name(next(iter(new.curves)))}, and one of the reference {run_name(next(iter(reference.curves)))}. "
            "Compare a study of the same grids, or write a new reference."
        )
    epochs = {}
    for run in runs:
        ours, theirs = (trained.curves[run][LOSSES[0]].shape[1] for trained in (new, reference))
        epochs[run] = min(ours, theirs)
        if ours != theirs:
            notes.append(f"Compared up to epoch {epochs[run]} of {max(ours, theirs)}: {run_name(run)}.")
    known, found = reference.common(runs), new.common(runs)
    both = [replicate for replicate in found if replicate in known]
    same_seed = new.about["seed"] is not None and new.about["seed"] == reference.about["seed"]
    paired = same_seed and convergence.can_decide(len(both), len(both), True, rate)
    if paired:
        known = found = both
    elif not convergence.can_decide(len(known), len(found), False, rate):
        raise UserError(
            f"results/{new.about['study']} has {len(found)} replicates that all compared runs have, and the reference "
            f"{len(known)}: too few to report anything at an error rate of {100 * rate:g} %. Train more replicates "
            "(`--config replicates=10`), or give a larger --error-rate."
        )
    matrices = []
    for trained, replicates in ((reference, known), (new, found)):
        curves = {run: trained.of(run, replicates) for run in runs}
        matrix, labels = convergence.phases(curves, epochs)
        matrices.append(matrix)
    return convergence.compare(*matrices, labels, rate, paired), notes


def describe(about: dict) -> str:
    """What made curves, in words."""
    made = [f"{about['precision']} on {about['device']}" if about["device"] else "on an unknown device"]
    made += [f"torch {about['torch']}" if about["torch"] else "unknown torch"]
    made += [f"commit {str(about['commit'])[:12]}" if about["commit"] else "unknown commit"]
    seed = "unknown seed" if about["seed"] is None else f"seed {about['seed']}"
    return ", ".join([f"{about['replicates']} replicates", seed, *made, *([about["date"]] if "date" in about else [])])


def report(comparison: Comparison, reference: Trained, new: Trained, notes: list[str], rate: float) -> tuple[str, bool]:
    """What to print, and whether something deviates."""
    runs = len({phase.run for phase in comparison.phases})
    how = "replicate by replicate" if comparison.paired else "as a group"
    smallest = 100 * np.expm1(comparison.critical * comparison.error)
    lines = [
        f"Reference: {describe(reference.about)}",
        f"Study:     {describe(new.about)}",
        *notes,
        f"Compared {how}: {runs} runs, both losses, {len(comparison.phases)} phases; chance that anything is reported "
        f"though nothing has changed: {100 * rate:g} %.",
    ]
    if np.isfinite(smallest).all():
        lines.append(
            f"A change of {np.median(smallest):.2g} % is found in half of the phases ({smallest.min():.2g} % in the "
            f"best, {smallest.max():.2g} % in the worst); more replicates find smaller ones."
        )
    deviating = [index for index in np.argsort(comparison.p, kind="stable") if comparison.p[index] <= rate]
    if not deviating:
        return "\n".join([*lines, "Nothing deviates from the reference."]), False
    lines.append(f"{len(deviating)} of these phases deviate from the reference:")
    for index in deviating:
        phase, shift, error = comparison.phases[index], comparison.shift[index], comparison.error[index]
        epochs = f"epoch {phase.first}" if phase.first == phase.last else f"epochs {phase.first} to {phase.last}"
        side = "above" if shift > 0 else "below"
        lines.append(
            f"  {run_name(phase.run)}: {phase.loss} in {epochs} is {100 * abs(np.expm1(shift)):.2g} % {side} "
            f"({abs(shift) / error:.1f} standard errors, p = {comparison.p[index]:.2g})"
        )
    return "\n".join(lines), True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the verb."""
    parser.add_argument("study", help="name of a finished study, as in results/<study>")
    parser.add_argument("--write-reference", action="store_true", help="make the reference from this study")
    parser.add_argument(
        "--error-rate",
        type=float,
        default=0.01,
        help="chance that is accepted to report something though nothing has changed (0.01)",
    )


def run(options: argparse.Namespace) -> int:
    """Compare, or write the reference; the exit status is 1 if something deviates."""
    if not 0 < options.error_rate < 1:
        raise UserError(f"--error-rate is {options.error_rate:g}; allowed: a number between 0 and 1, such as 0.01")
    if options.write_reference:
        print(write_reference(options.study))
        return 0
    reference, new = read_reference(options.study), read_study(options.study)
    comparison, notes = compare(reference, new, options.error_rate)
    text, deviates = report(comparison, reference, new, notes, options.error_rate)
    print(text, file=sys.stderr if deviates else sys.stdout)
    return int(deviates)
