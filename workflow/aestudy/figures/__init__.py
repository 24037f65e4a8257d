"""Figures, each drawn from tables and example images alone, never from a model.

`catalogue` lists the drawings and what they read; `rendering` draws and writes; `data`, `parts` and `style` are shared
by the other modules, which hold the drawings: `images`, `curves`, `network`, `sweep`, `convergence` and `spread` of an
experiment, `verdicts`, `readings` and `transfer` of a whole study.

May import: base, scoring (to read tables), claims (verdicts).
"""
