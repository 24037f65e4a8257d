"""Scores of a trained replicate on every test image."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from aestudy.base import seeds
from aestudy.base.columns import FIRST_IMAGES, IMAGE_SCORES, NOISY_SCORES, SCORES
from aestudy.base.identity import Identity, Noise
from aestudy.network.autoencoder import Network
from aestudy.network.inference import restore
from aestudy.network.inputs import add_noise_with_levels, deviations, split, to_device
from aestudy.replicates import store
from aestudy.replicates.manifest import Manifest
from aestudy.scoring import latents, scores
from aestudy.scoring.ranks import FIRST, ranked

TRAINING_IMAGES = 10_000
"""Training images that the generalisation gap is measured on: as many as the reports' test sets hold."""


@dataclass(frozen=True)
class Evaluated:
    """What is kept of an evaluated replicate."""

    scores: pd.DataFrame
    """Per test image: the columns IMAGE_SCORES."""
    metrics: dict
    """Means over the test images and statistics of the latent: METRIC_VALUES, but for the epochs."""
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
    noise_seed: int | None = None,
) -> Evaluated:
    """Score a trained model.

    train_images, test_images: uint8 (n, c, h, w); noisy_test: float32 of the same shape as test_images, or None for a
    run without noise. ssim: variant (see scores.ssim). sparsity_threshold: magnitude below which a latent value counts
    as zero. noise_seed: what the noise was drawn with, for networks that are told its strength.
    """
    model = model.to(device)
    clean, inputs = test_pair(test_images, noisy_test, device)
    strengths = strengths_for(model, clean, identity.noise if noisy_test is not None else None, noise_seed)
    restored, latent = restore(model, inputs, strengths)
    of_clean = None if noisy_test is None else restore(model, clean, strengths_for(model, clean, None))[0].numpy()
    clean, restored = clean.cpu().numpy(), restored.numpy()

    table = score_table(clean, restored, noisy_test, of_clean, ssim)
    metrics = {
        **_means(table),
        "detail": float(np.nanmean(scores.detail(clean, restored))),
        **latents.statistics(latent.numpy(), sparsity_threshold),
    }
    psnr_train = _training_psnr(model, identity, replicate, train_images, device)
    gap = {"psnr_train": psnr_train, "psnr_test": metrics["psnr"], "gap_db": psnr_train - metrics["psnr"]}
    return Evaluated(table, metrics, gap, restored)


def score_table(
    clean: np.ndarray, restored: np.ndarray, noisy: np.ndarray | None, of_clean: np.ndarray | None, ssim: str
) -> pd.DataFrame:
    """Scores per image, the columns IMAGE_SCORES, of images (n, c, h, w) in [0, 1]; noisy ones may lie beyond.

    noisy: the network's input, None where it is the clean image. of_clean: what it makes of the clean images then.
    """
    table = scores.score_images(clean, restored, ssim)
    table["psnr_noisy"] = np.nan if noisy is None else scores.psnr(clean, noisy)
    table["ssim_noisy"] = np.nan if noisy is None else scores.ssim(clean, noisy, ssim)
    table["mse_clean_input"] = np.nan if of_clean is None else scores.mse(clean, of_clean)
    table["psnr_clean_input"] = scores.decibel(table["mse_clean_input"].to_numpy())
    table.insert(0, "image", np.arange(len(table)))
    return table[list(IMAGE_SCORES)]


def _means(table: pd.DataFrame) -> dict:
    """Means over images, pooled PSNRs, and the means over the first hundred images."""
    names = (*SCORES, *NOISY_SCORES, "psnr_clean_input")
    table = table.assign(gain_db=table["psnr"] - table["psnr_noisy"])
    return {
        **table[[*names, "gain_db"]].mean().to_dict(),
        **table[:FIRST][list(FIRST_IMAGES)].mean().add_suffix("_first_100").to_dict(),
        "psnr_pooled": scores.pooled_psnr(table["mse"].to_numpy()),
        "psnr_noisy_pooled": scores.pooled_psnr(10 ** (-table["psnr_noisy"].to_numpy() / 10)),
        "psnr_clean_input_pooled": scores.pooled_psnr(table["mse_clean_input"].to_numpy()),
    }


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


def strengths_for(
    model: Network, clean: torch.Tensor, noise: Noise | None, seed: int | None = None
) -> torch.Tensor | None:
    """Strength of the noise on each image as a standard deviation (n,), for a network that takes it; None for others.

    clean: images (n, c, h, w). noise: what was added to them with `seed`; None for nothing.
    """
    if not model.takes_level:
        return None
    # On the processor, where the noise of test images is drawn: other devices draw other numbers.
    _, levels = add_noise_with_levels(clean.cpu(), noise, seed)
    return deviations(noise, levels, clean.cpu()).to(clean.device)


def pictures(
    test_images: np.ndarray, noisy_test: np.ndarray | None, restored: np.ndarray, scored: pd.DataFrame, count: int
) -> np.ndarray:
    """Clean, input and output of the first `count` test images and of those of `ranked`, in that order.

    Returns float32 (3, count + 3, c, h, w) in [0, 1]; there may be fewer test images than `count`.
    """
    chosen = [*range(min(count, len(test_images))), *ranked(scored).values()]
    clean = test_images[chosen].astype(np.float32) / 255
    inputs = clean if noisy_test is None else noisy_test[chosen]
    return np.stack([clean, inputs, restored[chosen]]).astype(np.float32)


def _training_psnr(model, identity: Identity, replicate: int, train_images: np.ndarray, device: torch.device) -> float:
    """Mean PSNR on images that the replicate was trained on, under noise of its own."""
    chosen, _ = split(identity, replicate, len(train_images))
    clean = to_device(train_images[chosen[:TRAINING_IMAGES]], device)
    seed = seeds.key(identity.seed, replicate, "gap-noise")
    noisy, levels = add_noise_with_levels(clean, identity.noise, seed)
    restored, _ = restore(model, noisy, deviations(identity.noise, levels, clean) if model.takes_level else None)
    return float(scores.psnr(clean.cpu().numpy(), restored.numpy()).mean())
