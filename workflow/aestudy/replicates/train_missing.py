"""Trains the replicates of a run that are not there, or not current, and stores them."""

import logging
from pathlib import Path

import numpy as np
import torch

from aestudy.base import provenance
from aestudy.network import hardware
from aestudy.replicates import store
from aestudy.replicates.manifest import Binding, Manifest
from aestudy.training import checkpoint, loop
from aestudy.training.checkpoint import CheckpointWriter

log = logging.getLogger(__name__)


def train_missing(
    folders: list[Path],
    keys: dict,
    binding: Binding,
    train_images: np.ndarray,
    test_images: np.ndarray,
    device: torch.device,
    threads: int,
    shorter: tuple[Path, int] | None = None,
    keep_state: bool = False,
) -> None:
    """Train replicates of a run into folders named replicate-<number>, skipping those that are there and current.

    keys: the columns that name the run in tables. images: uint8 (n, c, h, w). shorter: folder and epochs of a run that
    differs in having fewer epochs; where its final state is kept, training continues from it, to the same bits as from
    the beginning, since the random numbers of every epoch are its own. keep_state: whether to keep that of this run.
    """
    hardware.prepare(threads)
    missing = []
    by_replicate = {int(folder.name.rpartition("-")[2]): folder for folder in folders}
    for replicate, folder in by_replicate.items():
        if store.is_current(folder, binding):
            log.info("replicate %d is there, made from the same code, data and parameters: kept", replicate)
            store.touch(folder)
        else:
            missing.append(replicate)
    for stack in loop.stacks(binding.identity, missing, device):
        on = {"replicates": stack, "device": provenance.device_name(device), "threads": threads}
        before = None
        if shorter is not None:
            run, epochs = shorter
            before = run / by_replicate[stack[0]].name / checkpoint.FINAL, binding.with_epochs(epochs).as_json() | on
        checkpoints = CheckpointWriter(by_replicate[stack[0]] / checkpoint.NAME, binding.as_json() | on, before)
        results = loop.train(binding.identity, stack, train_images, test_images, device, _log_epoch, checkpoints)
        for replicate, result in zip(stack, results, strict=True):
            cost = {
                "parameters": result.model.parameter_count(),
                "train_seconds": round(result.elapsed, 3),
                "seconds_per_epoch": round(result.epoch_seconds, 4),
                "images_per_second": round(result.images / result.epoch_seconds, 1),
                "peak_memory_mb": round(hardware.peak_memory_mb(device), 1),
                "device": provenance.device_name(device),
                "gpu": provenance.gpu_uuid(device),
                "captured": result.captured,
                "threads": threads,
                "precision": result.precision,
            }
            columns = keys | {"latent": result.latent_size}
            manifest = Manifest(binding, columns, replicate, provenance.versions(), provenance.commit(), cost)
            store.save(by_replicate[replicate], result.model, result.history, manifest)
    # Not before all are saved: Snakemake removes the outputs of a failed job, and the next attempt starts from these.
    # Also those of replicates that were kept: a job that was killed just here had saved them.
    for folder in folders:
        last = folder / checkpoint.NAME
        if keep_state and last.exists():
            last.replace(folder / checkpoint.FINAL)
        last.unlink(missing_ok=True)


def _log_epoch(replicate: int, row: dict) -> None:
    """The line that driver.progress reads."""
    log.info(
        "replicate %d epoch %d: train loss %.5f, validation loss %.5f",
        *(replicate, row["epoch"], row["train_loss"], row["validation_loss"]),
    )
