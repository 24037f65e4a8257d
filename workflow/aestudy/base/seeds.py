"""Counted randomness: every random number comes from a generator keyed by what it is for.

No generator is shared and none is advanced in passing, so a result does not depend on the order of jobs,
on resuming, or on what ran beside it; replicate r of two rival models sees the same initial seed, order and noise.
"""

import hashlib

import numpy as np


def key(seed: int, replicate: int | str, purpose: str, epoch: int = 0) -> int:
    """Seed in [0, 2**63) for the generator of (study seed, replicate, purpose, epoch)."""
    text = f"{seed}/{replicate}/{purpose}/{epoch}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def numpy_generator(seed: int, replicate: int | str, purpose: str, epoch: int = 0) -> np.random.Generator:
    """A numpy generator keyed as in `key`."""
    return np.random.default_rng(key(seed, replicate, purpose, epoch))
