"""What every model has in common: an encoder, a decoder that gives logits, and initial weights keyed by replicate."""

import torch
from torch import nn

from aestudy.base import registry, seeds
from aestudy.base.identity import Identity


class Autoencoder(nn.Module):
    """Encoder and decoder; images (n, c, h, w) in [0, 1] become logits of the same shape."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (n, c, h, w) and latent (n, ...)."""
        latent = self.encoder(images)
        return self.decoder(latent), latent

    def parameter_count(self) -> int:
        """Number of trained values."""
        return sum(parameter.numel() for parameter in self.parameters())


def create(identity: Identity, shape: tuple[int, int, int], replicate: int) -> Autoencoder:
    """The untrained model of a run for images of `shape` (channels, height, width), on the CPU.

    Initial weights depend on the study's seed and the replicate alone, so models of equal architecture start equal.
    """
    kind = registry.load("models", identity.network.architecture)
    with torch.random.fork_rng(devices=[]):  # torch initialises from the global generator: lend it a keyed state
        torch.manual_seed(seeds.key(identity.seed, replicate, "initialisation"))
        encoder, decoder = kind.build(identity.network, shape, identity.latent)
        model = Autoencoder(encoder, decoder)
        if identity.training.initialisation == "keras":
            _initialise_as_keras(model)
    return model


def _initialise_as_keras(model: nn.Module) -> None:
    """Keras's defaults instead of torch's: Glorot-uniform weights (Glorot and Bengio, 2010), zero biases."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)


def layer_table(model: Autoencoder, shape: tuple[int, int, int]) -> list[dict]:
    """One record per layer, in order: part (encoder, decoder), layer, output_shape ("64 x 14 x 14"), parameters."""
    records = []

    def record(part: str):
        def hook(module: nn.Module, _, output: torch.Tensor) -> None:
            records.append(
                {
                    "part": part,
                    "layer": type(module).__name__,
                    "output_shape": " x ".join(map(str, output.shape[1:])),
                    "parameters": sum(parameter.numel() for parameter in module.parameters()),
                }
            )

        return hook

    hooks = [
        layer.register_forward_hook(record(part))
        for part, stack in (("encoder", model.encoder), ("decoder", model.decoder))
        for layer in stack
    ]
    with torch.inference_mode():
        model.eval()(torch.zeros(1, *shape))
    for hook in hooks:
        hook.remove()
    return records
