"""Made-up studies and claims that the tests of this folder share."""

import functools
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.base.run import Run
from aestudy.claims.evidence import Evidence
from aestudy.claims.records import Claim
from aestudy.claims.verdicts import judge

ROOT = Path(__file__).parents[3]
CLAIMS = ROOT / "report" / "claims.yaml"

LATENTS = (15, 30, 50, 75, 100)
LAMBDAS = (1e-4, 1e-3, 0.01, 0.1, 1.0)
STAND_INS = {"mnist": "digits", "fmnist": "digits"}
CODE_OF_CONV = 3136
"""Size of the latent of the convolutional network, as tables have it."""

MNIST = 'dataset="mnist", model="dense3"'
LATENT_RUNS = tuple(Run("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in LATENTS)


def paper_runs(datasets=("mnist", "fmnist")) -> list[Run]:
    """The runs of the two reports."""
    runs = [Run(d, m, k, 0.0, "none", 0.0) for d, m, k in itertools.product(datasets, ("dense3", "dense5"), LATENTS)]
    runs += [Run(d, "dense3", 100, l1, "none", 0.0) for d, l1 in itertools.product(datasets, LAMBDAS)]
    runs += [Run(d, "dense3", 100, 0.0, "gaussian", v) for d, v in itertools.product(datasets, (0.01, 0.05, 0.1, 0.2))]
    return [*runs, Run(datasets[0], "conv", None, 0.0, "gaussian_once", 0.25)]


def as_published(run: Run) -> dict:
    """Numbers that agree with everything that the reports say."""
    numbers = {"psnr": 20 + 6.3 * ((run.latent or 0) - 15) / 85, "ssim": 0.9}
    numbers |= {"psnr_noisy": math.nan, "ssim_noisy": math.nan}
    numbers |= {"bce": 0.1, "sparsity": 0.1, "gap_db": 0.1, "epochs": 15, "best_epoch": 8, "excess": 0.0, "lag": -0.02}
    if run.model == "dense5":
        numbers["psnr"] -= {"mnist": 0.5}.get(run.dataset, 1.0)
        numbers |= {"bce": 0.12, "gap_db": 0.3, "best_epoch": 12}
    if run.l1:
        numbers |= {"psnr": 25.9 if run.l1 <= 0.01 else 22, "sparsity": 0.6 + 0.1 * math.log10(run.l1)}
    if run.noise == "gaussian":
        gain = {"mnist": 5 * run.variance, "digits": 5 * run.variance}.get(run.dataset, -6 * run.variance)
        numbers |= {"psnr": 15 + gain, "psnr_noisy": 15.0, "ssim_noisy": 0.5}
    if run.model == "conv":
        numbers |= {"psnr": 20.3, "ssim": 0.86, "psnr_noisy": 9.3, "ssim_noisy": 0.4}
    return numbers


@functools.cache
def study(
    runs: tuple[Run, ...] | None = None,
    numbers: Callable[[Run], dict] = as_published,
    replicates: int = 3,
    images: int = 120,
    baseline: float = 16.8,
) -> Evidence:
    """A made-up study: the given numbers with noise from replicate to replicate and image to image."""
    scores, metrics, cost, history, generalisation = {}, [], [], [], []
    easy = easiness(images)
    for index, run in enumerate(paper_runs() if runs is None else runs):
        truth, keys = numbers(run), vars(run) | {"latent": run.latent or CODE_OF_CONV}
        frames = []
        for replicate in range(replicates):
            rng = np.random.default_rng([index, replicate])
            psnr = truth["psnr"] + easy + rng.normal(0, 0.01) + rng.normal(0, 0.1, images)
            frame = {"replicate": replicate, "image": range(images), "psnr": psnr, "mse": 10 ** (-psnr / 10)}
            frame |= {"ssim": truth["ssim"] + easy / 100, "bce": truth["bce"] + rng.normal(0, 1e-3, images)}
            frame |= {"psnr_noisy": truth["psnr_noisy"] + easy, "ssim_noisy": truth["ssim_noisy"]}
            frames.append(pd.DataFrame(frame))
            row = {**keys, "replicate": replicate}
            metrics.append({**row, "sparsity": truth["sparsity"], "epochs": truth["epochs"]})
            cost.append({**row, "seconds_per_epoch": 1.0 + rng.normal(0, 0.001)})
            generalisation.append({**row, "gap_db": truth["gap_db"] + rng.normal(0, 0.01)})
            for epoch in range(1, truth["epochs"] + 1):
                validation = 0.1 + 0.001 * abs(epoch - truth["best_epoch"]) * truth["excess"] + (epoch == 1) * 0.1
                validation += 1e-6 * (epoch != truth["best_epoch"])
                losses = {"train_loss": validation * (1 - truth["lag"]), "validation_loss": validation}
                history.append({**row, "epoch": epoch, **losses})
        scores[run] = pd.concat(frames, ignore_index=True)
    tables = {"metrics": metrics, "cost": cost, "history": history, "generalisation": generalisation}
    conditions = {(run.dataset, run.noise, run.variance) for run in scores}
    return Evidence(
        {name: pd.DataFrame(rows) for name, rows in tables.items()},
        scores,
        {condition: baseline_scores(images, baseline) for condition in conditions},
    )


def easiness(images: int) -> np.ndarray:
    """Some images are easy for every model: dB above the average image."""
    easy = np.random.default_rng(0).normal(0, 2, images)
    return easy - easy.mean()


def baseline_scores(images: int, best: float) -> pd.DataFrame:
    easy = easiness(images)
    baselines = [("mean", "", math.nan, best - 5), ("pca", "clipped", 15, best - 2), ("pca", "clipped", 50, best)]
    baselines.append(("wiener", "affine", math.nan, best - 1))
    frames = [
        pd.DataFrame(
            {"baseline": baseline, "variant": variant, "latent": latent, "image": range(images), "psnr": psnr + easy}
            | {"ssim": 0.5, "mse": 0.02, "bce": 0.3}
        )
        for baseline, variant, latent, psnr in baselines
    ]
    return pd.concat(frames, ignore_index=True)


def claim(quantity: str, expected, tolerance: float = 0.0, direction: str | None = None, **fields) -> Claim:
    record = {"id": "made-up", "report": "dense", "source": "nowhere", "statement": "A claim.", "quantity": quantity}
    record |= {"expected": expected, "tolerance": tolerance, "tolerance_reason": "as good as any"}
    return Claim.model_validate(record | {"direction": direction, "evidence": ["metrics"]} | fields)


def verdict(quantity, expected, tolerance=0.0, direction=None, evidence=None, stand_ins=None) -> pd.Series:
    given = claim(quantity, expected, tolerance, direction)
    return judge([given], evidence or study(), stand_ins, seed=7).iloc[0]


def observed(quantity, **study_options) -> float:
    return verdict(quantity, 0, evidence=study(**study_options)).observed


RISE = f"psnr({MNIST}, latent=100) - psnr({MNIST}, latent=15)"


def rising(rise: float) -> Evidence:
    """A study whose PSNR rises by so many dB from a latent of 15 to one of 100."""
    return study(LATENT_RUNS, lambda run: as_published(run) | {"psnr": 20 + rise * (run.latent - 15) / 85})
