"""The training engine: one replicate of one run, from uint8 images to weights and losses.

The images live on the device, an epoch is one permutation of them, and nothing is copied to the host within it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from aestudy import registry, seeds
from aestudy.autoencoder import Autoencoder, create
from aestudy.errors import UserError

EVALUATION_BATCH = 1_000


@dataclass(frozen=True)
class Trained:
    """A trained replicate."""

    model: Autoencoder
    history: list[dict]
    """Per epoch: epoch (from 1), train_loss, validation_loss (BCE in nats per pixel), validation_source."""
    seconds: float
    """Wall-clock seconds of the training epochs, without validation."""
    images: int
    """Training images seen per epoch."""
    code_size: int
    """Numbers in the latent of one image."""


def select_device(name: str) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`. Raises UserError for `cuda` without a usable GPU."""
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError(
            "The configuration asks for device cuda, and torch finds no usable GPU here. "
            "Set device: auto (or cpu), or run on a machine with an NVIDIA GPU and driver."
        )
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def split(identity: dict, replicate: int, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the training images and of those split off for validation (none if it is the test set)."""
    validation = identity["training"]["validation"]
    if validation["source"] == "test":
        return np.arange(images), np.arange(0)
    order = seeds.numpy_generator(identity["seed"], replicate, "split").permutation(images)
    held_out = max(1, round(images * validation["share"]))
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def to_device(images: np.ndarray, device: torch.device) -> torch.Tensor:
    """Images uint8 (n, c, h, w) as floats in [0, 1] on the device."""
    return torch.from_numpy(np.ascontiguousarray(images)).to(device).float().div_(255)


def corrupt(clean: torch.Tensor, identity: dict, replicate: int | str, purpose: str, epoch: int = 0) -> torch.Tensor:
    """The run's noise on `clean` (n, c, h, w); `clean` itself for a run without noise."""
    noise = identity["noise"]
    if noise is None:
        return clean
    generator = seeds.torch_generator(identity["seed"], replicate, purpose, epoch, clean.device)
    return registry.load("noise", noise["kind"]).add(clean, identity["variance"], noise, generator)


def train(
    identity: dict,
    replicate: int,
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
    report: Callable[[dict], None] = lambda row: None,
) -> Trained:
    """Train replicate `replicate` of the run that `identity` (see plan.identity) describes.

    train_images, test_images: uint8 (n, c, h, w); the test images are read only if they are the validation set.
    report: called with each epoch's row of the history. Raises UserError when the loss is no longer finite.
    """
    settings = identity["training"]
    chosen, held_out = split(identity, replicate, len(train_images))
    source = settings["validation"]["source"]
    clean = to_device(train_images[chosen], device)
    validation_clean = to_device(test_images if source == "test" else train_images[held_out], device)
    validation_input = corrupt(validation_clean, identity, replicate, "validation-noise")

    model = create(identity, tuple(train_images.shape[1:]), replicate).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=settings["learning_rate"], eps=settings["adam_epsilon"], fused=True
    )
    drawn_once = identity["noise"] is None or identity["noise"]["draw"] == "once"
    inputs = corrupt(clean, identity, replicate, "training-noise") if drawn_once else None

    history, seconds = [], 0.0
    for epoch in range(1, settings["epochs"] + 1):
        start = time.perf_counter()
        noisy = inputs if drawn_once else corrupt(clean, identity, replicate, "training-noise", epoch)
        order = torch.randperm(
            len(clean), generator=seeds.torch_generator(identity["seed"], replicate, "order", epoch)
        ).to(device)
        model.set_dropout_generator(seeds.torch_generator(identity["seed"], replicate, "dropout", epoch, device))
        train_loss = _train_epoch(model, optimizer, noisy, clean, order, settings["batch_size"], _penalty(identity))
        seconds += time.perf_counter() - start
        row = {
            "epoch": epoch,
            "train_loss": train_loss,
            "validation_loss": reconstruction_loss(model, validation_input, validation_clean),
            "validation_source": source,
        }
        if not (math.isfinite(train_loss) and math.isfinite(row["validation_loss"])):
            raise UserError(
                f"The loss of replicate {replicate} is {train_loss} after epoch {epoch}: training diverged. "
                f"Lower training.learning_rate (it is {settings['learning_rate']:g}) or the penalty "
                f"(l1 is {identity['l1']:g}), then run again; no weights were kept."
            )
        history.append(row)
        report(row)
    _, latent = restore(model, clean[:1])
    model = model.to("cpu", memory_format=torch.contiguous_format).eval()
    return Trained(model, history, seconds, len(clean), latent.shape[1])


def _penalty(identity: dict) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """lambda times the L1 norm of the latent: its mean, or its sum over units, averaged over the batch."""
    weight = identity["l1"]
    if weight == 0:
        return None
    if identity["training"]["l1_reduction"] == "sum":
        return lambda latent: weight * latent.abs().flatten(1).sum(1).mean()
    return lambda latent: weight * latent.abs().mean()


def _train_epoch(model, optimizer, noisy, clean, order, batch_size, penalty) -> float:
    """One pass over the images in the given order; returns the mean BCE per pixel while training, as Keras does."""
    model.train()
    total = torch.zeros((), device=clean.device)  # kept on the device: one copy to the host per epoch
    for batch in order.split(batch_size):
        target = clean[batch]
        logits, latent = model(target if noisy is clean else noisy[batch])
        bce = functional.binary_cross_entropy_with_logits(logits, target)
        loss = bce if penalty is None else bce + penalty(latent)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += bce.detach() * len(batch)
    return (total / len(order)).item()


@torch.inference_mode()
def reconstruction_loss(model: Autoencoder, inputs: torch.Tensor, clean: torch.Tensor) -> float:
    """Mean BCE per pixel in nats of the restored `inputs` against `clean`, both (n, c, h, w)."""
    model.eval()
    total = torch.zeros((), device=clean.device)
    for start in range(0, len(clean), EVALUATION_BATCH):
        part = slice(start, start + EVALUATION_BATCH)
        logits, _ = model(inputs[part])
        total += functional.binary_cross_entropy_with_logits(logits, clean[part], reduction="sum")
    return (total / clean.numel()).item()


@torch.inference_mode()
def restore(model: Autoencoder, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Restored images in [0, 1] (n, c, h, w) and latent values (n, k), on the CPU, for inputs (n, c, h, w)."""
    model.eval()
    parts = [model(inputs[start : start + EVALUATION_BATCH]) for start in range(0, len(inputs), EVALUATION_BATCH)]
    restored = torch.cat([torch.sigmoid(logits) for logits, _ in parts])
    return restored.cpu(), torch.cat([latent.flatten(1) for _, latent in parts]).cpu()
