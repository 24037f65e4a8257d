"""Contender (a): the study's own engine. See protocol.py; the turn is described by a JSON object as the argument."""

import itertools
import json
import sys

import numpy as np
import torch
from protocol import answer

from aestudy.base import seeds
from aestudy.network.autoencoder import create
from aestudy.training import hardware
from aestudy.training.engine import Engine
from aestudy.training.feed import Feed
from aestudy.training.stack import Stack

NETWORKS = {
    "dense": {"architecture": "dense", "hidden": [512, 256], "latent_activation": "linear"},
    "conv": {"architecture": "conv", "filters": [64, 64], "kernel": 3, "dropout": 0.2, "dropout_after": "encoder"},
}
NOISES = {"dense": None, "conv": {"kind": "gaussian", "clip": True, "draw": "once"}}


def identity(model: str, latent: int) -> dict:
    """The run of the paper study that has this model (see aestudy.plan.identity)."""
    return {
        "latent": latent if model == "dense" else None,
        "network": NETWORKS[model],
        "noise": NOISES[model],
        "seed": 1,
        "training": {"initialisation": "pytorch", "validation": {"source": "test"}},
        "variance": 0.25,
    }


def contender(
    model: str,
    data: str,
    images: int,
    threads: int,
    precision: str = "fp32",
    replicates: int = 1,
    latent: int = 100,
    stacked: bool = False,
):
    """A function that trains every replicate for an epoch of `images` images and returns the images seen."""
    hardware.prepare(threads)
    device = hardware.select_device("auto")
    precision = hardware.select_precision(precision, device)
    run = identity(model, latent)
    array = np.load(data, mmap_mode="r")[:images]
    groups = [list(range(replicates))] if stacked else [[replicate] for replicate in range(replicates)]
    parts = []
    for group in groups:
        feed = Feed(run, group, array, array[:1], device)
        networks = [create(run, array.shape[1:], r).to(device, memory_format=torch.channels_last) for r in group]
        engine = Engine(Stack(networks, 1e-3, 1e-8, precision), feed.inputs, feed.images, 128, None)
        parts.append((group, feed, engine))
    epochs = itertools.count(1)

    def train() -> int:
        epoch = next(epochs)
        for group, feed, engine in parts:
            feed.draw_noise(epoch)
            engine.epoch(*feed.order(epoch), [seeds.torch_generator(1, r, "dropout", epoch, device) for r in group])
        return images * replicates

    return train


if __name__ == "__main__":
    answer(contender(**json.loads(sys.argv[1])))
