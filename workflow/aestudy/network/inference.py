"""A trained network at work: restored images, latent values, and the loss on images that are not trained on."""

from collections.abc import Iterator

import torch

from aestudy.network.autoencoder import Network

BATCH = 1_000


@torch.inference_mode()
def restore(
    network: Network, inputs: torch.Tensor, levels: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Restored images in [0, 1] (n, c, h, w) and latent values (n, k), on the CPU, for inputs (n, c, h, w).

    levels: strength of the noise on each image (n,), for a network that takes it.
    """
    parts = list(outputs(network, inputs, levels))
    restored = torch.cat([network.image(output) for output, _ in parts])
    return restored.cpu(), torch.cat([latent.flatten(1) for _, latent in parts]).cpu()


@torch.inference_mode()
def outputs(
    network: Network, inputs: torch.Tensor, levels: torch.Tensor | None = None
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """What the network gives for inputs (n, c, h, w), batch by batch: output and latent."""
    network.eval()
    for start in range(0, len(inputs), BATCH):
        part = slice(start, start + BATCH)
        yield network(inputs[part], levels[part] if network.takes_level else None)
