"""Checkpoints: a training that was killed goes on from its last finished epochs, to the very same bits.

A checkpoint is one safetensors file beside the replicate's outputs, replaced atomically. It is bound to the run's
identity, code, data and device, so that one of another configuration is never picked up. No generator state is kept:
every epoch has generators of its own (see base.seeds).
"""

import hashlib
import json
import logging
import time
from pathlib import Path

import safetensors
import safetensors.torch
import torch

from aestudy.base import files

NAME = "checkpoint.safetensors"
FINAL = "state.safetensors"
"""The last checkpoint of a training that a longer one continues from."""
SHARE = 0.05
"""Largest share of the time that writing checkpoints may take."""

log = logging.getLogger(__name__)


def save(path: str | Path, binding: dict, progress: dict, tensors: dict[str, torch.Tensor]) -> None:
    """Write a checkpoint. binding, progress: what JSON can hold. tensors: on any device."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    metadata = {"binding": _text(binding), "progress": json.dumps(progress)}
    metadata["sha256"] = _digest(metadata["progress"], tensors)
    with files.replacing(Path(path)) as temporary:
        safetensors.torch.save_file(tensors, temporary, metadata=metadata)


def load(path: str | Path, binding: dict) -> tuple[dict, dict[str, torch.Tensor]] | None:
    """Progress and tensors of the checkpoint at `path`, or None: not there, damaged, or bound to something else."""
    path = Path(path)
    try:
        with safetensors.safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("binding") != _text(binding):
                log.info("%s is of other parameters, code or data: not used", path)
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
        if metadata.get("sha256") != _digest(metadata.get("progress", ""), tensors):
            log.warning("%s is damaged: not used", path)
            return None
        return json.loads(metadata["progress"]), tensors
    except FileNotFoundError:
        return None
    except (safetensors.SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        log.warning("%s cannot be read (%s): not used", path, error)
        return None


class CheckpointWriter:
    """Writes checkpoints of one training, as often as costs no more than SHARE of the time."""

    def __init__(self, path: str | Path, binding: dict, shorter: tuple[str | Path, dict] | None = None):
        """shorter: path and binding of the final state of a training that differs in having fewer epochs."""
        self.path = Path(path)
        self.binding = binding
        self.shorter = shorter
        self._due = 0.0

    def load(self) -> tuple[dict, dict[str, torch.Tensor]] | None:
        """What the training continues from, if anything: its own checkpoint, or else the end of a shorter training."""
        found = load(self.path, self.binding)
        if found is None and self.shorter is not None and (found := load(*self.shorter)) is not None:
            log.info("the first %d epochs are those of %s", found[0]["epoch"], self.shorter[0])
        return found

    def save(self, progress: dict, tensors: dict[str, torch.Tensor], last: bool = False) -> None:
        """Write a checkpoint if one is due; the last one always, since it saves the whole training."""
        start = time.monotonic()
        if start < self._due and not last:
            return
        save(self.path, self.binding, progress, tensors)
        now = time.monotonic()
        self._due = now + (now - start) * (1 / SHARE - 1)


def _text(binding: dict) -> str:
    return json.dumps(binding, sort_keys=True)


def _digest(progress: str, tensors: dict[str, torch.Tensor]) -> str:
    digest = hashlib.sha256(progress.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
