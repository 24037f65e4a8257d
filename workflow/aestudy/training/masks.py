"""Dropout masks, drawn outside the network from generators keyed by replicate and epoch."""

import torch

from aestudy.network.autoencoder import Network
from aestudy.network.layers import Dropout

_LOWEST = torch.iinfo(torch.int64).min


class Masks:
    """The masks of all dropout layers of `count` replicates for batches of up to `batch` images.

    They are in buffers that are filled anew for each step, so that a captured GPU graph reads new ones.
    """

    def __init__(self, model: Network, count: int, batch: torch.Tensor):
        """batch: input images (b, c, h, w) of the largest batch, to find out what reaches each layer."""
        self.layers = {
            name: layer for name, layer in model.named_modules() if isinstance(layer, Dropout) and layer.rate > 0
        }
        self.buffers: dict[str, torch.Tensor] = {}
        self._draws: dict[str, list[torch.Tensor]] = {}
        seen = {}
        hooks = [
            layer.register_forward_pre_hook(lambda _, inputs, name=name: seen.__setitem__(name, inputs[0]))
            for name, layer in self.layers.items()
        ]
        if self.layers:
            with torch.no_grad():
                model.eval()(batch, batch.new_zeros(len(batch)) if model.takes_level else None)
        for hook in hooks:
            hook.remove()
        for name, x in seen.items():
            # Laid out in memory as the layer's input is, and of its type: otherwise multiplying the two takes longer.
            self.buffers[name] = torch.empty_strided(
                (count, *x.shape), (x.numel(), *x.stride()), dtype=x.dtype, device=x.device
            )
            # Four 16-bit numbers from each 64-bit draw: drawing one number per activation took a tenth of a training
            # step. So the rate is rounded to a multiple of 1/65536.
            words = -(-x.numel() // 4)
            self._draws[name] = [torch.empty(words, dtype=torch.int64, device=x.device) for _ in range(count)]

    def draw(self, generators: list[torch.Generator]) -> dict[str, torch.Tensor]:
        """New masks in the buffers, (replicates, b, ...) by layer name; replicate i draws from generators[i].

        A mask is 0 where a value is dropped and 1 / (1 - rate), rounded to the buffer's type, where it is kept.
        """
        for name, buffer in self.buffers.items():
            rate = self.layers[name].rate
            cut = round(rate * 65_536) - 32_768
            for mask, draws, generator in zip(buffer, self._draws[name], generators, strict=True):
                draws.random_(_LOWEST, None, generator=generator)
                kept = draws.view(torch.int16).as_strided(mask.size(), mask.stride()) >= cut
                torch.mul(kept, 1 / (1 - rate), out=mask)
        return self.buffers
