"""Adam for networks this small: all parameters in one vector, updated piece by piece while a piece is in the cache."""

import torch

from aestudy.training.private_torch import fused_adam

_PIECE = 1 << 19
"""Values that a processor updates at a time: their gradients, moments and copies fit its caches together."""


class Adam:
    """Adam (Kingma and Ba, 2015) with the defaults of torch for its two decay rates, 0.9 and 0.999.

    The arithmetic is torch's fused kernel. torch.optim.Adam would call it with one tensor per layer, and with the
    conversions from and to bf16 as passes of their own over memory, which took as long as the update.
    """

    def __init__(
        self,
        values: torch.Tensor,
        gradient: torch.Tensor,
        rounded: torch.Tensor | None,
        learning_rate: float,
        epsilon: float,
    ):
        """values: fp32 (n,), updated in place. gradient: (n,), of any float type, read at each step.

        rounded: (n,), a copy of the values in another type that follows them, or None.
        """
        self.values, self.rounded = values, rounded
        self.settings = {
            "lr": learning_rate,
            "beta1": 0.9,
            "beta2": 0.999,
            "weight_decay": 0.0,
            "eps": epsilon,
            "amsgrad": False,
            "maximize": False,
        }
        self.steps = torch.zeros((), device=values.device)
        self.first = torch.zeros_like(values)
        self.second = torch.zeros_like(values)
        size = len(values) if values.is_cuda else _PIECE
        self._pieces = list(
            zip(*(tensor.split(size) for tensor in (values, gradient, self.first, self.second)), strict=True)
        )
        self._copies = rounded.split(size) if rounded is not None else [None] * len(self._pieces)
        self._scratch = None if gradient.dtype == values.dtype else torch.empty_like(values[:size])

    @torch.no_grad()
    def step(self) -> None:
        """Move the values one step down the gradient."""
        self.steps += 1
        for (values, gradient, first, second), copy in zip(self._pieces, self._copies, strict=True):
            if self._scratch is not None:
                gradient = self._scratch[: len(gradient)].copy_(gradient)
            fused_adam(values, gradient, first, second, self.steps, **self.settings)
            if copy is not None:
                copy.copy_(values)

    def round(self) -> None:
        """Bring the rounded copy up to date after the values were changed by something other than `step`."""
        if self.rounded is not None:
            self.rounded.copy_(self.values)
