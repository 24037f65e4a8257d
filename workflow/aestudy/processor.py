"""How a job uses the processor: its threads and its memory."""

import ctypes
import sys

import torch

# Names of glibc's parameters (malloc.h), and the largest threshold that it takes.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_MMAP_THRESHOLD = 32 << 20


def prepare(threads: int) -> None:
    """Let torch use `threads` threads, and keep freed memory for the next tensor instead of giving it back.

    By default glibc returns every large block to the kernel, which hands out zeroed pages again at the next training
    step: a quarter of the time of a convolutional network. Elsewhere than on glibc only the threads are set.
    """
    torch.set_num_threads(threads)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "gnu_get_libc_version"):
            libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_MMAP_THRESHOLD)
            libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
