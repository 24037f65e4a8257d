"""The faults that the tests try: their counts, which conftest.py prints when all is done, how many, and which."""

import os
import random
from collections import Counter

TRIED: Counter[str] = Counter()


def tried(kind: str, count: int = 1) -> None:
    """Count a fault that was tried and did no harm; called at the end of its test."""
    TRIED[kind] += count


def inputs(usual: int) -> int:
    """How many random inputs a test is to try: as many as usual, or as AE_FUZZ_INPUTS says (`make soak`)."""
    return int(os.environ.get("AE_FUZZ_INPUTS", usual))


def chance(usual: int) -> random.Random:
    """Random numbers for faults: of the usual seed, or of the one in AE_SEED (`make soak SEED=...`)."""
    return random.Random(int(os.environ.get("AE_SEED", usual)))
