"""Scores of a trained network on any test set, taken in several ways: one row of transfer.csv."""

import numpy as np
import torch

from aestudy.base.columns import SSIM_VARIANTS
from aestudy.base.identity import Noise
from aestudy.network.autoencoder import Network
from aestudy.network.inference import restore
from aestudy.scoring import latents, scores
from aestudy.scoring.evaluation import strengths_for, test_pair
from aestudy.scoring.ranks import FIRST


def test_row(
    model: Network,
    test_images: np.ndarray,
    noisy_test: np.ndarray | None,
    sparsity_threshold: float,
    device: torch.device,
    noise: Noise | None = None,
    noise_seed: int | None = None,
) -> dict[str, float]:
    """TEST_VALUES of a network on test images; NaN where the test has no noise.

    test_images: uint8 (n, c, h, w); noisy_test: float32 of the same shape, or None. sparsity_threshold: see
    latents.statistics. noise, noise_seed: what was added to the images, for networks that are told its strength.
    """
    model = model.to(device)
    clean, inputs = test_pair(test_images, noisy_test, device)
    restored, latent = restore(model, inputs, strengths_for(model, clean, noise, noise_seed))
    of_clean = None if noisy_test is None else restore(model, clean, strengths_for(model, clean, None))[0].numpy()
    clean, restored = clean.cpu().numpy(), restored.numpy()
    row = {"bce": float(scores.bce(clean, restored).mean()), **latents.statistics(latent.numpy(), sparsity_threshold)}
    for name, images in (("psnr", restored), ("psnr_noisy", noisy_test), ("psnr_clean_input", of_clean)):
        row |= psnr_values(name, clean, images)
    row |= psnr_values("psnr_first_100", clean[:FIRST], restored[:FIRST])
    for variant in SSIM_VARIANTS:
        row[f"ssim_first_100_{variant}"] = float(scores.ssim(clean[:FIRST], restored[:FIRST], variant).mean())
    return row


def psnr_values(name: str, clean: np.ndarray, images: np.ndarray | None) -> dict[str, float]:
    """PSNR in dB of images (n, c, h, w), taken in three ways (see columns.AVERAGES); NaN where there are no images."""
    if images is None:
        return {name: np.nan, f"{name}_pooled": np.nan, f"{name}_own_range": np.nan}
    errors = scores.mse(clean, images)
    span = images.max(axis=(1, 2, 3)) - images.min(axis=(1, 2, 3))
    own = scores.decibel(errors / np.where(span > 0, span, 1.0).astype(np.float64) ** 2)
    return {
        name: float(scores.decibel(errors).mean()),
        f"{name}_pooled": scores.pooled_psnr(errors),
        f"{name}_own_range": float(own.mean()),
    }
