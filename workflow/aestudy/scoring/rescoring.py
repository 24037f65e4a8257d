"""Scores of a trained replicate by another protocol: other noise, other images, other definitions of the scores."""

import numpy as np
import pandas as pd
import torch

from aestudy.base import seeds
from aestudy.base.identity import Identity
from aestudy.network.autoencoder import Network
from aestudy.network.inference import restore
from aestudy.network.inputs import add_noise, split, to_device
from aestudy.scoring import scores
from aestudy.scoring.evaluation import TRAINING_IMAGES, test_pair


def rescore(
    model: Network,
    identity: Identity,
    replicate: int,
    train_images: np.ndarray,
    test_images: np.ndarray,
    noisy_test: np.ndarray | None,
    protocol: dict,
    device: torch.device,
) -> pd.DataFrame:
    """Score a trained model as a protocol asks.

    train_images, test_images: uint8 (n, c, h, w); noisy_test: float32 of the same shape as test_images, or None for a
    test without noise. protocol: images (test, training), ssim, reference, data_range (see protocols.OtherScore).
    Returns per image: image, psnr, ssim, mse (in units of the squared data range), psnr_noisy, ssim_noisy (the last
    two NaN without noise).
    """
    if protocol["images"] == "training":
        clean, inputs = _trained_on(identity, replicate, train_images, device)
    else:
        clean, inputs = test_pair(test_images, noisy_test, device)
    restored, _ = restore(model.to(device), inputs)
    noisy = inputs is not clean
    clean, inputs, restored = clean.cpu().numpy(), inputs.cpu().numpy(), restored.numpy()

    table = _scores(inputs if protocol["reference"] == "input" else clean, restored, protocol)
    of_input = _scores(clean, inputs, protocol) if noisy else table.assign(psnr=np.nan, ssim=np.nan)
    table = table.assign(psnr_noisy=of_input["psnr"], ssim_noisy=of_input["ssim"])
    table.insert(0, "image", np.arange(len(table)))
    return table


def _scores(reference: np.ndarray, picture: np.ndarray, protocol: dict) -> pd.DataFrame:
    """psnr, ssim and mse of each picture for the protocol's data range: that of both images divided by it is 1."""
    span = {"unit": 1.0, "signed": 2.0}.get(protocol["data_range"])
    if span is None:
        axes = (1, 2, 3)
        span = picture.max(axes, keepdims=True) - picture.min(axes, keepdims=True)
        span = np.where(span > 0, span, 1.0)  # a picture of one grey has no range
    return scores.score_images(reference / span, picture / span, protocol["ssim"]).drop(columns="bce")


def _trained_on(
    identity: Identity, replicate: int, train_images: np.ndarray, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Clean and input images that the replicate was trained on in its last epoch, the first 10,000 of them."""
    chosen, _ = split(identity, replicate, len(train_images))
    clean = to_device(train_images[chosen], device)
    each = identity.noise is not None and identity.noise.parameters.draw == "each_epoch"
    last = identity.training.epochs if each else 0
    noisy = add_noise(clean, identity.noise, seeds.key(identity.seed, replicate, "training-noise", last))
    clean_part = clean[:TRAINING_IMAGES]
    return clean_part, clean_part if noisy is clean else noisy[:TRAINING_IMAGES]
