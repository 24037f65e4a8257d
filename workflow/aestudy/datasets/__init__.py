"""Sources of data, one file each, named as the source: `idx`, `cifar`, `digits`, `folder`.

A source defines `Parameters` (its keys, the shape of its images, its files; see `source`) and `load(spec, files)`: from
the keys that decide the arrays and the source files by role to a pair of

- the arrays by name: train_images, test_images (uint8, (n, channels, height, width), 0 black to 255 white) and
  train_labels, test_labels (uint8, (n,));
- what dataset.json says of their origin: licence, homepage and source_sha256, the SHA-256 of each source.

`download` fetches files from mirrors and `archive` the members of an archive, both over `transfer`; `arrays` writes the
one array format. May import: base.
"""
