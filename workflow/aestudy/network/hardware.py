"""What a job computes on, and how: device, precision, threads, memory."""

import ctypes
import logging
import resource
import sys
from pathlib import Path

import torch

from aestudy.base import gpus
from aestudy.base.errors import UserError

log = logging.getLogger(__name__)

# Names of glibc's parameters (malloc.h), and the largest threshold that it takes.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_MMAP_THRESHOLD = 32 << 20


def prepare(threads: int) -> None:
    """Let torch use `threads` threads, keep freed memory for the next tensor, and take denormal numbers for zero.

    Where an image never has a pixel, Adam's moments fade away for ever, through numbers below 1e-38, with which a
    processor computes so slowly that the update took half as long again. And by default glibc returns every large block
    to the kernel, which hands out zeroed pages again at the next training step: a quarter of the time of a
    convolutional network. Elsewhere than on glibc this last part is left out.
    """
    torch.set_flush_denormal(True)  # before there are other threads, which take over this setting
    torch.set_num_threads(threads)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "gnu_get_libc_version"):
            libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD)
            libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


def has_bf16() -> bool:
    """Whether the processor multiplies bf16 numbers itself (AVX512-BF16, AMX, or ARM's BF16 extension)."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = {flag for line in lines if line.startswith(("flags", "Features")) for flag in line.split()}
    return bool(flags & {"avx512_bf16", "amx_bf16", "bf16"})


def select_device(name: str) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`; a GPU is this process's own until it ends, as far as there are enough.

    Raises UserError for `cuda` without a usable GPU.
    """
    if name != "cpu" and (gpu := gpus.take()):
        log.info("GPU: %s (%s)", gpu.name, gpu.uuid)
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError(
            "The configuration asks for device cuda, and torch finds no usable GPU here. "
            "Set device: auto (or cpu), or run on a machine with an NVIDIA GPU and driver."
        )
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def select_precision(name: str, device: torch.device) -> str:
    """fp32 or bf16 for `fp32`, `bf16` or `auto`: bf16 where the device has arithmetic for it."""
    if name != "auto":
        return name
    on_gpu = device.type == "cuda"
    supported = torch.cuda.is_bf16_supported(including_emulation=False) if on_gpu else has_bf16()
    return "bf16" if supported else "fp32"


def peak_memory_mb(device: torch.device) -> float:
    """Peak memory in MB: of the GPU's allocator, or of this process on a CPU (Linux counts it in KiB)."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
