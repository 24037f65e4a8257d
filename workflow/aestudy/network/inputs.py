"""Images as a network is given them: floats on a device, split for validation, with the noise of the run."""

import numpy as np
import torch

from aestudy.base import registry
from aestudy.base.identity import Identity, Noise


def split(identity: Identity, replicate: int, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the training images and of those split off for validation (none if it is the test set)."""
    validation = identity.training.validation
    if validation.source == "test":
        return np.arange(images), np.arange(0)
    order = np.random.default_rng(identity.key(replicate, "split")).permutation(images)
    held_out = max(1, round(images * validation.share))
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def to_device(images: np.ndarray, device: torch.device) -> torch.Tensor:
    """Images uint8 (n, c, h, w) as floats in [0, 1] on the device."""
    return torch.tensor(images, device=device).float().div_(255)


def add_noise(clean: torch.Tensor, noise: Noise | None, seed: int) -> torch.Tensor:
    """A noise on `clean` (n, c, h, w), drawn from a generator with `seed`; `clean` itself for no noise."""
    return add_noise_with_levels(clean, noise, seed)[0]


def add_noise_with_levels(
    clean: torch.Tensor, noise: Noise | None, seed: int
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The same, and the level on each image (n, 1, 1, 1), in the unit of the noise; None for no noise.

    A kind of noise whose level differs from image to image draws the levels before the noise, from the same generator.
    """
    if noise is None:
        return clean, None
    generator = torch.Generator(clean.device).manual_seed(seed)
    kind = registry.load("noise", noise.parameters.kind)
    levels = torch.full((len(clean), 1, 1, 1), noise.level, dtype=clean.dtype, device=clean.device)
    if hasattr(kind, "draw_levels"):
        levels = kind.draw_levels(levels, noise.parameters, generator)
        return kind.add(clean, levels, noise.parameters, generator), levels
    return kind.add(clean, noise.level, noise.parameters, generator), levels


def deviations(noise: Noise | None, levels: torch.Tensor | None, images: torch.Tensor) -> torch.Tensor:
    """The strength of the noise on each of the images as a standard deviation (n,), for networks that take it."""
    if noise is None:
        return images.new_zeros(len(images))
    return registry.load("noise", noise.parameters.kind).deviation(levels).flatten()
