"""Where the time of one training step goes: `python tests/bench/step.py`, on one thread unless told otherwise.

The parts of the engine are timed by replacing each of them with itself and a clock around it. The matrix products of
the dense model are timed apart, as in limit.py, so that what remains of the forward and the backward pass (biases,
activations, conversions, autograd, Python) is the difference. For a CPU: a GPU returns before it has computed.
"""

import argparse
import functools
import statistics
import time
from collections import Counter
from pathlib import Path

import limit
import numpy as np
import ours
import torch
from bench import prepare_data

from aestudy.network import hardware
from aestudy.tools import subjects
from aestudy.training import engine, stack


def timed(function, name: str, seconds: Counter):
    """A function that does the same and adds its time to seconds[name]."""

    @functools.wraps(function)
    def call(*arguments, **named):
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds[name] += time.perf_counter() - start

    return call


def instrument(trainer: engine.Engine, seconds: Counter) -> None:
    """Put a clock around each part of a step."""
    trainer.loss = timed(trainer.loss, "loss", seconds)
    engine._take = timed(engine._take, "images", seconds)
    stack.Stack.__call__ = timed(stack.Stack.__call__, "forward pass", seconds)
    stack.copy_all = timed(stack.copy_all, "gradients to one vector", seconds)
    stack.Adam.step = timed(stack.Adam.step, "Adam and rounded copies", seconds)
    torch.Tensor.backward = timed(torch.Tensor.backward, "backward pass", seconds)


def milliseconds(turn, steps: int) -> float:
    """Time of one step, of a function that makes `steps` of them."""
    start = time.perf_counter()
    turn()
    return 1e3 * (time.perf_counter() - start) / steps


def main() -> None:
    """Print the parts of a step: medians over the turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads of the training (1)")
    parser.add_argument("--turns", type=int, default=9, help="epochs that are timed (9)")
    parser.add_argument("--images", type=int, default=12_800, help="images of an epoch (12,800)")
    given = parser.parse_args()
    hardware.prepare(given.threads)
    device = torch.device("cpu")
    precision = hardware.select_precision("auto", device)
    array = np.load(prepare_data(Path("results/bench/data"))[0], mmap_mode="r")[: given.images]
    identity = subjects.identity("dense", precision, epochs=1)
    feed, trainer = ours.trainer(identity, [0], array, device, precision)
    seconds: Counter = Counter()
    instrument(trainer, seconds)
    steps = -(-given.images // trainer.batch_size)
    calls = limit.products(subjects.LATENT, trainer.stack.dtype, device)

    turns = []
    for epoch in range(1, given.turns + 2):
        order = feed.order(epoch)
        seconds.clear()
        whole = milliseconds(lambda order=order: trainer.epoch(*order, [torch.Generator()]), steps)
        parts = {name: 1e3 * value / steps for name, value in seconds.items()}
        with torch.inference_mode():
            products = milliseconds(lambda: [call() for _ in range(steps) for call in calls], steps)
        other = whole - sum(parts.values())
        turns.append({"whole": whole, **parts, "everything else": other, "matrix products by themselves": products})
    turns = turns[1:]  # the first chooses algorithms and fills caches
    for name in turns[0]:
        print(f"{name:32} {statistics.median(turn[name] for turn in turns):6.2f} ms")


if __name__ == "__main__":
    main()
