"""Which runs the playground offers, and in which order. Read when the graph is planned, so without large libraries."""

import itertools
from collections.abc import Iterable

from aestudy.base.run import Run

MOST = 24
"""Runs that are considered: more than there is room for in a page."""


def candidates(runs: Iterable[Run], most: int = MOST) -> list[Run]:
    """At most `most` runs, in the order in which they are offered for as long as there is room.

    Denoising runs come first, then plain ones. Among either, each data set and model has its turn: with its strongest
    noise, smallest penalty and largest latent first, and a second time after the first time of all others.
    """
    ranked = sorted(runs, key=lambda run: (-run.variance, run.l1, -(run.latent or 0)))
    found = []
    for plain in (False, True):
        groups: dict[tuple[str, str], list[Run]] = {}
        for run in ranked:
            if (run.noise == "none") == plain:
                groups.setdefault((run.dataset, run.model), []).append(run)
        turns = itertools.zip_longest(*(groups[key] for key in sorted(groups)))
        found += [run for turn in turns for run in turn if run is not None]
    return found[:most]
