"""What replicates are trained on: images, noise and order on the device, each drawn from a generator of its own."""

from collections.abc import Sequence

import numpy as np
import torch

from aestudy.base import seeds
from aestudy.base.identity import Identity
from aestudy.network.inputs import add_noise, split, to_device


class TrainingData:
    """Images on the device: what some replicates are trained on, in which order, and what validates them.

    inputs: what the networks see, (n, c, h, w); the same tensor as `images` where they restore their own input.
    images: the clean training images, (n, c, h, w). validation: (input, clean) of each replicate.
    """

    def __init__(
        self,
        identity: Identity,
        replicates: Sequence[int],
        train_images: np.ndarray,
        test_images: np.ndarray,
        device: torch.device,
    ):
        """train_images, test_images: uint8 (n, c, h, w); test images are read only if they are the validation set."""
        self.identity, self.replicates, self.device = identity, replicates, device
        splits = [split(identity, replicate, len(train_images)) for replicate in replicates]
        self.images = to_device(train_images, device)
        self.chosen = torch.from_numpy(np.stack([chosen for chosen, _ in splits])).to(device)
        self.validation = []
        for replicate, (_, held_out) in zip(replicates, splits, strict=True):
            clean = to_device(train_images[held_out] if len(held_out) else test_images, device)
            self.validation.append((self._noisy(clean, replicate, "validation-noise"), clean))
        self.inputs = self.images
        if identity.noise is not None:
            # Noise is a replicate's own: one block of noisy images per replicate, below one another.
            self.inputs = self.images.new_empty(self.chosen.numel(), *self.images.shape[1:])
            if identity.noise.parameters.draw == "once":
                self._draw_noise(epoch=0)

    def draw_noise(self, epoch: int) -> None:
        """New noise in `inputs`, if every epoch is to have its own."""
        if self.identity.noise is not None and self.identity.noise.parameters.draw == "each_epoch":
            self._draw_noise(epoch)

    def _draw_noise(self, epoch: int) -> None:
        blocks = self.inputs.split(self.chosen.shape[1])
        for block, replicate, chosen in zip(blocks, self.replicates, self.chosen, strict=True):
            block.copy_(self._noisy(self.images[chosen], replicate, "training-noise", epoch))

    def _noisy(self, clean: torch.Tensor, replicate: int, purpose: str, epoch: int = 0) -> torch.Tensor:
        return add_noise(clean, self.identity.noise, seeds.key(self.identity.seed, replicate, purpose, epoch))

    def order(self, epoch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Where in `inputs` and in `images` the epoch's images are, in its order: (r, n) each."""
        count, images = self.chosen.shape
        orders = torch.stack(
            [
                torch.randperm(images, generator=seeds.torch_generator(self.identity.seed, replicate, "order", epoch))
                for replicate in self.replicates
            ]
        ).to(self.device)
        offsets = images * torch.arange(count, device=self.device)[:, None]
        return orders + offsets, self.chosen.gather(1, orders)
