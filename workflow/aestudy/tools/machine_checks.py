"""What `gpu-check` compares and times: each check has a measured value, a bound, and says whether it is kept.

Needs Python, torch and numpy alone.
"""

import copy
import functools
import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aestudy.base.errors import UserError
from aestudy.base.identity import Identity
from aestudy.network import hardware
from aestudy.network.autoencoder import create
from aestudy.network.hardware import select_precision
from aestudy.tools import subjects
from aestudy.training import capture, loop
from aestudy.training.data import TrainingData
from aestudy.training.loop import Result

REPLICATES = 3
EPOCHS, RESUMED_FROM = 2, 1
"""Of the trainings that are compared, and after which of them the resumed one starts."""
TIMED_EPOCHS = 3
"""The median counts, so that the first epoch, in which libraries choose their algorithms, does not."""
SIDE_BY_SIDE = 10
ENGINE, PLAIN = "engine", "plain loop"
WAYS = ((ENGINE, 1), (ENGINE, SIDE_BY_SIDE), (PLAIN, 1))
"""What is timed: how it is trained, and how many replicates side by side."""
EPOCH = 60_000
"""Images that times are given for: the training images of MNIST."""

# Largest relative difference of a loss between two ways to compute the same training. Rounding in another order changes
# a sum in its last digit, and Adam's first steps have the size of the learning rate in whatever direction the rounding
# decides where a gradient is nearly zero, so differences grow with every step. On a CPU they were 2e-4 at most in fp32
# and 3e-3 in bf16. Replicates differ from each other by 1e-2 to 2e-2 in these losses: a training that uses the
# parameters, the order, the noise or the masks of another replicate is beyond all of these bounds.
ROUNDING = {"fp32": 1e-3, "tf32": 3e-3, "bf16": 1e-2}
"""By the numbers that products are computed in; NVIDIA's convolutions of fp32 round their factors to tf32."""
# Two epochs brought the losses to 0.7 to 0.9 of the first epoch's.
FALL = 0.95
"""Largest share of the first epoch's training loss that may be left in the last one."""


@dataclass(frozen=True)
class Check:
    """A comparison: kept where `measured` is at most `bound`."""

    name: str
    model: str
    precision: str
    measured: float | None
    """None where it could not be measured; `found` says why."""
    bound: float
    passed: bool
    found: str
    """What was found, in words."""


@dataclass(frozen=True)
class Timing:
    """What an epoch took."""

    model: str
    way: str
    """ENGINE or PLAIN."""
    replicates: int
    """Trained side by side."""
    precision: str
    images: int
    """Images per epoch and replicate that were really trained on."""
    seconds: float
    """Seconds of all replicates for an epoch of 60,000 images each, in proportion."""
    images_per_second: float
    """Images of all replicates."""
    peak_memory_mb: float
    """Of the GPU while this was timed; on a CPU of the process since its start."""
    captured: str
    """See Engine.captured; `no: ...` for the plain loop."""


class Memory:
    """Checkpoints in memory, one per epoch (see loop.Checkpoints)."""

    def __init__(self):
        self.kept: dict[int, tuple[dict, dict[str, torch.Tensor]]] = {}
        self.start: int | None = None

    def load(self) -> tuple[dict, dict[str, torch.Tensor]] | None:
        """What was kept after the epoch `start`; None where that is None."""
        return None if self.start is None else copy.deepcopy(self.kept[self.start])

    def save(self, progress: dict, tensors: dict[str, torch.Tensor], last: bool = False) -> None:
        """Keep copies: training goes on in the same lists and tensors."""
        kept = {name: tensor.detach().clone() for name, tensor in tensors.items()}
        self.kept[progress["epoch"]] = copy.deepcopy(progress), kept


def rounding(model: str, precision: str, device: torch.device) -> float:
    """The bound on the relative difference of losses (see ROUNDING)."""
    if precision == "fp32" and model == "conv" and device.type == "cuda" and torch.backends.cudnn.allow_tf32:
        return ROUNDING["tf32"]
    return ROUNDING[precision]


def largest_difference(results: Sequence[Result], others: Sequence[Result]) -> float:
    """Largest relative difference of a loss of the same replicate, epoch and kind; infinite if one is no number."""
    pairs = [
        (row[name], other[name])
        for one, another in zip(results, others, strict=True)
        for row, other in zip(one.history, another.history, strict=True)
        for name in ("train_loss", "validation_loss")
    ]
    differences = [abs(a / b - 1) if b else math.inf for a, b in pairs]
    return max(value if math.isfinite(value) else math.inf for value in differences)


def largest_weight_difference(one: Result, other: Result) -> float:
    """Largest difference of a weight of two networks; 0 where all are the same to the bit."""
    weights, others = one.model.state_dict(), other.model.state_dict()
    if all(torch.equal(weights[name], others[name]) for name in weights):
        return 0.0
    return max((weights[name] - others[name]).abs().max().item() for name in weights)


class Trainings:
    """The trainings of a model in a precision that are compared with each other; each is made when it is first used."""

    def __init__(self, model: str, precision: str, device: torch.device, images: int):
        """images: training images, some more validate."""
        self.model, self.precision, self.device = model, precision, device
        self.identity = subjects.identity(model, precision, EPOCHS)
        self.train_images = subjects.images(images)
        self.test_images = subjects.images(max(images // 5, 2), subjects.SEED + 1)
        self.memory = Memory()

    def train(
        self, replicates: Iterable[int], checkpoints: Memory | None = None, identity: Identity | None = None
    ) -> list[Result]:
        """Train replicates side by side; as `self.identity` says, unless another is given."""
        images = (self.train_images, self.test_images)
        return loop.train(identity or self.identity, list(replicates), *images, self.device, checkpoints=checkpoints)

    @functools.cached_property
    def alone(self) -> list[Result]:
        """Replicates, one after another; checkpoints of the first are in `self.memory`."""
        return [self.train([r], self.memory if r == 0 else None)[0] for r in range(REPLICATES)]

    @functools.cached_property
    def together(self) -> list[Result]:
        """The same replicates side by side."""
        return self.train(range(REPLICATES))

    def fall(self) -> tuple[float, str]:
        """The largest share of the first epoch's training loss that is left in the last one, and both in words."""
        curves = [[row["train_loss"] for row in result.history] for result in self.alone]
        first, last = (statistics.mean(curve[end] for curve in curves) for end in (0, -1))
        return max(curve[-1] / curve[0] for curve in curves), f"from {first:.3f} to {last:.3f} nats per pixel"

    def side_by_side(self) -> tuple[float, str]:
        """Largest relative difference of a loss between replicates side by side and alone."""
        return largest_difference(self.together, self.alone), f"losses of {REPLICATES} replicates, {EPOCHS} epochs"

    def resumption(self) -> tuple[float, str]:
        """How far a resumed training is from the uninterrupted one.

        On a CPU the same bits are promised, so weights are compared; on a GPU libraries may sum in another order each
        time they run, so losses are, and the words say whether the weights are the same.
        """
        whole = self.alone[0]
        self.memory.start = RESUMED_FROM
        (resumed,) = self.train([0], self.memory)
        weights = largest_weight_difference(resumed, whole)
        found = "weights are the same to the bit" if weights == 0 else f"weights differ by up to {weights:.2g}"
        return (weights if self.device.type == "cpu" else largest_difference([resumed], [whole])), found

    def plain(self) -> tuple[float, str]:
        """Largest relative difference of a training loss from that of the plain loop.

        Both start from the same weights and take the same images in the same order; without dropout, since torch draws
        other masks.
        """
        identity = subjects.identity(self.model, self.precision, EPOCHS, dropout=0.0)
        (result,) = self.train([0], identity=identity)
        data = TrainingData(identity, [0], self.train_images, self.test_images, self.device)
        network = create(identity, self.train_images.shape[1:], 0).to(self.device)
        rival = subjects.PlainLoop(network, identity, self.precision)
        differences = []
        for row in result.history:
            inputs, targets = (index[0] for index in data.order(row["epoch"]))
            every = torch.arange(len(inputs), device=self.device)
            loss = rival.epoch(data.inputs[inputs], data.targets[targets], every)
            differences.append(abs(loss / row["train_loss"] - 1))
        return max(differences), "training losses beside a plain loop with torch.optim.Adam"

    def capture(self) -> tuple[float, str]:
        """The largest difference of captured steps; infinite where steps were not captured."""
        results = self.alone + self.together
        refused = sorted({result.captured for result in results if result.captured != "yes"})
        if refused:
            return math.inf, f"steps were run one by one ({'; '.join(refused)})"
        differences = [result.capture_difference for result in results]
        return max(differences), f"{capture.STEPS} steps, as a share of how far they move the parameters"


def compare(model: str, precision: str, device: torch.device, images: int) -> list[Check]:
    """All checks of a model in a precision, on `images` training images."""
    trainings, bound = Trainings(model, precision, device, images), rounding(model, precision, device)
    measures = [
        ("loss falls", FALL, trainings.fall),
        ("side by side as alone", bound, trainings.side_by_side),
        ("resumed as uninterrupted", 0.0 if device.type == "cpu" else bound, trainings.resumption),
        ("as a plain loop", bound, trainings.plain),
    ]
    if device.type == "cuda":
        measures.append(("captured as eager", capture.BOUND, trainings.capture))
    return [_checked(name, model, precision, limit, measure) for name, limit, measure in measures]


def _checked(name: str, model: str, precision: str, bound: float, measure: Callable[[], tuple[float, str]]) -> Check:
    """A check; an error of torch is a failed one, with what torch says, so that the other checks go on."""
    try:
        measured, found = measure()
    except (RuntimeError, UserError) as error:
        first = str(error).partition("\n")[0]
        return Check(name, model, precision, None, bound, False, f"it ended with an error: {first}")
    number = measured if math.isfinite(measured) else None
    return Check(name, model, precision, number, bound, measured <= bound, found)


def timing(model: str, way: str, replicates: int, device: torch.device, images: int) -> Timing:
    """Time one of WAYS to train, in the precision that is the default on the device. images: of an epoch."""
    precision = select_precision("auto", device)
    identity = subjects.identity(model, precision, TIMED_EPOCHS)
    train_images, test_images = subjects.images(images), subjects.images(2, subjects.SEED + 1)
    _forget_peak(device)
    if way == PLAIN:
        seconds = statistics.median(_plain_seconds(model, identity, precision, train_images, test_images, device))
        captured = "no: eager"
    else:
        results = loop.train(identity, list(range(replicates)), train_images, test_images, device)
        seconds, captured = sum(result.epoch_seconds for result in results), results[0].captured
    return Timing(
        model=model,
        way=way,
        replicates=replicates,
        precision=precision,
        images=images,
        seconds=seconds * EPOCH / images,
        images_per_second=replicates * images / seconds,
        peak_memory_mb=hardware.peak_memory_mb(device),
        captured=captured,
    )


def _plain_seconds(
    model: str,
    identity: Identity,
    precision: str,
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
) -> list[float]:
    """Seconds of each epoch of the plain loop."""
    data = TrainingData(identity, [0], train_images, test_images, device)
    plain = subjects.PlainLoop(subjects.plain_network(model).to(device), identity, precision)
    seconds = []
    for _ in range(identity.training.epochs):
        start = time.perf_counter()
        plain.epoch(data.inputs, data.targets, torch.randperm(len(train_images), device=device))
        seconds.append(time.perf_counter() - start)
    return seconds


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
