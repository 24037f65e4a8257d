"""A trained model at work: restored images, latent values, and the loss on images that are not trained on."""

import torch
from torch.nn import functional

from aestudy.network.autoencoder import Autoencoder

BATCH = 1_000


@torch.inference_mode()
def reconstruction_loss(model: Autoencoder, inputs: torch.Tensor, clean: torch.Tensor) -> float:
    """Mean BCE per pixel in nats of the restored `inputs` against `clean`, both (n, c, h, w)."""
    model.eval()
    total = torch.zeros((), device=clean.device)
    for start in range(0, len(clean), BATCH):
        part = slice(start, start + BATCH)
        logits, _ = model(inputs[part])
        total += functional.binary_cross_entropy_with_logits(logits, clean[part], reduction="sum")
    return (total / clean.numel()).item()


@torch.inference_mode()
def restore(model: Autoencoder, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Restored images in [0, 1] (n, c, h, w) and latent values (n, k), on the CPU, for inputs (n, c, h, w)."""
    model.eval()
    parts = [model(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
    restored = torch.cat([torch.sigmoid(logits) for logits, _ in parts])
    return restored.cpu(), torch.cat([latent.flatten(1) for _, latent in parts]).cpu()
