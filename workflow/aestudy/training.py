"""Training: replicates of one run, from uint8 images to weights and losses.

The images live on the device, and an epoch is one permutation of them (see aestudy.engine for what happens in it).
"""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aestudy import seeds
from aestudy.autoencoder import Autoencoder, create
from aestudy.checkpoint import Keeper
from aestudy.engine import Engine, Penalty
from aestudy.errors import UserError
from aestudy.feed import Feed
from aestudy.hardware import select_precision
from aestudy.inference import reconstruction_loss, restore
from aestudy.stack import Stack


@dataclass(frozen=True)
class Trained:
    """A trained replicate."""

    model: Autoencoder
    history: list[dict]
    """Per epoch: epoch (from 1), train_loss, validation_loss (BCE in nats per pixel), validation_source."""
    epoch_seconds: float
    """Wall-clock seconds of the median training epoch, without validation; of a stack, its share."""
    images: int
    """Training images seen per epoch."""
    code_size: int
    """Numbers in the latent of one image."""
    precision: str
    """fp32 or bf16: what the network computed in."""


def stacks(replicates: Sequence[int], device: torch.device) -> list[list[int]]:
    """Which replicates are trained side by side: all on a GPU, which one of them leaves idle; each alone on a CPU."""
    return [list(replicates)] if device.type == "cuda" else [[replicate] for replicate in replicates]


def train(
    identity: dict,
    replicates: Sequence[int],
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
    report: Callable[[int, dict], None] = lambda replicate, row: None,
    keeper: Keeper | None = None,
) -> list[Trained]:
    """Train `replicates` of the run that `identity` (see plan.identity) describes, side by side.

    train_images, test_images: uint8 (n, c, h, w); the test images are read only if they are the validation set.
    report: called with the replicate and its row of the history after each epoch. keeper: where checkpoints go; what it
    holds is continued. Raises UserError when the loss is no longer finite.
    """
    settings = identity["training"]
    precision = select_precision(settings["precision"], device)
    feed = Feed(identity, replicates, train_images, test_images, device)
    shape = tuple(train_images.shape[1:])
    stack = Stack(
        [create(identity, shape, r).to(device, memory_format=torch.channels_last) for r in replicates],
        settings["learning_rate"],
        settings["adam_epsilon"],
        precision,
    )
    engine = Engine(stack, feed.inputs, feed.images, settings["batch_size"], _penalty(identity))

    first, seconds, histories = 1, [], [[] for _ in replicates]
    if keeper is not None and (found := keeper.load()) is not None:
        progress, state = found
        stack.load(state)
        first, seconds, histories = progress["epoch"] + 1, progress["seconds"], progress["histories"]
    for epoch in range(first, settings["epochs"] + 1):
        start = time.perf_counter()
        feed.draw_noise(epoch)
        generators = [seeds.torch_generator(identity["seed"], r, "dropout", epoch, device) for r in replicates]
        losses = engine.epoch(*feed.order(epoch), generators)
        seconds.append(time.perf_counter() - start)
        for replicate, model, loss, history, validation in zip(
            replicates, stack.unstack(), losses, histories, feed.validation, strict=True
        ):
            row = {
                "epoch": epoch,
                "train_loss": loss,
                "validation_loss": reconstruction_loss(model, *validation),
                "validation_source": settings["validation"]["source"],
            }
            _refuse_divergence(identity, replicate, row)
            history.append(row)
            report(replicate, row)
        stack.template.train()
        if keeper is not None:
            progress = {"epoch": epoch, "seconds": seconds, "histories": histories}
            keeper.save(progress, stack.state(), last=epoch == settings["epochs"])
    trained = []
    for model, history in zip(stack.unstack(), histories, strict=True):
        model = model.to("cpu", memory_format=torch.contiguous_format).eval()
        _, latent = restore(model, torch.zeros(1, *shape))
        share = statistics.median(seconds) / len(stack)
        trained.append(Trained(model, history, share, feed.chosen.shape[1], latent.shape[1], precision))
    return trained


def _refuse_divergence(identity: dict, replicate: int, row: dict) -> None:
    if math.isfinite(row["train_loss"]) and math.isfinite(row["validation_loss"]):
        return
    raise UserError(
        f"The loss of replicate {replicate} is {row['train_loss']} after epoch {row['epoch']}: training diverged. "
        f"Lower training.learning_rate (it is {identity['training']['learning_rate']:g}) or the penalty "
        f"(l1 is {identity['l1']:g}), then run again; no weights were kept."
    )


def _penalty(identity: dict) -> Penalty | None:
    """lambda times the L1 norm of the latent: its mean, or its sum over units, averaged over the batch."""
    weight = identity["l1"]
    if weight == 0:
        return None
    if identity["training"]["l1_reduction"] == "sum":
        return lambda latent: weight * latent.abs().flatten(2).sum(2).mean(1)
    return lambda latent: weight * latent.abs().flatten(1).mean(1)
