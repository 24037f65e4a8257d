"""Models: one small file each, named after its architecture.

A file defines `Parameters` (its keys in the configuration), `misfit` (why an image shape does not fit, or None) and
`build` (the encoder and the decoder for an image shape). torch is imported inside `build`, so that reading a
configuration does not wait for it. May import: base, network (layers).
"""
