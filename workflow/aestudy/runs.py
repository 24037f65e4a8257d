"""Trained replicates on disk: weights.safetensors, history.csv and manifest.json in a folder of its own for each."""

import logging
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
import safetensors.torch
import torch

from aestudy import checkpoint, files, hardware, provenance, training
from aestudy.autoencoder import Autoencoder, create
from aestudy.checkpoint import Keeper
from aestudy.errors import UserError

WEIGHTS, HISTORY, MANIFEST = "weights.safetensors", "history.csv", "manifest.json"

log = logging.getLogger(__name__)


def train_missing(
    folders: list[Path],
    keys: dict,
    identity: dict,
    code: str,
    dataset: dict,
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
    threads: int,
) -> None:
    """Train the replicates of a run into folders[0], folders[1], ..., skipping those that are there and current.

    keys: the columns that name the run in tables. identity: see plan.identity. code: digest of the training code.
    dataset: contents of the data set's dataset.json. images: uint8 (n, c, h, w).
    """
    hardware.prepare(threads)
    binding = {"identity": identity, "code": code, "data": dataset["array_sha256"]}
    missing = []
    for replicate, folder in enumerate(folders):
        if is_current(folder, binding):
            log.info("replicate %d is there, made from the same code, data and parameters: kept", replicate)
            _touch(folder)
        else:
            missing.append(replicate)
    for stack in training.stacks(missing, device):
        start = time.perf_counter()
        keeper = Keeper(
            folders[stack[0]] / checkpoint.NAME,
            binding | {"replicates": stack, "device": provenance.device_name(device), "threads": threads},
        )
        trained = training.train(
            identity, stack, train_images, test_images, device, lambda r, row: log.info(_line(r, row)), keeper
        )
        for replicate, result in zip(stack, trained, strict=True):
            manifest = {
                "binding": binding,
                "keys": keys | {"latent": result.code_size},
                "replicate": replicate,
                "software": provenance.versions(),
                "commit": provenance.commit(),
                "cost": {
                    "parameters": result.model.parameter_count(),
                    "train_seconds": round((time.perf_counter() - start) / len(stack), 3),
                    "seconds_per_epoch": round(result.epoch_seconds, 4),
                    "images_per_second": round(result.images / result.epoch_seconds, 1),
                    "peak_memory_mb": round(_peak_memory_mb(device), 1),
                    "device": provenance.device_name(device),
                    "threads": threads,
                    "precision": result.precision,
                },
            }
            save(folders[replicate], result.model, result.history, manifest)
    # Not before all are saved: Snakemake removes the outputs of a failed job, and the next attempt starts from these.
    # Also those of replicates that were kept: a job that was killed just here had saved them.
    for folder in folders:
        (folder / checkpoint.NAME).unlink(missing_ok=True)


def _line(replicate: int, row: dict) -> str:
    return (
        f"replicate {replicate} epoch {row['epoch']}: train loss {row['train_loss']:.5f}, "
        f"validation loss {row['validation_loss']:.5f}"
    )


def _touch(folder: Path) -> None:
    """Mark a kept replicate as up to date: Snakemake compares its time with that of the inputs."""
    for name in (WEIGHTS, HISTORY, MANIFEST):
        (folder / name).touch()


def _peak_memory_mb(device: torch.device) -> float:
    """Peak memory in MB: of the GPU's allocator, or of this process on a CPU (Linux counts it in KiB)."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def save(folder: str | Path, model: Autoencoder, history: list[dict], manifest: dict) -> None:
    """Write a trained replicate; the manifest comes last, with the hashes of the other two, and so vouches for them."""
    folder = Path(folder)
    with files.replacing(folder / WEIGHTS) as temporary:
        safetensors.torch.save_file(model.state_dict(), temporary)
    files.write_csv(folder / HISTORY, pd.DataFrame(history))
    hashes = {name: files.sha256(folder / name) for name in (WEIGHTS, HISTORY)}
    files.write_json(folder / MANIFEST, manifest | {"sha256": hashes})


def is_current(folder: str | Path, binding: dict) -> bool:
    """Whether the folder holds a complete replicate that was made from exactly `binding` (identity, code, data)."""
    folder = Path(folder)
    try:
        manifest = files.read_json(folder / MANIFEST)
        return manifest["binding"] == binding and all(
            files.sha256(folder / name) == manifest["sha256"][name] for name in (WEIGHTS, HISTORY)
        )
    except (OSError, ValueError, KeyError, TypeError):  # not there, or no manifest of ours
        return False


def load_model(folder: str | Path, shape: tuple[int, int, int]) -> tuple[Autoencoder, dict]:
    """The trained model of a replicate, for images of `shape` (channels, height, width), and its manifest.

    Raises UserError if the weights are not the ones that the manifest vouches for.
    """
    folder = Path(folder)
    manifest = files.read_json(folder / MANIFEST)
    found, expected = files.sha256(folder / WEIGHTS), manifest["sha256"][WEIGHTS]
    if found != expected:
        raise UserError(
            f"{folder / WEIGHTS} has SHA-256 {found}, and {MANIFEST} beside it says {expected}: "
            "the file was changed or damaged. Remove the folder and run again: that replicate alone is trained again."
        )
    model = create(manifest["binding"]["identity"], shape, manifest["replicate"])
    model.load_state_dict(safetensors.torch.load_file(folder / WEIGHTS))
    return model.eval(), manifest
