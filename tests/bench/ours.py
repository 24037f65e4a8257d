"""Contender (a): the study's own engine. See protocol.py; the turn is described by a JSON object as the argument."""

import itertools
import json
import sys

import numpy as np
import torch
from protocol import answer

from aestudy.base.identity import Identity
from aestudy.network import hardware
from aestudy.network.autoencoder import create
from aestudy.tools import subjects
from aestudy.training import losses
from aestudy.training.data import TrainingData
from aestudy.training.engine import Engine
from aestudy.training.stack import Stack


def trainer(
    identity: Identity, group: list[int], array: np.ndarray, device: torch.device, precision: str
) -> tuple[TrainingData, Engine]:
    """What trains the replicates of a group side by side on uint8 images (n, c, h, w). precision: fp32 or bf16."""
    settings = identity.training
    feed = TrainingData(identity, group, array, array[:1], device)
    networks = [create(identity, array.shape[1:], r).to(device, memory_format=torch.channels_last) for r in group]
    stack = Stack(networks, settings.learning_rate, settings.adam_epsilon, precision)
    loss = losses.select(settings.loss, networks[0].gives)
    return feed, Engine(stack, feed, settings.batch_size, loss, None)


def contender(
    model: str,
    data: str,
    images: int,
    threads: int,
    precision: str = "fp32",
    replicates: int = 1,
    latent: int = subjects.LATENT,
    stacked: bool = False,
):
    """A function that trains every replicate for an epoch of `images` images and returns the images seen."""
    hardware.prepare(threads)
    device = hardware.select_device("auto")
    precision = hardware.select_precision(precision, device)
    identity = subjects.identity(model, precision, epochs=1)
    if model == "dense":
        identity = identity.model_copy(update={"latent": latent})
    array = np.load(data, mmap_mode="r")[:images]
    groups = [list(range(replicates))] if stacked else [[replicate] for replicate in range(replicates)]
    parts = [(group, *trainer(identity, group, array, device, precision)) for group in groups]
    epochs = itertools.count(1)

    def train() -> int:
        epoch = next(epochs)
        for group, feed, engine in parts:
            feed.draw_noise(epoch)
            masks = [torch.Generator(device).manual_seed(identity.key(r, "dropout", epoch)) for r in group]
            engine.epoch(*feed.order(epoch), masks)
        return images * replicates

    return train


if __name__ == "__main__":
    answer(contender(**json.loads(sys.argv[1])))
