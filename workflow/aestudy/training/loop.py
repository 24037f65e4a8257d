"""Training: replicates of one run, from uint8 images to weights and losses.

The images are on the device, and an epoch is one permutation of them (see training.engine for what happens in it).
"""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from aestudy.base.errors import UserError
from aestudy.base.identity import Identity
from aestudy.network.autoencoder import Network, create
from aestudy.network.hardware import select_precision
from aestudy.network.inference import outputs
from aestudy.training import losses
from aestudy.training.data import TrainingData, Validation
from aestudy.training.engine import Engine, Penalty
from aestudy.training.losses import Loss
from aestudy.training.stack import Stack


class Checkpoints(Protocol):
    """Where the state of a training is kept while it runs (see training.checkpoint)."""

    def load(self) -> tuple[dict, dict[str, torch.Tensor]] | None:
        """Progress and tensors to continue from, if there are any."""

    def save(self, progress: dict, tensors: dict[str, torch.Tensor], last: bool = False) -> None:
        """Keep progress and tensors, if it is time to; the last ones always."""


@dataclass(frozen=True)
class Result:
    """A trained replicate, before it is stored."""

    model: Network
    history: list[dict]
    """Per epoch: epoch (from 1), train_loss, validation_loss (BCE: in nats per pixel), validation_source."""
    epoch_seconds: float
    """Wall-clock seconds of the median training epoch, without validation; of a stack, its share."""
    images: int
    """Training images seen per epoch."""
    latent_size: int
    """Numbers in the latent of one image."""
    precision: str
    """fp32 or bf16: what the network computed in."""
    elapsed: float
    """Wall-clock seconds of all epochs with their validation; of a stack, its share."""
    captured: str
    """Whether steps were replayed from a captured GPU graph (see Engine.captured)."""
    capture_difference: float | None
    """How far captured steps led from the steps themselves (see Engine.capture_difference)."""


def stacks(identity: Identity, replicates: Sequence[int], device: torch.device) -> list[list[int]]:
    """Which replicates are trained side by side: all on a GPU, which one of them leaves idle; each alone on a CPU.

    A kind of model whose layers cannot be stacked says so in its file.
    """
    together = device.type == "cuda" and getattr(identity.network, "stackable", True)
    return [list(replicates)] if together else [[replicate] for replicate in replicates]


def train(
    identity: Identity,
    replicates: Sequence[int],
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
    report: Callable[[int, dict], None] = lambda replicate, row: None,
    checkpoints: Checkpoints | None = None,
) -> list[Result]:
    """Train `replicates` of the run that `identity` describes, side by side.

    train_images, test_images: uint8 (n, c, h, w); the test images are read only if they are the validation set.
    report: called with the replicate and its row of the history after each epoch. checkpoints: where the state of the
    training is kept; what is found there is continued. Raises UserError when the loss is no longer finite.
    """
    settings = identity.training
    precision = select_precision(settings.precision, device)
    shape = tuple(train_images.shape[1:])
    models = [create(identity, shape, r).to(device, memory_format=torch.channels_last) for r in replicates]
    data = TrainingData(identity, replicates, train_images, test_images, device, models[0].takes_level)
    stack = Stack(models, settings.learning_rate, settings.adam_epsilon, precision)
    loss = losses.select(settings.loss, models[0].gives)
    engine = Engine(stack, data, settings.batch_size, loss, _penalty(identity))

    first, seconds, elapsed, histories = 1, [], 0.0, [[] for _ in replicates]
    if checkpoints is not None and (found := checkpoints.load()) is not None:
        progress, state = found
        stack.load(state)
        first, seconds, elapsed = progress["epoch"] + 1, progress["seconds"], progress["elapsed"]
        histories = progress["histories"]
    for epoch in range(first, settings.epochs + 1):
        start = time.perf_counter()
        data.draw_noise(epoch)
        generators = [torch.Generator(device).manual_seed(identity.key(r, "dropout", epoch)) for r in replicates]
        train_losses = engine.epoch(*data.order(epoch), generators)
        seconds.append(time.perf_counter() - start)
        for replicate, model, train_loss, history, validation in zip(
            replicates, stack.unstack(), train_losses, histories, data.validation, strict=True
        ):
            row = {
                "epoch": epoch,
                "train_loss": train_loss,
                "validation_loss": _validation_loss(model, validation, loss),
                "validation_source": settings.validation.source,
            }
            _refuse_divergence(identity, replicate, row)
            history.append(row)
            report(replicate, row)
        stack.template.train()
        elapsed += time.perf_counter() - start
        if checkpoints is not None:
            progress = {"epoch": epoch, "seconds": seconds, "elapsed": elapsed, "histories": histories}
            checkpoints.save(progress, stack.state(), last=epoch == settings.epochs)
    trained = []
    for model, history in zip(stack.unstack(), histories, strict=True):
        model = model.to("cpu", memory_format=torch.contiguous_format).eval()
        ((_, latent),) = outputs(model, torch.zeros(1, *shape), torch.zeros(1))
        share, size = statistics.median(seconds) / len(stack), latent[0].numel()
        cost = (elapsed / len(stack), engine.captured, engine.capture_difference)
        trained.append(Result(model, history, share, data.chosen.shape[1], size, precision, *cost))
    return trained


@torch.inference_mode()
def _validation_loss(model: Network, validation: Validation, loss: Loss) -> float:
    """The loss on images that are not trained on, against the clean images."""
    total, start = torch.zeros((), device=validation.clean.device), 0
    for output, _ in outputs(model, validation.inputs, validation.levels):
        clean = validation.clean[start : start + len(output)]
        total += loss(output[None], clean[None])[0] * len(output)
        start += len(output)
    return (total / start).item()


def _refuse_divergence(identity: Identity, replicate: int, row: dict) -> None:
    if math.isfinite(row["train_loss"]) and math.isfinite(row["validation_loss"]):
        return
    raise UserError(
        f"The loss of replicate {replicate} is {row['train_loss']} after epoch {row['epoch']}: training diverged. "
        f"Lower training.learning_rate (it is {identity.training.learning_rate:g}) or the penalty "
        f"(l1 is {identity.l1:g}), then run again; no weights were kept."
    )


def _penalty(identity: Identity) -> Penalty | None:
    """lambda times the L1 norm of the latent: its mean, or its sum over units, averaged over the batch."""
    weight = identity.l1
    if weight == 0:
        return None
    if identity.training.l1_reduction == "sum":
        return lambda latent: weight * latent.abs().flatten(2).sum(2).mean(1)
    return lambda latent: weight * latent.abs().flatten(1).mean(1)
