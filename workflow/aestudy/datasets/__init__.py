"""Data sets: where they come from (`download`), and how each source becomes the one array format (`prepare`).

A source is one small module named after it (`idx`, `digits`, `folder`) that holds `load(spec, files)`: from the
data set's entry in the configuration and its source files to a pair of
- the arrays by name: train_images, test_images (uint8, (n, channels, height, width), 0 black to 255 white) and
  train_labels, test_labels (uint8, (n,));
- what dataset.json says of their origin: licence, homepage and source_sha256, the SHA-256 of each source.
"""
