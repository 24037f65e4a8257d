"""Writes and reads trained replicates: the manifest comes last, with the hashes of the other files."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import safetensors.torch

from aestudy.base import files
from aestudy.base.errors import UserError
from aestudy.network.autoencoder import Network, create
from aestudy.replicates import manifest as manifests
from aestudy.replicates.manifest import HISTORY, WEIGHTS, Binding, Manifest


def save(folder: str | Path, model: Network, history: list[dict], manifest: Manifest) -> None:
    """Write a trained replicate. history: a row per epoch (see training.loop.Result)."""
    folder = Path(folder)
    with files.replacing(folder / WEIGHTS) as temporary:
        safetensors.torch.save_file(model.state_dict(), temporary)
    files.write_csv(folder / HISTORY, pd.DataFrame(history))
    hashes = {name: files.sha256(folder / name) for name in (WEIGHTS, HISTORY)}
    replace(manifest, sha256=hashes).write(folder)


def is_current(folder: str | Path, binding: Binding) -> bool:
    """Whether the folder holds a complete replicate that was made from exactly `binding`."""
    folder = Path(folder)
    try:
        manifest = manifests.read(folder / manifests.NAME)
        return manifest.binding.as_json() == binding.as_json() and all(
            files.sha256(folder / name) == manifest.sha256[name] for name in (WEIGHTS, HISTORY)
        )
    except (OSError, UserError, KeyError):  # not there, or no manifest of ours
        return False


def touch(folder: Path) -> None:
    """Mark a replicate that is kept as up to date: Snakemake compares its time with that of the inputs."""
    for name in (WEIGHTS, HISTORY, manifests.NAME):
        (folder / name).touch()


def load_model(folder: str | Path, shape: tuple[int, int, int]) -> tuple[Network, Manifest]:
    """The trained model of a replicate, for images of `shape` (channels, height, width), and its manifest.

    Raises UserError if the weights do not have the hash in the manifest.
    """
    folder = Path(folder)
    manifest = manifests.read(folder / manifests.NAME)
    found, expected = files.sha256(folder / WEIGHTS), manifest.sha256[WEIGHTS]
    if found != expected:
        raise UserError(
            f"{folder / WEIGHTS} has SHA-256 {found}, and {manifests.NAME} beside it says {expected}: "
            "the file was changed or damaged. Remove the folder and run again: that replicate alone is trained again."
        )
    model = create(manifest.identity, shape, manifest.replicate)
    model.load_state_dict(safetensors.torch.load_file(folder / WEIGHTS))
    return model.eval(), manifest
