"""The keyed generators: every part of a key counts, and keys never change."""

import numpy as np

from aestudy.base import seeds


def test_every_part_of_the_key_counts():
    keys = {
        seeds.key(*parts)
        for parts in [(1, 0, "order"), (2, 0, "order"), (1, 1, "order"), (1, 0, "noise"), (1, 0, "order", 1)]
    }
    assert len(keys) == 5


def test_keys_fit_a_generator_and_are_fixed():
    # Fixed for good: a change would change every result of every study.
    assert seeds.key(2025, 0, "order", 1) == 2255628944500987983  # first 8 bytes of sha256("2025/0/order/1"), halved
    assert all(0 <= seeds.key(s, 0, "x") < 2**63 for s in range(100))


def test_generators_repeat():
    assert np.array_equal(*(seeds.numpy_generator(1, 2, "x", 3).random(3) for _ in range(2)))
