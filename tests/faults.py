"""Counts of the faults that the tests try; conftest.py prints them when all is done."""

from collections import Counter

TRIED: Counter[str] = Counter()


def tried(kind: str, count: int = 1) -> None:
    """Count a fault that was tried and did no harm; called at the end of its test."""
    TRIED[kind] += count
