"""Made-up studies and claims that the tests of this folder share."""

import functools
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base.run import Run
from aestudy.claims import tables
from aestudy.claims.evidence import Evidence
from aestudy.claims.records import Claim
from aestudy.claims.verdicts import Judged, judge

ROOT = Path(__file__).parents[3]
CLAIMS = ROOT / "report" / "claims.yaml"

LATENTS = (15, 30, 50, 75, 100)
LAMBDAS = (1e-4, 1e-3, 0.01, 0.1, 1.0)
VARIANCES = (0.01, 0.05, 0.1, 0.2)
STAND_INS = {"mnist": "digits", "fmnist": "digits"}
CODE_OF_CONV = 3136
"""Size of the latent of the convolutional network, as tables have it."""

MNIST = 'dataset="mnist", model="dense3"'
LATENT_RUNS = tuple(Run("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in LATENTS)
SPREAD = {"psnr": 0.01, "gain_db": 0.01, "psnr_noisy": 0.01, "psnr_clean_input": 0.01, "gap_db": 0.01}
"""Standard deviation over replicates of the columns in dB; of all others it is 1e-4."""


def paper_runs(datasets=("mnist", "fmnist")) -> list[Run]:
    """The runs of the two reports."""
    runs = [Run(d, m, k, 0.0, "none", 0.0) for d, m, k in itertools.product(datasets, ("dense3", "dense5"), LATENTS)]
    runs += [Run(d, "dense3", 100, l1, "none", 0.0) for d, l1 in itertools.product(datasets, LAMBDAS)]
    runs += [Run(d, "dense3", 100, 0.0, "gaussian", v) for d, v in itertools.product(datasets, VARIANCES)]
    return [*runs, Run(datasets[0], "conv", None, 0.0, "gaussian_once", 0.25)]


def paper_tests(datasets=("mnist", "fmnist")) -> list[tuple[Run, Run]]:
    """Networks that denoise images of one data set, and what they are tested on: those of the last one."""
    runs = [run for run in paper_runs(datasets) if run.noise == "gaussian"]
    return [(run, Run(**vars(run) | {"dataset": datasets[-1]})) for run in runs]


def as_published(run: Run) -> dict:
    """Numbers that agree with everything that the reports say."""
    numbers = {"psnr": 20 + 6.3 * ((run.latent or 0) - 15) / 85, "ssim": 0.9, "bce": 0.1, "gap_db": 0.1}
    numbers |= {"sparsity": 0.1, "sparsity_relative": 0.1, "latent_average": -0.5, "detail": 0.7, "seconds": 1.0}
    numbers |= dict.fromkeys(("psnr_noisy", "ssim_noisy", "psnr_clean_input", "gain_db"), math.nan)
    numbers |= {"epochs": 15, "best_epoch": 15, "excess": 0.0, "lag": -0.02}
    if run.model == "dense5":
        numbers |= {"psnr": numbers["psnr"] - {"mnist": 0.4}.get(run.dataset, 0.7), "bce": 0.12, "gap_db": 0.3}
    if run.l1:
        share = 0.6 + 0.1 * math.log10(run.l1)
        numbers |= {"psnr": 25.9 if run.l1 <= 0.01 else 22, "sparsity": share, "sparsity_relative": share}
        numbers["latent_average"] = -0.4 + 0.4 * share
    if run.noise == "gaussian":
        gain = {"fmnist": -6 * run.variance}.get(run.dataset, 5 * run.variance)
        numbers |= {"psnr": 15 + gain, "psnr_noisy": 15.0, "gain_db": gain, "psnr_clean_input": 15 + 2 * gain}
        numbers["detail"] = {"fmnist": 0.3}.get(run.dataset, 0.45)
    if run.model == "conv":
        numbers |= {"psnr": 20.3, "ssim": 0.86, "psnr_noisy": 9.3, "ssim_noisy": 0.4, "gain_db": 11.0}
    return numbers


@functools.cache
def study(
    runs: tuple[Run, ...] | None = None,
    numbers: Callable[[Run], dict] = as_published,
    replicates: int = 3,
    baseline: float = 16.8,
) -> Evidence:
    """A made-up study: the given numbers with noise from replicate to replicate."""
    return Evidence(study_tables(runs, numbers, replicates, baseline))


def study_tables(
    runs: tuple[Run, ...] | None = None,
    numbers: Callable[[Run], dict] = as_published,
    replicates: int = 3,
    baseline: float = 16.8,
) -> dict[str, pd.DataFrame]:
    """The tables of such a study, by name."""
    runs = tuple(paper_runs()) if runs is None else runs
    metrics, cost, history, generalisation = [], [], [], []
    for index, run in enumerate(runs):
        truth, keys = numbers(run), run.keys | {"latent": run.latent or CODE_OF_CONV}
        for replicate in range(replicates):
            rng = np.random.default_rng([index, replicate])
            value = {name: truth[name] + rng.normal(0, SPREAD.get(name, 1e-4)) for name in truth}
            row = {**keys, "replicate": replicate}
            first = {f"{name}_first_100": value[name] for name in ("psnr", "ssim", "gain_db")}
            metrics.append({**row, **value, **first, "epochs": truth["epochs"]})
            cost.append({**row, "seconds_per_epoch": value["seconds"], "peak_memory_mb": 900.0 + rng.normal()})
            generalisation.append({**row, "gap_db": value["gap_db"]})
            for epoch in range(1, truth["epochs"] + 1):
                validation = 0.1 + 0.001 * abs(epoch - truth["best_epoch"]) * truth["excess"] + (epoch == 1) * 0.1
                validation += 1e-6 * (epoch != truth["best_epoch"])
                losses = {"train_loss": validation * (1 - truth["lag"]), "validation_loss": validation}
                history.append({**row, "epoch": epoch, **losses})
    rows = {"metrics": metrics, "cost": cost, "history": history, "generalisation": generalisation}
    conditions = dict.fromkeys((run.dataset, run.noise, run.variance) for run in runs)
    rows["baselines"] = [row for condition in conditions for row in baseline_rows(*condition, baseline)]
    rows["transfer"] = transfer_rows(runs, replicates)
    return {name: pd.DataFrame(found) for name, found in rows.items() if found}


def baseline_rows(dataset: str, noise: str, variance: float, best: float) -> list[dict]:
    """Rows of baselines.csv for one condition: the best PSNR is that of a PCA with 50 components."""
    found = [("mean_image", "", math.nan, best - 5), ("pca", "clipped", 15, best - 2), ("pca", "clipped", 50, best)]
    found.append(("wavelet", "hard", math.nan, best - 1))
    keys = {"dataset": dataset, "noise": noise, "variance": variance}
    return [
        {**keys, "baseline": name, "variant": variant, "latent": latent}
        | {"psnr": psnr, "psnr_first_100": psnr, "ssim": 0.5, "mse": 0.02 + 0.01 * (best - psnr), "bce": 0.3}
        for name, variant, latent, psnr in found
    ]


def transfer_rows(runs: tuple[Run, ...], replicates: int) -> list[dict]:
    """Rows of transfer.csv: networks that denoise MNIST lose 1 dB on Fashion-MNIST; others are tested on their own."""
    return [
        {**run.keys, "replicate": replicate, "test_dataset": {"mnist": "fmnist"}.get(run.dataset, run.dataset)}
        | {"test_noise": run.noise, "test_variance": run.variance, "psnr": 14.0 + replicate / 100, "psnr_noisy": 15.0}
        for run in runs
        if run.noise == "gaussian"
        for replicate in range(replicates)
    ]


def claim(quantity: str, expected, tolerance: float = 0.0, direction: str | None = None, **fields) -> Claim:
    record = {"id": "made-up", "report": "dense", "source": "nowhere", "statement": "A claim.", "quantity": quantity}
    record |= {"expected": expected, "tolerance": tolerance, "tolerance_reason": "as good as any"}
    return Claim.model_validate(record | {"direction": direction, "evidence": ["metrics"]} | fields)


def judged(quantity, expected, tolerance=0.0, direction=None, evidence=None, stand_ins=None) -> Judged:
    """A made-up claim, held against a study."""
    (found,) = judge([claim(quantity, expected, tolerance, direction)], evidence or study(), stand_ins)
    return found


def row(*given, **options) -> pd.Series:
    """What claims.csv says of a made-up claim."""
    return tables.table([judged(*given, **options)]).iloc[0]


def observed(quantity: str, **study_options) -> float:
    """The value of an expression in a made-up study."""
    (part,) = judged(quantity, 0, evidence=study(**study_options)).parts
    return part.mean


def judge_all(claims, evidence=None, stand_ins=None) -> pd.DataFrame:
    """claims.csv of a study, by the claims' ids."""
    return tables.table(judge(claims, evidence or study(), stand_ins), stand_ins).set_index("id")


RISE = f"psnr({MNIST}, latent=100) - psnr({MNIST}, latent=15)"


def rising(rise: float) -> Evidence:
    """A study whose PSNR rises by so many dB from a latent of 15 to one of 100."""
    return study(LATENT_RUNS, lambda run: as_published(run) | {"psnr": 20 + rise * (run.latent - 15) / 85})


def values_of_latents(*values_by_latent: list[float]) -> Evidence:
    """A study whose PSNR is given: a list of the values in each replicate for each latent of LATENTS, in order."""
    rows = [
        {**run.keys, "replicate": replicate, "psnr": value}
        for run, values in zip(LATENT_RUNS, values_by_latent, strict=False)
        for replicate, value in enumerate(values)
    ]
    return Evidence({"metrics": pd.DataFrame(rows)})
