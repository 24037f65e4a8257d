"""How fast networks train on this machine, from a few steps of each on made-up images.

Run as a process of its own, `python -m aestudy.training.pace`, it reads a request as JSON from standard input and
writes a line of JSON as soon as each answer is there: first `parse`, the seconds in which Python parses `PARSED`, then
for each network its number in the request (`network`) and `seconds_per_image`. request: `device` (as in the
configuration), `seconds` (to spend on all networks) and `networks`, each with `identity`, `shape` (channels, height,
width) and `replicates`.
"""

import argparse
import ast
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from aestudy.base.identity import Identity
from aestudy.network import hardware
from aestudy.training import loop

PARSED = Path(argparse.__file__)
"""A hundred kilobytes of Python: jobs spend seconds on starting Python and libraries, which is work of this kind."""
BATCHES = (2, 16)
"""Batches per epoch, with which a network is tried one after the other: a slow one is not tried with the second."""
EPOCHS = 3
ENOUGH = 0.2
"""Seconds of an epoch that can be relied on."""


def seconds_per_image(
    identity: Identity, replicates: Sequence[int], shape: Sequence[int], device: torch.device
) -> float:
    """Seconds that each image costs in each epoch of a training, its share of the validation included.

    Of a stack of replicates that are trained side by side, the share of one. shape: channels, height and width.
    """
    identity = identity.model_copy(update={"training": identity.training.model_copy(update={"epochs": EPOCHS})})
    per_image = seconds = 0.0
    for batches in BATCHES:
        if seconds < ENOUGH:
            seconds, images = _epoch(identity, replicates, shape, device, batches * identity.training.batch_size)
            per_image = seconds / (images * len(replicates))
    return per_image


def _epoch(
    identity: Identity, replicates: Sequence[int], shape: Sequence[int], device: torch.device, count: int
) -> tuple[float, int]:
    """Seconds of an epoch after the first one, which also sets things up, and the images in it."""
    images = np.random.default_rng(0).integers(0, 256, (count, *shape), np.uint8)
    ends = []

    def report(replicate: int, row: dict) -> None:
        if replicate == replicates[-1]:
            ends.append(time.perf_counter())

    results = loop.train(identity, replicates, images, images[: max(1, count // 6)], device, report)
    return statistics.median(np.diff(ends)), results[0].images


def seconds_to_parse(times: int = 9) -> float:
    """Median seconds in which Python parses `PARSED`."""
    text = PARSED.read_text(encoding="utf-8")

    def once() -> float:
        start = time.perf_counter()
        ast.parse(text)
        return time.perf_counter() - start

    return statistics.median(once() for _ in range(times))


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    print(json.dumps({"parse": seconds_to_parse()}), flush=True)
    hardware.prepare(threads=1)
    device = hardware.select_device(request["device"])
    torch.zeros(1, device=device)  # the GPU, if it is one, is set up
    began = time.perf_counter()
    for number, network in enumerate(request["networks"]):
        if time.perf_counter() - began > request["seconds"]:
            break
        identity = Identity.from_params(network["identity"])
        (stack, *_) = loop.stacks(identity, range(network["replicates"]), device)
        seconds = seconds_per_image(identity, stack, network["shape"], device)
        print(json.dumps({"network": number, "seconds_per_image": seconds}), flush=True)


if __name__ == "__main__":
    main()
