"""Contender (b): what most would write in PyTorch: torchvision's data set, ToTensor, a DataLoader, eager Adam."""

import json
import sys

import torch
from protocol import answer
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor


def dense(latent: int) -> nn.Module:
    """784-512-256-latent and its mirror image."""
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, latent)),
        *(nn.Linear(latent, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 784)),
        nn.Unflatten(1, (1, 28, 28)),
    )


def conv() -> nn.Module:
    """Two convolutions of 64 filters with pooling and dropout, mirrored with upsampling."""
    return nn.Sequential(
        *(nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.2)),
        *(nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.2)),
        *(nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)),
        *(nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)),
        nn.Conv2d(64, 1, 3, padding=1),
    )


def contender(model: str, root: str, images: int, latent: int = 100):
    """A function that trains for an epoch of `images` images and returns their number. root: torchvision's folder."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    loader = DataLoader(
        Subset(MNIST(root, train=True, transform=ToTensor()), range(images)),
        batch_size=128,
        shuffle=True,
        num_workers=2,
    )
    network = (dense(latent) if model == "dense" else conv()).to(device)
    optimizer = torch.optim.Adam(network.parameters())
    criterion = nn.BCEWithLogitsLoss()

    def train() -> int:
        network.train()
        total = 0.0
        for clean, _ in loader:
            clean = clean.to(device)
            noisy = clean if model == "dense" else (clean + 0.5 * torch.randn_like(clean)).clamp(0, 1)
            optimizer.zero_grad()
            loss = criterion(network(noisy), clean)
            loss.backward()
            optimizer.step()
            total += loss.item()
        return images

    return train


if __name__ == "__main__":
    answer(contender(**json.loads(sys.argv[1])))
