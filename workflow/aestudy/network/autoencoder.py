"""What every network has in common: what it takes and gives, and initial weights keyed by replicate."""

import torch
from torch import nn

from aestudy.base import registry
from aestudy.base.identity import Identity


class Network(nn.Module):
    """Images (n, c, h, w) in, restored images of the same shape out, in one of two forms.

    gives: `logits`, of which the sigmoid is the image, or `image`, the image itself. takes_level: whether it is also
    told the strength of the noise on each image, as a standard deviation (n,).
    """

    gives = "logits"
    takes_level = False

    def forward(self, images: torch.Tensor, level: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits or images (n, c, h, w), and the latent (n, ...)."""
        raise NotImplementedError

    def image(self, output: torch.Tensor) -> torch.Tensor:
        """The restored images in [0, 1] that an output of `forward` stands for."""
        return torch.sigmoid(output) if self.gives == "logits" else output.clamp(0, 1)

    def parameter_count(self) -> int:
        """Number of trained values."""
        return sum(parameter.numel() for parameter in self.parameters())


class Autoencoder(Network):
    """An encoder and a decoder that gives logits."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, images: torch.Tensor, level: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        latent = self.encoder(images)
        return self.decoder(latent), latent


def create(identity: Identity, shape: tuple[int, int, int], replicate: int) -> Network:
    """The untrained network of a run for images of `shape` (channels, height, width), on the CPU.

    Initial weights depend on the study's seed and the replicate alone, so networks of equal architecture start equal.
    """
    kind = registry.load("models", identity.network.architecture)
    with torch.random.fork_rng(devices=[]):  # torch initialises from the global generator: lend it a keyed state
        torch.manual_seed(identity.key(replicate, "initialisation"))
        built = kind.build(identity.network, shape, identity.latent)
        network = built if isinstance(built, Network) else Autoencoder(*built)
        if identity.training.initialisation == "keras":
            _initialise_as_keras(network)
    return network


def _initialise_as_keras(network: nn.Module) -> None:
    """Keras's defaults instead of torch's: Glorot-uniform weights (Glorot and Bengio, 2010), zero biases."""
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def layer_table(network: Network, shape: tuple[int, int, int]) -> list[dict]:
    """One record per layer, in order: part (encoder, decoder), layer, output_shape ("64 x 14 x 14"), parameters.

    The parts of a network are its children; the layers of a part are those of a Sequential, or the part itself.
    """
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
        for part, child in network.named_children()
        for layer in (child if isinstance(child, nn.Sequential) else [child])
    ]
    with torch.inference_mode():
        network.eval()(torch.zeros(1, *shape), torch.zeros(1) if network.takes_level else None)
    for hook in hooks:
        hook.remove()
    if network.gives == "logits":  # the sigmoid is a part of the loss in training, and of `image` afterwards
        records.append(records[-1] | {"layer": "Sigmoid", "parameters": 0})
    return records
