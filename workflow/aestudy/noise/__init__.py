"""Noises: one small file each, named after its kind.

A file holds `Parameters` (its keys in the configuration) and `add` (noisy images from clean ones).
"""
