"""Scores of a trained replicate by another protocol: other noise, other images, other definitions of the scores."""

import numpy as np
import pandas as pd
import torch

from aestudy import feed, scores
from aestudy.autoencoder import Autoencoder
from aestudy.evaluation import TRAINING_IMAGES, test_pair
from aestudy.inference import restore


def rescore(
    model: Autoencoder,
    identity: dict,
    replicate: int,
    train_images: np.ndarray,
    test_images: np.ndarray,
    noisy_test: np.ndarray | None,
    protocol: dict,
) -> pd.DataFrame:
    """Score a trained model as a protocol asks.

    train_images, test_images: uint8 (n, c, h, w); noisy_test: float32 of the same shape as test_images, or None for a
    test without noise. protocol: images (test, training), ssim, reference, data_range (see protocols.OtherScore).
    Returns per image: image, psnr, ssim, mse (in units of the squared data range), psnr_noisy, ssim_noisy (the last
    two NaN without noise).
    """
    if protocol["images"] == "training":
        clean, inputs = _trained_on(identity, replicate, train_images)
    else:
        clean, inputs = test_pair(test_images, noisy_test, torch.device("cpu"))
    restored, _ = restore(model, inputs)
    noisy = inputs is not clean
    clean, inputs, restored = clean.numpy(), inputs.numpy(), restored.numpy()

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


def _trained_on(identity: dict, replicate: int, train_images: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Clean and input images that the replicate learnt from in its last epoch, the first 10,000 of them."""
    chosen, _ = feed.split(identity, replicate, len(train_images))
    clean = feed.to_device(train_images[chosen], torch.device("cpu"))
    each = identity["noise"] is not None and identity["noise"]["draw"] == "each_epoch"
    last = identity["training"]["epochs"] if each else 0
    noisy = feed.corrupt(clean, identity, replicate, "training-noise", last)
    clean_part = clean[:TRAINING_IMAGES]
    return clean_part, clean_part if noisy is clean else noisy[:TRAINING_IMAGES]
