"""Figures, each drawn from tables and example images alone, never from a model.

`catalogue` lists the drawings and what they read; `rendering` draws and writes; `images`, `curves`, `network`, `sweep`,
`convergence` and `protocols` hold the drawings; `data`, `parts` and `style` are shared by them.

May import: base, scoring (to read tables), claims (protocols).
"""
