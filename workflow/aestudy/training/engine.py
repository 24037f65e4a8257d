"""One epoch of training on the device: gather, forward, backward, Adam, with nothing copied to the host within it.

On a GPU the whole step is captured as a CUDA graph: the networks of this study are so small that launching their
kernels one by one would take longer than running them. What changes from step to step (which images, which dropout
masks) is in buffers that are filled before the graph is replayed. Before it is used, the captured step is compared with
the step as it is written (see training.capture).
"""

from collections.abc import Callable

import torch

from aestudy.training.capture import Captured, capture
from aestudy.training.data import TrainingData
from aestudy.training.losses import Loss
from aestudy.training.masks import Masks
from aestudy.training.stack import Stack

Penalty = Callable[[torch.Tensor], torch.Tensor]
"""From latent values (r, b, ...) to what is added to the loss of each replicate (r,)."""


class Engine:
    """Trains a stack of replicates on images on its device."""

    def __init__(self, stack: Stack, data: TrainingData, batch_size: int, loss: Loss, penalty: Penalty | None):
        self.stack = stack
        self.data = data
        self.batch_size = batch_size
        self.loss = loss
        self.penalty = penalty
        self.total = torch.zeros(len(stack), device=data.images.device)
        self.masks = Masks(stack.template, len(stack), data.inputs[:batch_size].to(stack.dtype))
        stack.template.train()
        self._captured = self._capture() if data.images.is_cuda else Captured(None, "on a processor")

    @property
    def captured(self) -> str:
        """Whether steps are replayed from a captured graph: `yes`, or `no` with the reason."""
        return "yes" if self._captured.replay else f"no: {self._captured.reason}"

    @property
    def capture_difference(self) -> float | None:
        """How far captured steps led from the steps themselves (see capture.disagreement); None without a graph."""
        return self._captured.difference

    def epoch(
        self, input_index: torch.Tensor, target_index: torch.Tensor, generators: list[torch.Generator]
    ) -> list[float]:
        """Train on input_index, target_index (r, n): row i has the order of replicate i. Masks come from generators[i].

        Returns each replicate's mean loss while training, as Keras reports it, without the penalty.
        """
        self.total.zero_()
        images = target_index.shape[1]
        for start in range(0, images, self.batch_size):
            part = slice(start, min(start + self.batch_size, images))
            masks = self.masks.draw(generators)
            if self._captured.replay and part.stop - part.start == self.batch_size:
                self._static_input.copy_(input_index[:, part])
                self._static_target.copy_(target_index[:, part])
                self._captured.replay()
            else:
                size = part.stop - part.start
                masks = {name: mask[:, :size] for name, mask in masks.items()}
                self._step(input_index[:, part], target_index[:, part], masks)
        return (self.total / images).tolist()

    def _step(self, input_index: torch.Tensor, target_index: torch.Tensor, masks: dict[str, torch.Tensor]) -> None:
        data = self.data
        target = _take(data.targets, target_index)
        images = target if data.inputs is data.targets else _take(data.inputs, input_index)
        levels = None if data.levels is None else data.levels[input_index]
        output, latent = self.stack(images, masks, levels)
        losses = self.loss(output.float(), target)
        total = losses if self.penalty is None else losses + self.penalty(latent.float())
        self.stack.step(total.sum())
        self.total += losses.detach() * target.shape[1]

    def _capture(self) -> Captured:
        """The step as a graph, if it does as the step itself; the stack is afterwards as it was before."""
        shape = (len(self.stack), min(self.batch_size, self.data.chosen.shape[1]))
        indices = torch.arange(shape[0] * shape[1], device=self.data.images.device).view(shape)
        self._static_input = indices % len(self.data.inputs)
        self._static_target = indices % len(self.data.targets)
        generators = [torch.Generator(indices.device).manual_seed(i) for i in range(shape[0])]
        self.masks.draw(generators)
        return capture(
            lambda: self._step(self._static_input, self._static_target, self.masks.buffers),
            state=lambda: self.stack.state() | {"total": self.total},
            load=self._load,
            parameters=self.stack.values,
        )

    def _load(self, state: dict[str, torch.Tensor]) -> None:
        self.stack.load(state)
        self.total.copy_(state["total"])


def _take(images: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Images (r, b, c, h, w) at index (r, b)."""
    return images.index_select(0, index.reshape(-1)).view(*index.shape, *images.shape[1:])
