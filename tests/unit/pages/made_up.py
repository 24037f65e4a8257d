"""Tables and labels that the tests of this folder share."""

import numpy as np
import pandas as pd

from aestudy.base.run import Run
from aestudy.figures.data import Labels

LABEL = Labels({"dataset": {"mnist": "MNIST"}, "model": {"dense3": "3 layers"}})
RUNS = [Run("mnist", "dense3", latent, 0.0, "none", 0.0) for latent in (15, 50, 100)]
NOISY = Run("mnist", "conv", None, 0.0, "gaussian", 0.25)


def scores(run: Run, psnr: float, replicate: int = 0) -> dict:
    noisy = (
        {"psnr_noisy": 9.3, "ssim_noisy": 0.3} if run.noise != "none" else {"psnr_noisy": np.nan, "ssim_noisy": np.nan}
    )
    keys = run.keys | {"latent": run.latent or 3136, "replicate": replicate}
    return keys | {"psnr": psnr, "ssim": psnr / 100, "bce": 0.1} | noisy


METRICS = pd.DataFrame(
    [
        scores(run, psnr, r)
        for run, psnr in zip(RUNS, (20.0, 23.0, 25.0), strict=True)
        for r, psnr in enumerate((psnr, psnr + 1))
    ]
    + [scores(NOISY, 19.0)]
)
BASELINES = pd.DataFrame(
    [
        ("mnist", "none", 0.0, "pca", "raw", 15, 16.1, 0.5, 0.2),
        ("mnist", "none", 0.0, "pca", "raw", 50, 20.4, 0.6, 0.2),
        ("mnist", "none", 0.0, "mean_image", "raw", 0, 11.7, 0.1, 0.4),
        ("mnist", "gaussian", 0.25, "median", "raw", 0, 14.1, 0.4, 0.3),
        ("mnist", "gaussian", 0.25, "median", "affine", 0, 15.6, 0.5, 0.3),
        ("mnist", "gaussian", 0.25, "affine", "raw", 0, 17.7, 0.6, 0.3),
    ],
    columns=["dataset", "noise", "variance", "baseline", "variant", "latent", "psnr", "ssim", "bce"],
)


def claim(**changes) -> dict:
    row = {
        "id": "dense-1a-15",
        "report": "dense",
        "statement": "A latent of 15 reaches *about* 20 dB.",
        "expected": "20",
        "observed": "20.5",
        "ci_low": "20.25",
        "ci_high": "20.75",
        "tolerance": "1.0",
        "verdict": "reproduced",
        "reason": "observed 20.5 dB [20.25, 20.75] is within 1 dB",
        "evidence": "dense/fig2-1-bottom, metrics; digits standing in for mnist",
        "exploratory": "",
        "read_as": "",
        "unit": "dB",
        "scale": "1.0",
    }
    return row | changes
