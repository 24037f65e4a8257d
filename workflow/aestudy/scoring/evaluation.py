"""Scores of a trained replicate on every test image."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from aestudy.base import seeds
from aestudy.base.identity import Identity
from aestudy.network.autoencoder import Network
from aestudy.network.inference import restore
from aestudy.network.inputs import add_noise, split, to_device
from aestudy.replicates import store
from aestudy.replicates.manifest import Manifest
from aestudy.scoring import scores

TRAINING_IMAGES = 10_000
"""Training images that the generalisation gap is measured on: as many as the reports' test sets hold."""


RANKS = ["worst", "median", "best"]
"""Images of a run that are kept beside its examples, by their place in the order of PSNR."""


@dataclass(frozen=True)
class Evaluated:
    """What is kept of an evaluated replicate."""

    scores: pd.DataFrame
    """Per test image: image, psnr, ssim, mse, bce, psnr_noisy, ssim_noisy (the last two NaN without noise)."""
    metrics: dict
    """Per replicate: psnr, psnr_pooled, ssim, mse, bce, psnr_noisy, ssim_noisy, gain_db, sparsity, latent_mean."""
    generalisation: dict
    """psnr_train: mean PSNR in dB over (at most 10,000 of) the images trained on; psnr_test; gap_db: the difference."""
    restored: np.ndarray
    """Restored test images, float32 (n, c, h, w) in [0, 1]."""


def evaluate(
    model: Network,
    identity: Identity,
    replicate: int,
    train_images: np.ndarray,
    test_images: np.ndarray,
    noisy_test: np.ndarray | None,
    ssim: str,
    sparsity_threshold: float,
    device: torch.device,
) -> Evaluated:
    """Score a trained model.

    train_images, test_images: uint8 (n, c, h, w); noisy_test: float32 of the same shape as test_images, or None for a
    run without noise. ssim: variant (see scores.ssim). sparsity_threshold: magnitude below which a latent value counts
    as zero.
    """
    model = model.to(device)
    clean, inputs = test_pair(test_images, noisy_test, device)
    restored, latent = restore(model, inputs)
    clean, restored = clean.cpu().numpy(), restored.numpy()

    table = scores.score_images(clean, restored, ssim)
    table["psnr_noisy"] = np.nan if noisy_test is None else scores.psnr(clean, noisy_test)
    table["ssim_noisy"] = np.nan if noisy_test is None else scores.ssim(clean, noisy_test, ssim)
    table.insert(0, "image", np.arange(len(table)))

    metrics = {
        "psnr": table["psnr"].mean(),
        "psnr_pooled": scores.pooled_psnr(table["mse"].to_numpy()),
        **{name: table[name].mean() for name in ("ssim", "mse", "bce", "psnr_noisy", "ssim_noisy")},
        "gain_db": (table["psnr"] - table["psnr_noisy"]).mean(),
        **latent_statistics(latent.numpy(), sparsity_threshold),
    }
    psnr_train = _training_psnr(model, identity, replicate, train_images, device)
    gap = {"psnr_train": psnr_train, "psnr_test": metrics["psnr"], "gap_db": psnr_train - metrics["psnr"]}
    return Evaluated(table, metrics, gap, restored)


def replicates(
    weights: Iterable[str | Path], noisy: Sequence[np.ndarray], shape: tuple[int, int, int]
) -> Iterator[tuple[int, Network, Manifest, np.ndarray | None]]:
    """The trained replicates of a run: number, model, manifest, and the noisy images that it is tested on, if any.

    weights: the file of each. noisy: none, one for all, or one of each. shape: of an image (c, h, w).
    """
    for replicate, path in enumerate(weights):
        model, manifest = store.load_model(Path(path).parent, shape)
        yield replicate, model, manifest, noisy[min(replicate, len(noisy) - 1)] if noisy else None


def test_pair(
    test_images: np.ndarray, noisy_test: np.ndarray | None, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Clean and input test images on the device (see `evaluate`); one and the same tensor for a test without noise."""
    clean = to_device(test_images, device)
    return clean, clean if noisy_test is None else torch.from_numpy(np.array(noisy_test)).to(device)


def examples(test_images: np.ndarray, noisy_test: np.ndarray | None, restored: np.ndarray, count: int) -> np.ndarray:
    """Clean, input and output of the first `count` test images, float32 (3, count, c, h, w) in [0, 1]."""
    return _pictures(test_images, noisy_test, restored, np.arange(min(count, len(test_images))))


def extremes(
    test_images: np.ndarray, noisy_test: np.ndarray | None, restored: np.ndarray, scored: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """The worst, the median and the best restored test image by PSNR.

    scored: scores per image (see Evaluated). Returns their rows, in that order, with a column `rank` in front, and
    their clean, input and output pictures, float32 (3, 3, c, h, w) in [0, 1]. Of an even number of images, the median
    is the lower one of the middle.
    """
    order = scored["psnr"].to_numpy().argsort(kind="stable")
    chosen = order[[0, (len(order) - 1) // 2, -1]]
    rows = scored.iloc[chosen].reset_index(drop=True)
    rows.insert(0, "rank", RANKS)
    return rows, _pictures(test_images, noisy_test, restored, chosen)


def _pictures(test_images, noisy_test, restored, chosen: np.ndarray) -> np.ndarray:
    clean = test_images[chosen].astype(np.float32) / 255
    inputs = clean if noisy_test is None else noisy_test[chosen]
    return np.stack([clean, inputs, restored[chosen]]).astype(np.float32)


def latent_statistics(latent: np.ndarray, threshold: float) -> dict[str, float]:
    """sparsity: share of latent values (n, k) of magnitude below `threshold`; latent_mean: their mean magnitude.

    The mean magnitude, because the plain mean of a linear latent is near zero whatever the penalty does.
    """
    magnitude = np.abs(latent)
    return {
        "sparsity": float((magnitude < threshold).mean()),
        "latent_mean": float(magnitude.mean(dtype=np.float64)),
    }


def _training_psnr(model, identity: Identity, replicate: int, train_images: np.ndarray, device: torch.device) -> float:
    """Mean PSNR on images that the replicate was trained on, under noise of its own."""
    chosen, _ = split(identity, replicate, len(train_images))
    clean = to_device(train_images[chosen[:TRAINING_IMAGES]], device)
    noisy = add_noise(clean, identity.noise, seeds.key(identity.seed, replicate, "gap-noise"))
    restored, _ = restore(model, noisy)
    return float(scores.psnr(clean.cpu().numpy(), restored.numpy()).mean())
