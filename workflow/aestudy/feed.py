"""What replicates learn from: images, noise and order on the device, each drawn from a generator of its own."""

from collections.abc import Sequence

import numpy as np
import torch

from aestudy import registry, seeds


def split(identity: dict, replicate: int, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the training images and of those split off for validation (none if it is the test set)."""
    validation = identity["training"]["validation"]
    if validation["source"] == "test":
        return np.arange(images), np.arange(0)
    order = seeds.numpy_generator(identity["seed"], replicate, "split").permutation(images)
    held_out = max(1, round(images * validation["share"]))
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def to_device(images: np.ndarray, device: torch.device) -> torch.Tensor:
    """Images uint8 (n, c, h, w) as floats in [0, 1] on the device."""
    return torch.tensor(images, device=device).float().div_(255)


def corrupt(clean: torch.Tensor, identity: dict, replicate: int | str, purpose: str, epoch: int = 0) -> torch.Tensor:
    """The run's noise on `clean` (n, c, h, w); `clean` itself for a run without noise."""
    noise = identity["noise"]
    if noise is None:
        return clean
    generator = seeds.torch_generator(identity["seed"], replicate, purpose, epoch, clean.device)
    return registry.load("noise", noise["kind"]).add(clean, identity["variance"], noise, generator)


class Feed:
    """Images on the device: what some replicates learn from, in which order, and what validates them.

    inputs: what the networks see, (n, c, h, w); the same tensor as `images` where they restore their own input.
    images: the clean training images, (n, c, h, w). validation: (input, clean) of each replicate.
    """

    def __init__(
        self,
        identity: dict,
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
            self.validation.append((corrupt(clean, identity, replicate, "validation-noise"), clean))
        self.inputs = self.images
        if identity["noise"] is not None:
            # Noise is a replicate's own: one block of noisy images per replicate, below one another.
            self.inputs = self.images.new_empty(self.chosen.numel(), *self.images.shape[1:])
            if identity["noise"]["draw"] == "once":
                self._draw_noise(epoch=0)

    def draw_noise(self, epoch: int) -> None:
        """New noise in `inputs`, if every epoch is to have its own."""
        if self.identity["noise"] is not None and self.identity["noise"]["draw"] == "each_epoch":
            self._draw_noise(epoch)

    def _draw_noise(self, epoch: int) -> None:
        blocks = self.inputs.split(self.chosen.shape[1])
        for block, replicate, chosen in zip(blocks, self.replicates, self.chosen, strict=True):
            block.copy_(corrupt(self.images[chosen], self.identity, replicate, "training-noise", epoch))

    def order(self, epoch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Where in `inputs` and in `images` the epoch's images stand, in its order: (r, n) each."""
        count, images = self.chosen.shape
        orders = torch.stack(
            [
                torch.randperm(
                    images, generator=seeds.torch_generator(self.identity["seed"], replicate, "order", epoch)
                )
                for replicate in self.replicates
            ]
        ).to(self.device)
        offsets = images * torch.arange(count, device=self.device)[:, None]
        return orders + offsets, self.chosen.gather(1, orders)
