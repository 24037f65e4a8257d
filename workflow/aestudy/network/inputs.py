"""Images as a network is given them: floats on a device, split for validation, with the noise of the run."""

import numpy as np
import torch

from aestudy.base import registry, seeds
from aestudy.base.identity import Identity, Noise


def split(identity: Identity, replicate: int, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the training images and of those split off for validation (none if it is the test set)."""
    validation = identity.training.validation
    if validation.source == "test":
        return np.arange(images), np.arange(0)
    order = seeds.numpy_generator(identity.seed, replicate, "split").permutation(images)
    held_out = max(1, round(images * validation.share))
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def to_device(images: np.ndarray, device: torch.device) -> torch.Tensor:
    """Images uint8 (n, c, h, w) as floats in [0, 1] on the device."""
    return torch.tensor(images, device=device).float().div_(255)


def add_noise(clean: torch.Tensor, noise: Noise | None, seed: int) -> torch.Tensor:
    """A noise on `clean` (n, c, h, w), drawn from a generator with `seed`; `clean` itself for no noise."""
    if noise is None:
        return clean
    generator = torch.Generator(clean.device).manual_seed(seed)
    kind = registry.load("noise", noise.parameters.kind)
    return kind.add(clean, noise.level, noise.parameters, generator)
