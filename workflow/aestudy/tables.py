"""Tables of a study from the small files of its runs."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from aestudy.errors import UserError

RUN_KEYS = ["dataset", "model", "latent", "l1", "noise", "variance"]
METRICS = [
    *RUN_KEYS,
    "replicate",
    *("psnr", "psnr_pooled", "ssim", "mse", "bce", "psnr_noisy", "ssim_noisy", "gain_db"),
    *("sparsity", "latent_mean", "epochs"),
]
GENERALISATION = [*RUN_KEYS, "replicate", "psnr_train", "psnr_test", "gap_db"]
ARCHITECTURE = ["dataset", "model", "latent", "part", "layer", "output_shape", "parameters"]
BASELINE_SCORES = ["psnr", "psnr_pooled", "ssim", "mse", "bce"]
COST = [
    *RUN_KEYS,
    "replicate",
    *("parameters", "train_seconds", "seconds_per_epoch", "images_per_second", "peak_memory_mb"),
    *("device", "threads", "precision"),
]


def concatenate(paths: Iterable[str | Path]) -> pd.DataFrame:
    """The rows of several CSV files with equal columns, in the order of the runs' keys."""
    return _sorted(pd.concat([read(path) for path in paths], ignore_index=True))


def read(path: str | Path) -> pd.DataFrame:
    # Only empty cells are missing values: pandas would take a noise called `none` for one.
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    order = [name for name in (*RUN_KEYS, "rung", "variant", "replicate", "epoch") if name in table]
    return table.sort_values(order, kind="stable", ignore_index=True)


def history(manifests: list[dict], histories: list[Path]) -> pd.DataFrame:
    """Losses per epoch of every replicate, from its manifest and its history.csv (two lists in the same order)."""
    parts = []
    for manifest, path in zip(manifests, histories, strict=True):
        keys = manifest["keys"] | {"replicate": manifest["replicate"]}
        part = pd.read_csv(path)
        parts.append(part.assign(**keys)[[*RUN_KEYS, "replicate", *part.columns]])
    return _sorted(pd.concat(parts, ignore_index=True))


def cost(manifests: list[dict]) -> pd.DataFrame:
    """Cost of every replicate from its manifest."""
    rows = [manifest["keys"] | {"replicate": manifest["replicate"]} | manifest["cost"] for manifest in manifests]
    return _sorted(pd.DataFrame(rows)[COST])


def baselines(scores: pd.DataFrame, dataset: str, condition: dict) -> pd.DataFrame:
    """Mean scores of every rung from its scores per image; condition: noise and variance."""
    keys = ["rung", "variant", "latent"]
    table = scores.groupby(keys, sort=False)[["psnr", "ssim", "mse", "bce"]].mean().reset_index()
    table.insert(4, "psnr_pooled", -10 * np.log10(table["mse"]))
    return table.assign(dataset=dataset, **condition)[["dataset", "noise", "variance", *keys, *BASELINE_SCORES]]


def check_against_mean_image(metrics: pd.DataFrame, baselines: pd.DataFrame) -> None:
    """Raise UserError if a network restores worse than the training-mean image, which knows nothing of its input.

    metrics: one row per run and replicate; baselines: one row per rung. Both with psnr in dB (mean per image).
    """
    floor = baselines[baselines["rung"] == "mean_image"][["dataset", "noise", "variance", "psnr"]]
    joined = metrics.merge(floor, on=["dataset", "noise", "variance"], suffixes=("", "_mean_image"), validate="m:1")
    losers = joined[joined["psnr"] < joined["psnr_mean_image"]]
    if len(losers):
        lines = [
            f"  {row.dataset}/{row.model}, latent {row.latent}, l1 {row.l1:g}, {row.noise} {row.variance:g}, "
            f"replicate {row.replicate}: {row.psnr:.2f} dB, mean image {row.psnr_mean_image:.2f} dB"
            for row in losers.itertuples()
        ]
        raise UserError(
            f"{len(losers)} trained network(s) restore worse than the training-mean image:\n"
            + "\n".join(lines)
            + "\nSuch a network has learned nothing: train longer, or change its learning rate or penalty in the "
            "configuration."
        )
