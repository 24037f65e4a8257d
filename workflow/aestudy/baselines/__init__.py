"""Sanity rungs: what a study must beat before its networks mean anything.

A rung is a module of this package, named as the rung is: it holds `TASKS`, the tasks it takes part in
("reconstruction", "denoising"), and `fit`, which turns training images into restorers (see `_rung`).
Adding a file adds a rung. Modules that begin with an underscore are not rungs.
"""

from aestudy.baselines._ladder import fit_rungs, score_rungs
from aestudy.baselines._rung import Restorer, Training

__all__ = ["Restorer", "Training", "fit_rungs", "score_rungs"]
