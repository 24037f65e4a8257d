"""Noises: one small file each, named after its kind.

A file defines `Parameters` (its keys in the configuration), `LEVEL` (what its strength is measured in, see
base.levels) and `add` (noisy images from clean ones). Where each image gets a level of its own, it defines
`draw_levels` too, and `add` is then given these levels, (n, 1, 1, 1), in the place of one number. For networks that are
told the strength of the noise it defines `deviation`, which makes a standard deviation of levels. torch is imported
inside of these functions, so that reading a configuration does not wait for it. May import: base.
"""
