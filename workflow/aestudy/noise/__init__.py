"""Noises: one small file each, named after its kind.

A file defines `Parameters` (its keys in the configuration) and `add` (noisy images from clean ones). torch is imported
inside `add`, so that reading a configuration does not wait for it. May import: base.
"""
