"""Counts of the faults that the tests try, which conftest.py prints when all is done, and how many are to be tried."""

import os
from collections import Counter

TRIED: Counter[str] = Counter()


def tried(kind: str, count: int = 1) -> None:
    """Count a fault that was tried and did no harm; called at the end of its test."""
    TRIED[kind] += count


def inputs(usual: int) -> int:
    """How many random inputs a test is to try: as many as usual, or as AE_FUZZ_INPUTS says (`make soak`)."""
    return int(os.environ.get("AE_FUZZ_INPUTS", usual))
