"""What replicates are trained on: images, noise and order on the device, each drawn from a generator of its own."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from aestudy.base.identity import Identity
from aestudy.network.inputs import add_noise_with_levels, deviations, split, to_device


class Validation(NamedTuple):
    """The images that validate a replicate, (n, c, h, w), and the strength of the noise on each input (n,)."""

    inputs: torch.Tensor
    clean: torch.Tensor
    levels: torch.Tensor | None


class TrainingData:
    """Images on the device: what some replicates are trained on, in which order, and what validates them.

    images: the clean training images (n, c, h, w). inputs: what the networks see; `images` itself where they restore
    their own input, else a block of noisy images for each replicate, below one another. targets: what they should give;
    `images` itself, or blocks of other noisy copies. levels: strength of the noise on each of `inputs` as a standard
    deviation, for networks that take it, else None. validation: that of each replicate.
    """

    def __init__(
        self,
        identity: Identity,
        replicates: Sequence[int],
        train_images: np.ndarray,
        test_images: np.ndarray,
        device: torch.device,
        with_levels: bool = False,
    ):
        """train_images, test_images: uint8 (n, c, h, w); test images are read only if they are the validation set."""
        self.identity, self.replicates, self.device = identity, replicates, device
        splits = [split(identity, replicate, len(train_images)) for replicate in replicates]
        self.images = to_device(train_images, device)
        self.chosen = torch.from_numpy(np.stack([chosen for chosen, _ in splits])).to(device)
        self.validation = []
        for replicate, (_, held_out) in zip(replicates, splits, strict=True):
            clean = to_device(train_images[held_out] if len(held_out) else test_images, device)
            noisy, levels = self._noisy(clean, replicate, "validation-noise")
            levels = deviations(identity.noise, levels, clean) if with_levels else None
            self.validation.append(Validation(noisy, clean, levels))
        self.inputs = self.targets = self.images
        self.levels = None
        noise = identity.noise
        if noise is not None:
            self.inputs = self._blocks()
        if identity.training.target == "noisy_copy":
            self.targets = self._blocks()
        if with_levels:
            self.levels = self.images.new_zeros(len(self.inputs))
        if noise is not None and noise.parameters.draw == "once":
            self._draw_noise(epoch=0)

    def _blocks(self) -> torch.Tensor:
        return self.images.new_empty(self.chosen.numel(), *self.images.shape[1:])

    def draw_noise(self, epoch: int) -> None:
        """New noise, if every epoch is to have its own."""
        if self.identity.noise is not None and self.identity.noise.parameters.draw == "each_epoch":
            self._draw_noise(epoch)

    def _draw_noise(self, epoch: int) -> None:
        length = self.chosen.shape[1]
        for i, (replicate, chosen) in enumerate(zip(self.replicates, self.chosen, strict=True)):
            block, clean = slice(i * length, (i + 1) * length), self.images[chosen]
            noisy, levels = self._noisy(clean, replicate, "training-noise", epoch)
            self.inputs[block] = noisy
            if self.levels is not None:
                self.levels[block] = deviations(self.identity.noise, levels, clean)
            if self.targets is not self.images:
                self.targets[block], _ = self._noisy(clean, replicate, "target-noise", epoch)

    def _noisy(self, clean: torch.Tensor, replicate: int, purpose: str, epoch: int = 0):
        return add_noise_with_levels(clean, self.identity.noise, self.identity.key(replicate, purpose, epoch))

    def order(self, epoch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Where in `inputs` and in `targets` the epoch's images are, in its order: (r, n) each."""
        count, images = self.chosen.shape
        keys = [self.identity.key(replicate, "order", epoch) for replicate in self.replicates]
        orders = torch.stack([torch.randperm(images, generator=torch.Generator().manual_seed(key)) for key in keys])
        orders = orders.to(self.device)
        in_blocks = orders + images * torch.arange(count, device=self.device)[:, None]
        in_images = self.chosen.gather(1, orders)
        return (
            in_images if self.inputs is self.images else in_blocks,
            in_images if self.targets is self.images else in_blocks,
        )
