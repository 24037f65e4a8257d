"""What a baseline is given and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from aestudy.base import seeds

AddNoise = Callable[[np.ndarray, int], np.ndarray]
"""(clean float32 images, seed) -> noisy float32 images of the same shape."""

TUNING_IMAGES = 500
"""Training images that parameters are chosen on: enough to tell neighbouring values apart, few enough to be quick."""


@dataclass(frozen=True)
class Training:
    """All that a baseline may learn from: training images, and the noise to add when the task is denoising.

    clean: float32 (n, channels, height, width) in [0, 1]; latents: code sizes asked for; seed: key of all draws.
    """

    clean: np.ndarray
    add_noise: AddNoise | None
    latents: tuple[int, ...]
    seed: int

    def noisy(self, draw: int) -> np.ndarray:
        """All training images with their own noise; another `draw` gives other noise."""
        return self.add_noise(self.clean, seeds.key(self.seed, "baselines", "noise", draw))

    @cached_property
    def tuning(self) -> tuple[np.ndarray, np.ndarray]:
        """A random part of the training images, to choose parameters on: the clean images and a restorer's inputs."""
        generator = seeds.numpy_generator(self.seed, "baselines", "tuning")
        count = min(TUNING_IMAGES, len(self.clean))
        clean = self.clean[np.sort(generator.choice(len(self.clean), count, replace=False))]
        if self.add_noise is None:
            return clean, clean
        return clean, self.add_noise(clean, seeds.key(self.seed, "baselines", "tuning noise"))

    @cached_property
    def noise_level(self) -> float:
        """Root mean square of the change that noise makes: the unit of parameters that must grow with the noise."""
        clean, noisy = self.tuning
        return float(np.sqrt(np.mean(np.square(noisy - clean, dtype=np.float64))))


@dataclass(frozen=True)
class Restorer:
    """A fitted baseline: inputs (n, channels, height, width) -> restored images of the same shape.

    variant: "affine" where a correction a x + b follows a denoiser, else "raw"; latent: size of the latent, 0 if none;
    parameters: what was chosen on training images.
    """

    restore: Callable[[np.ndarray], np.ndarray]
    variant: str = "raw"
    latent: int = 0
    parameters: dict[str, float] = field(default_factory=dict)
    a: float = 1.0
    b: float = 0.0
