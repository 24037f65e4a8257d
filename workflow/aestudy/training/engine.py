"""One epoch of training on the device: gather, forward, backward, Adam, with nothing copied to the host within it.

On a GPU the whole step is captured as a CUDA graph: the networks of this study are so small that launching their
kernels one by one would take longer than running them. What changes from step to step (which images, which dropout
masks) stands in buffers that are filled before the graph is replayed.
"""

from collections.abc import Callable

import torch
from torch.nn import functional

from aestudy.training.masks import Masks
from aestudy.training.stack import Stack

Penalty = Callable[[torch.Tensor], torch.Tensor]
"""From latent values (r, b, ...) to what is added to the loss of each replicate (r,)."""


class Engine:
    """Trains a stack of replicates on images on its device."""

    def __init__(
        self,
        stack: Stack,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        batch_size: int,
        penalty: Penalty | None,
    ):
        """inputs, targets: images (n, c, h, w); the same tensor where the network restores its own input."""
        self.stack = stack
        self.inputs = inputs
        self.targets = targets
        self.batch_size = batch_size
        self.penalty = penalty
        self.total = torch.zeros(len(stack), device=targets.device)
        self.masks = Masks(stack.template, len(stack), inputs[:batch_size].to(stack.dtype))
        stack.template.train()
        self._graph = self._capture() if targets.is_cuda else None

    def epoch(
        self, input_index: torch.Tensor, target_index: torch.Tensor, generators: list[torch.Generator]
    ) -> list[float]:
        """Train on input_index, target_index (r, n): row i has the order of replicate i. Masks come from generators[i].

        Returns each replicate's mean BCE per pixel while training, as Keras reports it.
        """
        self.total.zero_()
        images = target_index.shape[1]
        for start in range(0, images, self.batch_size):
            part = slice(start, min(start + self.batch_size, images))
            masks = self.masks.draw(generators)
            if self._graph is not None and part.stop - part.start == self.batch_size:
                self._static_input.copy_(input_index[:, part])
                self._static_target.copy_(target_index[:, part])
                self._graph.replay()
            else:
                size = part.stop - part.start
                masks = {name: mask[:, :size] for name, mask in masks.items()}
                self._step(input_index[:, part], target_index[:, part], masks)
        return (self.total / images).tolist()

    def _step(self, input_index: torch.Tensor, target_index: torch.Tensor, masks: dict[str, torch.Tensor]) -> None:
        target = _take(self.targets, target_index)
        images = target if self.inputs is self.targets else _take(self.inputs, input_index)
        logits, latent = self.stack(images, masks)
        bce = _reconstruction_losses(logits.float(), target)
        loss = bce if self.penalty is None else bce + self.penalty(latent.float())
        self.stack.step(loss.sum())
        self.total += bce.detach() * target.shape[1]

    def _capture(self) -> torch.cuda.CUDAGraph:
        """The step as a graph; parameters and optimiser are afterwards as they were before."""
        before = {name: tensor.clone() for name, tensor in self.stack.state().items()}
        shape = (len(self.stack), min(self.batch_size, len(self.targets)))
        self._static_input = torch.zeros(shape, dtype=torch.int64, device=self.targets.device)
        self._static_target = torch.zeros_like(self._static_input)
        arguments = (self._static_input, self._static_target, self.masks.buffers)
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):  # libraries choose their algorithms and workspaces, which a capture must not see
                self._step(*arguments)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._step(*arguments)
        self.stack.load(before)
        return graph


def _take(images: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Images (r, b, c, h, w) at index (r, b)."""
    return images.index_select(0, index.reshape(-1)).view(*index.shape, *images.shape[1:])


def _reconstruction_losses(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """BCE of each replicate (r,), the mean over its batch and pixels, from logits and targets (r, b, c, h, w)."""
    if len(logits) == 1:
        return functional.binary_cross_entropy_with_logits(logits, target)[None]
    return functional.binary_cross_entropy_with_logits(logits, target, reduction="none").flatten(1).mean(1)
