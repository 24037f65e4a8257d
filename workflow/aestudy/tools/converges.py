"""Compares the loss curves of a finished study with those that the repository keeps as its reference.

    python -m aestudy converges <study>

compares results/<study>/tables/history.csv with workflow/references/<study>.csv and names the runs whose losses
deviate; the exit status is then 1. What is compared and how sure it is stands in aestudy.scoring.convergence.

    python -m aestudy converges <study> --write-reference

makes the reference from a finished study of at least 10 replicates.
"""

import argparse
import sys

import numpy as np

from aestudy.base import provenance
from aestudy.base.errors import UserError
from aestudy.scoring import convergence
from aestudy.scoring.convergence import LOSSES, Comparison
from aestudy.tools.references import AND, Trained, read_reference, read_study, run_name, write_reference


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
    commits = ", ".join(map(provenance.short, str(about["commit"]).split(AND)))
    made += [f"commit {commits}" if about["commit"] else "unknown commit"]
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
