"""What stands under a figure: what it shows, what was published, what was found; the numbers come from the tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from aestudy.base.run import Run
from aestudy.base.wording import number
from aestudy.figures.data import Labels, rows_of

AXES = ("latent", "l1", "level")
"""Quantities that an experiment may vary."""


def caption(description: str, figure: str, claims: pd.DataFrame, found: str) -> str:
    """The caption of a figure in reStructuredText.

    description: what the figure shows, reStructuredText from report/captions. figure: its name, such as dense/fig2-2.
    claims: tables/claims.csv as text; those that name the figure as evidence are told with what was found for them.
    found: a sentence about the figure's scores.
    """
    told = [_claim(row) for row in claims.itertuples() if figure in re.split(r"[,;] *", row.evidence)]
    return "\n\n".join([description.strip(), escaped(found), *told]) + "\n"


def _claim(row) -> str:
    tolerance = float(row.tolerance or 0)
    margin = f" (±\u00a0{number(tolerance)})" if tolerance else ""
    expected = row.expected.replace(" ", "\u00a0")
    told = f"{row.statement} Published: {expected}{margin}; {row.reason}."
    return f"* **{row.verdict.capitalize()}**, {row.id}: {escaped(told)}"


def escaped(text: str) -> str:
    """Plain text as reStructuredText: no character of it is markup."""
    return re.sub(r"([\\*`|_<>\[\]])", r"\\\1", text)


def found(runs: Iterable[Run], metrics: pd.DataFrame, label: Labels) -> str:
    """What an experiment's runs scored, in one sentence: mean PSNR and SSIM at both ends of each of its lines.

    metrics: rows of tables/metrics.csv; label: what to call data sets and models.
    """
    lines = []
    for group in _lines(list(runs)):
        ends = [group[0], group[-1]] if len(group) > 1 else group
        axis = _varying(group)
        words = "; ".join(_scores(run, rows_of(metrics, run), _place(run, axis, label)) for run in ends)
        lines.append(f"{label('dataset', group[0].dataset)}, {label('model', group[0].model)}: {words}")
    return f"Found here (means over replicates). {'. '.join(lines)}." if lines else ""


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs of one data set, model and noise that differ in one quantity, in its order."""
    axis = _varying(runs)
    groups: dict[Run, list[Run]] = {}
    for run in runs:
        groups.setdefault(replace(run, **{axis: None}) if axis else run, []).append(run)
    return [sorted(group, key=lambda run: getattr(run, axis) or 0) if axis else group for group in groups.values()]


def _varying(runs: Sequence[Run]) -> str | None:
    return next((axis for axis in AXES if len({getattr(run, axis) for run in runs}) > 1), None)


def _place(run: Run, axis: str | None, label: Labels) -> str:
    """Where on the axis a run is, in words."""
    match axis:
        case "latent":
            return f" at latent {run.latent}"
        case "l1":
            return f" at λ = {run.l1:g}"
        case "level":
            return f" at {label.strength(run.level_name, run.level)}"
    return ""


def _scores(run: Run, rows: pd.DataFrame, place: str) -> str:
    means = rows[["psnr", "ssim", "psnr_noisy"]].mean()
    noisy = "" if pd.isna(means["psnr_noisy"]) else f", noisy input {means['psnr_noisy']:.2f} dB"
    return f"{means['psnr']:.2f} dB (SSIM {means['ssim']:.3f}{noisy}){place}"
