"""What `gpu-check` trains: made-up images, the two models of the reports, and the loop that most would write.

Needs Python, torch and numpy alone.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from aestudy.base.identity import Identity, Noise, Training, Validation
from aestudy.models import conv, dense
from aestudy.noise import gaussian

MODELS = ("dense", "conv")
SEED = 2025
SIDE = 28
LATENT, HIDDEN = 100, [512, 256]
FILTERS, KERNEL, DROPOUT = [64, 64], 3, 0.2
VARIANCE = 0.25
_SPOTS = 5  # along each edge
_SPOT_WIDTH = 2.5  # pixels, standard deviation


def images(count: int, seed: int = SEED) -> np.ndarray:
    """uint8 (count, 1, 28, 28): each the sum of a few bright spots out of 25, dark elsewhere, as MNIST is.

    Few numbers describe an image, so an autoencoder learns to restore it.
    """
    generator = np.random.default_rng(seed)
    places = np.linspace(4, SIDE - 5, _SPOTS)
    profile = np.exp(-((np.arange(SIDE) - places[:, None]) ** 2) / (2 * _SPOT_WIDTH**2)).astype(np.float32)
    spots = np.einsum("iy,jx->ijyx", profile, profile).reshape(_SPOTS**2, SIDE**2)
    heights = generator.random((count, _SPOTS**2), np.float32)
    heights *= generator.random((count, _SPOTS**2), np.float32) < 0.2
    pixels = np.minimum(heights @ spots, 1) * 255
    return pixels.astype(np.uint8).reshape(count, 1, SIDE, SIDE)


def identity(model: str, precision: str, epochs: int, dropout: float = DROPOUT) -> Identity:
    """The training of `dense` (784-512-256-100 and back) or `conv` (two stages of 64 filters, noise drawn once).

    `conv` as in config.yaml; `dense` with the widths of its five layers, a linear latent and PyTorch's initial weights.
    Validated on the test images, so that all training images are trained on.
    """
    training = Training(
        epochs=epochs,
        batch_size=128,
        adam_epsilon=1e-8 if model == "dense" else 1e-7,
        initialisation="pytorch" if model == "dense" else "keras",
        precision=precision,
        validation=Validation(source="test"),
    )
    if model == "dense":
        network = dense.Parameters(architecture="dense", hidden=HIDDEN)
        return _identity(network, LATENT, None, training)
    network = conv.Parameters(architecture="conv", filters=FILTERS, kernel=KERNEL, dropout=dropout)
    noise = Noise(parameters=gaussian.Parameters(kind="gaussian", clip=True, draw="once"), level=VARIANCE)
    return _identity(network, None, noise, training)


def _identity(network, latent: int | None, noise: Noise | None, training: Training) -> Identity:
    return Identity(dataset="spots", seed=SEED, latent=latent, l1=0.0, network=network, noise=noise, training=training)


def plain_network(model: str) -> nn.Module:
    """The same network as most would write it: images (n, 1, 28, 28) to logits of that shape."""
    if model == "dense":
        widths = [SIDE**2, *HIDDEN, LATENT]
        pairs = [*itertools.pairwise(widths), *itertools.pairwise(reversed(widths))]
        layers = [layer for inputs, outputs in pairs for layer in (nn.Linear(inputs, outputs), nn.ReLU())]
        # No ReLU after the latent and after the last layer.
        del layers[2 * len(HIDDEN) + 1]
        return nn.Sequential(nn.Flatten(), *layers[:-1], nn.Unflatten(1, (1, SIDE, SIDE)))

    def convolution(inputs: int, outputs: int) -> nn.Module:
        return nn.Conv2d(inputs, outputs, KERNEL, padding=KERNEL // 2)

    layers = []
    for inputs, outputs in itertools.pairwise([1, *FILTERS]):
        layers += [convolution(inputs, outputs), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(DROPOUT)]
    back = [*reversed(FILTERS), FILTERS[0]]
    for inputs, outputs in itertools.pairwise(back):
        layers += [convolution(inputs, outputs), nn.ReLU(), nn.Upsample(scale_factor=2)]
    return nn.Sequential(*layers, convolution(FILTERS[0], 1))


class PlainLoop:
    """The loop that most would write for images in memory: torch's own Adam and loss, one kernel at a time.

    In bf16 it is torch.autocast that converts.
    """

    def __init__(self, network: nn.Module, identity: Identity, precision: str):
        """network: on its device. identity: gives batch size, learning rate and epsilon. precision: fp32 or bf16."""
        settings = identity.training
        self.network, self.precision, self.batch_size = network, precision, settings.batch_size
        self.optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, eps=settings.adam_epsilon)

    def epoch(self, inputs: torch.Tensor, targets: torch.Tensor, order: torch.Tensor) -> float:
        """Train once on inputs and targets (n, c, h, w) in the order (n,); returns the mean loss while training."""
        self.network.train()
        total = torch.zeros((), device=inputs.device)
        for batch in self._batches(order):
            target = targets[batch]
            with torch.autocast(inputs.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
                output = self.network(inputs[batch])
            logits = output[0] if isinstance(output, tuple) else output
            loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            total += loss.detach() * len(batch)
        return (total / len(order)).item()

    def _batches(self, order: torch.Tensor) -> Iterator[torch.Tensor]:
        yield from order.split(self.batch_size)
