"""The trained networks that a page offers, as many as it has room for, and why the others are not offered."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from aestudy.base import seeds
from aestudy.base.errors import UserError
from aestudy.network.autoencoder import Network
from aestudy.playground.packing import BITS, Packed, pack
from aestudy.playground.trace import trace
from aestudy.replicates import manifest as manifests
from aestudy.replicates import store
from aestudy.replicates.manifest import Manifest

ROOM = 5_550_000
"""Characters that the weights of all networks may take up, in a page of at most 6 MB."""
BASE64 = 4 / 3
"""Characters per byte."""
VARIANCES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5)
"""Levels of noise that rounded weights are tried at."""


@dataclass(frozen=True)
class Known:
    """Names that the programs of the page know."""

    operations: Collection[str]
    noises: Collection[str]


def offered(weights: Iterable[Path], images: Mapping[str, np.ndarray], known: Known, room: int = ROOM) -> dict:
    """Networks, and the reasons why others are not offered, for JSON.

    weights: files of trained replicates, in the order in which they are offered. images: the test images of each data
    set that the page shows, uint8 (n, c, h, w). Of each network `networks` has run (its keys), replicate, parameters
    (how many), noise (its kind and keys, or None), values (see packing.Packed), bits and error; `left_out` has run and
    reason.
    """
    networks, left_out = [], []
    for path in weights:
        manifest = manifests.read(path.parent / manifests.NAME)
        try:
            packed = _packed(path.parent, manifest, images[manifest.identity.dataset], known, room)
        except UserError as error:
            left_out.append({"run": _run(manifest), "reason": str(error)})
            continue
        room -= packed.size
        noise = manifest.identity.noise
        networks.append(
            {
                "run": _run(manifest),
                "replicate": manifest.replicate,
                "parameters": manifest.cost["parameters"],
                "noise": noise and noise.as_params()["parameters"],
                "values": packed.document,
                "bits": packed.bits,
                "error": packed.error,
            }
        )
    return {"networks": networks, "left_out": left_out}


def _run(manifest: Manifest) -> dict:
    """The keys of the run; a latent whose size follows from the image is none, as in the configuration."""
    return manifest.keys | {"latent": manifest.identity.latent}


def _packed(folder: Path, manifest: Manifest, images: np.ndarray, known: Known, room: int) -> Packed:
    """The network in `folder`, packed. Raises UserError, saying why, if the page cannot offer it."""
    noise = manifest.identity.noise
    if noise and noise.parameters.kind not in known.noises:
        raise UserError(f"the page cannot make its noise ({noise.parameters.kind})")
    if BASE64 * manifest.cost["parameters"] * BITS[0] / 8 > room:
        raise UserError(f"the page has no room for its {manifest.cost['parameters']:,} weights")
    network, _ = store.load_model(folder, images.shape[1:])
    program = trace(network, images.shape[1:], known.operations)
    trials = list(_trials(images, manifest.identity.seed, network.takes_level))
    expected = [_restored(network, *trial) for trial in trials]
    packed = pack(program, trials, expected)
    if packed.size > room:
        raise UserError(f"the page has no room for its {manifest.cost['parameters']:,} weights")
    return packed


def _trials(images: np.ndarray, seed: int, takes_level: bool) -> Iterator[tuple[torch.Tensor, ...]]:
    """Inputs of a network: test images at all levels of noise, and images of no structure, black and white."""
    generator = torch.Generator().manual_seed(seeds.key(seed, "shared", "playground"))
    clean = torch.from_numpy(images).float() / 255
    shape = clean[:1].shape
    for image in clean.split(1):
        for variance in VARIANCES:
            noisy = image + variance**0.5 * torch.randn(shape, generator=generator)
            yield (noisy.clamp(0, 1), torch.tensor([variance**0.5]))[: 2 if takes_level else 1]
    even = torch.rand(shape, generator=generator)
    for image in (torch.zeros(shape), torch.ones(shape), even, even.round()):
        yield (image, torch.zeros(1))[: 2 if takes_level else 1]


@torch.inference_mode()
def _restored(network: Network, *inputs: torch.Tensor) -> torch.Tensor:
    return network.image(network(*inputs)[0])
