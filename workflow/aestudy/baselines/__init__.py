"""Baselines: what a study must beat before its networks mean anything; one file each, named as the baseline.

A file defines `TASKS`, the tasks that it takes part in ("reconstruction", "denoising"), and `fit`, which turns training
images into restorers (see `interface`). `fitting` fits and scores all of them; `classical` is shared by the classical
denoisers. May import: base, scoring (scores).
"""
